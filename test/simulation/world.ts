/**
 * Any application with all parts in between: event store, change stream, relay, bus, projectors, effects and sagas.
 * Each is a process that takes time, over ports in memory.
 */

import { memoryDeadLetters } from "../../lib/adapters/memory/dead-letters.ts";
import { memoryDeadlines } from "../../lib/adapters/memory/deadlines.ts";
import { memoryInstances } from "../../lib/adapters/memory/instances.ts";
import { memoryLedger } from "../../lib/adapters/memory/ledger.ts";
import { memoryLog } from "../../lib/adapters/memory/log.ts";
import { memoryParked } from "../../lib/adapters/memory/parked.ts";
import { memoryReadModels } from "../../lib/adapters/memory/read-models.ts";
import type { AnyApplication } from "../../lib/model/application.ts";
import { interestOfEffect, interestOfSaga } from "../../lib/model/delivery/interest.ts";
import { currentEvents } from "../../lib/model/events/current.ts";
import type { Command, RecordedEvent, SentCommand } from "../../lib/model/message.ts";
import type { OperationAnswer } from "../../lib/model/operations/answer.ts";
import type { Operation } from "../../lib/model/operations/operation.ts";
import type { AnySaga } from "../../lib/model/saga.ts";
import type { MachineTask } from "../../lib/model/sagas/machine-task.ts";
import { type Position, positionOf } from "../../lib/model/sagas/position.ts";
import { again, type ContinueSaga, type Deadline } from "../../lib/ports/deadlines.ts";
import type { Handle, NotDone, Delivery as QueueDelivery } from "../../lib/ports/delivery.ts";
import type { Commit } from "../../lib/ports/event-store.ts";
import type { InstanceItem } from "../../lib/ports/instances.ts";
import { performer } from "../../lib/runtime/handlers/perform.ts";
import { operator } from "../../lib/runtime/operations/operate.ts";
import { cachingReadModels } from "../../lib/runtime/projections/caching-read-models.ts";
import { projector } from "../../lib/runtime/projections/project.ts";
import { relay } from "../../lib/runtime/publishing/relay.ts";
import { choreographer } from "../../lib/runtime/sagas/choreograph.ts";
import { inspector } from "../../lib/runtime/sagas/inspect.ts";
import { reactor } from "../../lib/runtime/sagas/react.ts";
import { sagaTask } from "../../lib/runtime/sagas/saga-task.ts";
import type { Answer } from "../../lib/runtime/streams/answer.ts";
import { cachingStore } from "../../lib/runtime/streams/caching-store.ts";
import { commandHandler, type HandleCommand } from "../../lib/runtime/streams/handle-command.ts";
import { recordedEvents } from "../../lib/runtime/streams/recorded.ts";
import { type Between, nothingBetween } from "./between.ts";
import type { Delivery } from "./delivery.ts";
import type { Engine } from "./engine.ts";
import type { MakeEngine } from "./engines.ts";
import { noEngine } from "./no-engine.ts";
import { live, type Reach, reachAll } from "./process.ts";
import { queue, type Received } from "./queue.ts";
import { isForSaga, type Subscriber, simulatedBus } from "./simulated-bus.ts";
import { type Timeline, timeline } from "./timeline.ts";
import { watchedStore } from "./watched-store.ts";

/** The end of an execution, as the bus reports it. */
type Ended = Omit<Extract<QueueDelivery, { kind: "execution-ended" }>, "id" | "receiveCount">;
type ForSaga =
  | { readonly kind: "event"; readonly event: RecordedEvent }
  | ({ readonly kind: "deadline" } & Deadline)
  | Ended;

export type World = {
  readonly time: Timeline;
  readonly store: ReturnType<typeof watchedStore>;
  readonly readModels: ReturnType<typeof memoryReadModels>;
  readonly parked: ReturnType<typeof memoryParked>;
  readonly log: ReturnType<typeof memoryLog>;
  /** The ids of the events that the bus has accepted. */
  readonly published: ReadonlySet<string>;
  readonly application: Pick<AnyApplication, "name" | "deciders" | "projections" | "sagas">;
  /** The handler fails for commands whose ids contain one of these. */
  readonly broken: Set<string>;
  /** Sends the command, and retries with the same id until there is an answer. */
  readonly request: (command: Command) => Promise<Answer>;
  /** The same, for use while time passes: it does not advance the time itself. */
  readonly send: (command: Command) => Promise<Answer>;
  readonly operate: (operation: Operation) => Promise<OperationAnswer>;
  readonly pass: (seconds: number) => Promise<void>;
  readonly instances: () => Promise<readonly InstanceItem[]>;
  readonly statusOf: (saga: AnySaga, id: string) => Promise<Position["status"] | undefined>;
  readonly events: (streamId: Command["streamId"]) => Promise<readonly RecordedEvent[]>;
};

