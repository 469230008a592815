/**
 * A whole application in this process, over memory: the same handlers that its functions run. Commands, events, effects,
 * sagas and translators work as when it is deployed. Deadlines follow a clock that the test moves; retries wait for nothing.
 */
import { setImmediate } from "node:timers/promises";
import { activity } from "../adapters/in-process/activity.ts";
import { inProcessBus } from "../adapters/in-process/bus.ts";
import { changeStream } from "../adapters/in-process/change-stream.ts";
import { memoryDeadlines } from "../adapters/memory/deadlines.ts";
import { memoryEventStore } from "../adapters/memory/event-store.ts";
import { memoryInbox } from "../adapters/memory/inbox.ts";
import { memoryInstances } from "../adapters/memory/instances.ts";
import { memoryLedger } from "../adapters/memory/ledger.ts";
import { memoryLog } from "../adapters/memory/log.ts";
import { memoryParked } from "../adapters/memory/parked.ts";
import { memoryReadModels } from "../adapters/memory/read-models.ts";
import type { Application } from "../model/application.ts";
import type { Command, RecordedEvent } from "../model/message.ts";
import type { Row } from "../model/projection.ts";
import { instanceIn } from "../model/sagas/instance.ts";
import { type Status, status } from "../model/sagas/status.ts";
import type { Sleep } from "../ports/clock.ts";
import { oneProcess } from "../runtime/one-process.ts";
import { deadLetterOperations } from "../runtime/operations/dead-letters.ts";
import { asTheyCome } from "../runtime/publishing/stream-order.ts";
import type { HandleCommand } from "../runtime/streams/handle-command.ts";
import { recordedEvents } from "../runtime/streams/recorded.ts";
import { movingClock } from "./moving-clock.ts";

/** An event of another system. */
export type Foreign = {
  readonly source: string;
  readonly type: string;
  /** The same source and id is the same event. */
  readonly id: string;
  readonly data: unknown;
};

export type InOneProcess = {
  /** Sends a command as a request would, and answers once it is decided. What follows from it is perhaps under way. */
  readonly send: (command: Command) => ReturnType<HandleCommand>;
  /** Publishes an event of another system. */
  readonly hear: (event: Foreign) => void;
  /** Resolves once nothing is under way. What waits for its deadline still waits. */
  readonly idle: () => Promise<void>;
  /** Moves the clock, and lets all deadlines pass that are within that time. */
  readonly advance: (seconds: number) => Promise<void>;
  readonly now: () => Date;
  /** The row of a projection, if there is one. */
  readonly row: (projection: string, key: string) => Promise<Row | undefined>;
  /** The events of a stream, with the receipts of commands. */
  readonly events: (streamId: Command["streamId"]) => Promise<readonly RecordedEvent[]>;
  /** Where an instance of a saga is, if it has begun: `statusOf("lending", "loan-1")`. */
  readonly statusOf: (saga: string, id: string) => Promise<Status | undefined>;
  /** What handlers gave up, and a way to give it to them again. */
  readonly deadLetters: ReturnType<typeof deadLetterOperations>;
  readonly log: ReturnType<typeof memoryLog>;
};

/** Waits end at once, except those that a handler can abort: nothing here is late. */
const sleep: Sleep = (_, signal) => (signal ? new Promise(() => {}) : Promise.resolve());

const sagaOf = ({ sagaId }: { readonly sagaId: string }): string => sagaId.split("/")[0] ?? "";

const inMemory = <Services>(application: Application<Services>, services: Services, start: Date) => {
  const clock = movingClock(start);
  const log = memoryLog();
  const underWay = activity();
  const system = { clock: clock.now, log, random: () => 0, sleep, activity: underWay };
  const bus = inProcessBus({ ...system, source: application.name });
  const stream = changeStream(memoryEventStore(), system);
  const readModels = memoryReadModels(application.projections);
  const instances = memoryInstances();
  const ledger = memoryLedger();
  const deadlines = memoryDeadlines({
    clock: clock.now,
    sleep: clock.sleep,
    deliver: (deadline) => bus.remind(sagaOf(deadline), deadline),
  });
  const handle = oneProcess(application, {
    ...system,
    ...stream,
    bus,
    order: asTheyCome,
    subscribe: bus.subscribe,
    subscribeForeign: bus.subscribeForeign,
    instances,
    inbox: memoryInbox(),
    parked: memoryParked(),
    ledger,
    deadlines,
    readModels,
    services,
  });
  const deadLetters = deadLetterOperations(application, { deadLetters: bus.deadLetters, ledger, log });
  return { clock, log, bus, handle, deadLetters, instances, readModels, underWay, store: stream.store };
};

/** `services` are the twins of the application's services: what its effects perform with. */
export const inOneProcess = <Services>(
  application: Application<Services>,
  services: Services,
  start: Date = new Date("2026-01-01T00:00:00Z"),
): InOneProcess => {
  const running = inMemory(application, services, start);
  const { clock, log, bus, handle, deadLetters, instances, readModels, underWay, store } = running;
  let requests = 0;

  const idle = async () => {
    // A deadline that has just ended is delivered in a later turn of the event loop.
    await setImmediate();
    await underWay.idle();
  };

  return {
    log,
    deadLetters,
    idle,
    now: clock.now,
    send: (command) => {
      requests += 1;
      const id = `http/${requests}`;
      const issuedAt = clock.now().toISOString();
      return handle({
        ...command,
        metadata: { id, causationId: id, correlationId: id, issuedAt, receipt: false },
      });
    },
    hear: ({ data, ...event }) => bus.publishForeign({ specversion: "1.0", ...event, data }),
    advance: async (seconds) => {
      const end = new Date(clock.now().getTime() + seconds * 1000);
      await idle();
      while (clock.endNext(end)) await idle();
      clock.moveTo(end);
    },
    row: async (projection, key) => (await readModels.find(projection, key))?.row,
    events: async (streamId) =>
      (await store.read(streamId, { consistency: "strong" })).flatMap(recordedEvents),
    statusOf: async (name, id) => {
      const saga = application.sagas.find((each) => each.name === name);
      if (!saga) throw new Error(`${application.name} has no saga ${name}`);
      const { history } = await instances.read(`${name}/${id}`);
      const instance = instanceIn(saga, `${name}/${id}`, history);
      return instance && status(instance, history);
    },
  };
};