const secondsBetweenLooks = 300;

/** All messages are readable here, so a dead delivery is an error. */
const idsOf = (notDone: readonly NotDone[]): readonly string[] =>
  notDone.map((each) => {
    if (each.kind === "dead") throw new Error(`${each.id} is dead: ${each.because}`);
    return each.id;
  });

const deliveryOf = ({ id, receiveCount, message }: Received<ForSaga>): QueueDelivery => ({
  ...message,
  id,
  receiveCount,
});

export const world = <Services extends object>(
  application: AnyApplication<Services>,
  services: Services,
  makeEngine: MakeEngine,
  delivery: Delivery,
  between: Partial<Between> = {},
): World => {
  const { commands, stored: saw, arrivals, bus: other, ...ports } = { ...nothingBetween, ...between };
  const { seed, shuffled = false, clockJumps = false, mishap } = delivery;
  const time = timeline({ seed, shuffled, clockJumps, settled: other?.settled });
  const readModels = memoryReadModels(application.projections);
  const kept = memoryInstances();
  const instances = ports.instances(kept);
  const ledger = ports.ledger(memoryLedger());
  const deadLetters = memoryDeadLetters();
  const parked = memoryParked();
  const log = memoryLog();
  const broken = new Set<string>();
  const clock = () => new Date(time.now());
  const system = { clock, log, sleep: time.sleep, random: time.random };

  const inProcess = <Result>(tries: number, run: (reach: Reach) => Promise<Result>) =>
    live(time, delivery, tries, run);

  const store = watchedStore(time, delivery, (commit) => stored(commit));
  /** What a function keeps between its invocations. */
  const cached = cachingStore(store);

  const handler = (reach: Reach): HandleCommand => {
    const handle = commands((by) => commandHandler(by, { store: reach(cached), ...system }), application);
    return async (command, options) => {
      const { id } = command.metadata;
      if ([...broken].some((part) => id.includes(part))) throw new Error(`the handler fails on ${id}`);
      return handle(command, options);
    };
  };

  const taskTries = new Map<string, number>();
  const runTask = (saga: AnySaga, task: MachineTask): Promise<void> => {
    const key = `${task.sagaId} ${task.task} ${task.act}`;
    const tries = (taskTries.get(key) ?? 0) + 1;
    taskTries.set(key, tries);
    return inProcess(tries, (reach) =>
      sagaTask(saga, {
        current,
        instances: reach(instances),
        store: reach(cached),
        engine: reach(engine),
        handle: handler(reach),
        ...system,
      })(task),
    );
  };

  const ended = (execution: Omit<Ended, "kind">) => {
    for (const [saga, send] of toSagas)
      if (execution.sagaId.startsWith(`${saga.name}/`)) send({ ...execution, kind: "execution-ended" });
  };
  const machines: Engine =
    makeEngine === "choreography"
      ? noEngine
      : makeEngine({ sagas: application.sagas, time, run: runTask, ended });
  const { isChoreographed = () => makeEngine === "choreography" } = machines.former ?? {};
  const engine: Engine = {
    ...machines,
    start: (...execution) =>
      isChoreographed(execution[0]) ? continueSaga(execution[0], execution[2]) : machines.start(...execution),
  };

  const continueSaga: ContinueSaga = async (saga, sagaId) => {
    const [, send] = toSagas.find(([{ name }]) => name === saga) ?? [];
    send?.({ kind: "deadline", sagaId, task: again });
  };

  const deadlines = ports.deadlines(
    memoryDeadlines({
      clock,
      sleep: time.sleep,
      deliver: (deadline) => {
        for (const [saga, send] of toSagas)
          if (deadline.sagaId.startsWith(`${saga.name}/`)) send({ kind: "deadline", ...deadline });
      },
    }),
  );

  const current = currentEvents(application.deciders);

  const react = (saga: AnySaga, reach: Reach) =>
    isChoreographed(saga.name)
      ? choreographer(saga, {
          current,
          instances: reach(instances),
          store: reach(cached),
          handle: handler(reach),
          deadlines: reach(deadlines),
          ...system,
        })
      : reactor(saga, { current, instances: reach(instances), engine: reach(engine), ...system });

  /** The deliveries that a process handles, and its queue. */
  const consumer = (handlerIn: (reach: Reach) => Handle) => {
    const handle = (deliveries: readonly QueueDelivery[], tries: number) =>
      inProcess(tries, (reach) => handlerIn(reach)(deliveries));
    const send = queue<ForSaga>(time, delivery, async (batch, tries) =>
      idsOf(await handle(batch.map(deliveryOf), tries)),
    );
    return {
      send,
      subscriber: {
        send: (event: RecordedEvent) => send({ kind: "event", event }),
        handle: (deliveries: readonly QueueDelivery[]) =>
          handle(deliveries, Math.max(...deliveries.map(({ receiveCount }) => receiveCount))),
      },
    };
  };

  const sagaConsumers = application.sagas.map((saga) => ({
    saga,
    ...consumer((reach) => react(saga, reach)),
  }));
  const toSagas = sagaConsumers.map(({ saga, send }) => [saga, send] as const);

  const subscribers: readonly Subscriber[] = [
    ...sagaConsumers.map(({ saga, subscriber }) => ({
      name: saga.name,
      interest: interestOfSaga(saga, application.deciders),
      hears: isForSaga(saga),
      ...subscriber,
    })),
    ...application.effects.map((effect) => ({
      name: effect.name,
      interest: interestOfEffect(effect, application.deciders),
      hears: ({ type }: RecordedEvent) => type === effect.on.type,
      ...consumer((reach) =>
        performer(effect, {
          current,
          ledger: reach(ledger),
          handle: handler(reach),
          services: reachAll(reach, services),
          ...system,
        }),
      ).subscriber,
    })),
  ];
  const bus = other
    ? other.make(subscribers, time)
    : simulatedBus(time, delivery, application.name, subscribers, arrivals);

  const records = (batch: readonly Received<Commit>[]) =>
    batch.map(({ id, message: commit }) => ({ id, kind: "commit", commit }) as const);

  const toBus = queue<Commit>(time, delivery, (batch, tries) =>
    inProcess(tries, (reach) =>
      relay({ current, bus: reach(bus), parked: reach(parked), ...system })(records(batch)),
    ),
  );

  /** The records of one stream can go to either of them. */
  const toProjectors = [0, 1].map(() => {
    const cachedRows = cachingReadModels(readModels);
    return queue<Commit>(time, delivery, (batch, tries) =>
      inProcess(tries, (reach) =>
        projector(application.projections, {
          store: reach(store),
          readModels: reach(cachedRows),
          parked: reach(parked),
          ...system,
        })(records(batch)),
      ),
    );
  });

  const stored = (commit: Commit) => {
    saw(commit);
    toBus(commit);
    toProjectors[shuffled ? time.below(2) : 0]?.(commit);
  };

  /** Retries until there is an answer. */
  const insist = async <Result>(run: (reach: Reach) => Promise<Result>): Promise<Result> => {
    for (let tries = 1; ; tries += 1)
      try {
        return await inProcess(tries, run);
      } catch (error) {
        if (!mishap) throw error;
      }
  };

  let requests = 0;
  const send = (command: Command): Promise<Answer> => {
    requests += 1;
    const id = `http/${requests}`;
    const metadata = {
      id,
      causationId: id,
      correlationId: id,
      issuedAt: clock().toISOString(),
      receipt: false,
    };
    const sent: SentCommand = { ...command, metadata };
    return insist((reach) => handler(reach)(sent));
  };
  const request = (command: Command): Promise<Answer> => time.until(send(command));

  const operate = (operation: Operation): Promise<OperationAnswer> =>
    time.until(
      insist((reach) =>
        operator(application, {
          current,
          store: reach(store),
          readModels: reach(readModels),
          parked: reach(parked),
          instances: reach(instances),
          engine: reach(engine),
          bus: reach(bus),
          ledger: reach(ledger),
          deadLetters: reach(deadLetters),
          ...system,
        })(operation),
      ),
    );

  /** Inspections run only if the code changes. Otherwise they would hide a choreography that does not continue without them. */
  const pass = async (seconds: number) => {
    const { former } = machines;
    if (!former) return time.pass(seconds);
    const continues = former.continueSaga(continueSaga);
    const look = inspector(application, {
      instances,
      isChoreographed: () => true,
      continueSaga: continues,
      ...system,
    });
    for (let left = seconds; left > 0; left -= secondsBetweenLooks) {
      await time.pass(Math.min(left, secondsBetweenLooks));
      await look(system.clock());
    }
  };

  return {
    time,
    store,
    readModels,
    parked,
    log,
    published: bus.published,
    application,
    broken,
    request,
    send,
    operate,
    pass,
    instances: () => Promise.all(kept.ids().map(kept.read)),
    statusOf: async (saga, id) => positionOf(saga, await kept.read(`${saga.name}/${id}`))?.status,
    events: async (streamId) =>
      (await store.read(streamId, { consistency: "strong" })).flatMap(recordedEvents),
  };
};
