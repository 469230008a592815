/**
 * The function of one saga, with a clock that the test moves, and with ports that can fail. It counts the commands
 * that are sent, the commits, the updates of instances, and the deadlines.
 */
import { memoryEventStore } from "../../../../lib/adapters/memory/event-store.ts";
import { memoryInstances } from "../../../../lib/adapters/memory/instances.ts";
import { memoryLog } from "../../../../lib/adapters/memory/log.ts";
import type { AnyApplication } from "../../../../lib/model/application.ts";
import type { RecordedEvent, SentCommand } from "../../../../lib/model/message.ts";
import type { AnySaga } from "../../../../lib/model/saga.ts";
import { instanceIn } from "../../../../lib/model/sagas/instance.ts";
import { status } from "../../../../lib/model/sagas/status.ts";
import type { StreamId } from "../../../../lib/model/stream.ts";
import type { Deadline, Deadlines } from "../../../../lib/ports/deadlines.ts";
import type { Delivery } from "../../../../lib/ports/delivery.ts";
import { choreographer } from "../../../../lib/runtime/sagas/choreograph.ts";
import type { Answer } from "../../../../lib/runtime/streams/answer.ts";
import { commandHandler, type HandleCommand } from "../../../../lib/runtime/streams/handle-command.ts";
import { recordedEvents } from "../../../../lib/runtime/streams/recorded.ts";
import { deliveryOf } from "../../deliveries.ts";
import { storeEvents } from "../../stored.ts";

const sagaId = "lending/1";

/** Deadlines that the test delivers. A name is free again after its delivery. */
const heldDeadlines = () => {
  const waiting = new Map<string, { readonly at: Date; readonly deadline: Deadline }>();
  const counts = { set: 0, deleted: 0 };
  const deadlines: Deadlines = {
    set: async (name, at, deadline) => {
      counts.set += 1;
      if (!waiting.has(name)) waiting.set(name, { at, deadline });
    },
    delete: async (name) => {
      counts.deleted += 1;
      waiting.delete(name);
    },
  };
  const next = () => [...waiting].toSorted(([, one], [, other]) => one.at.getTime() - other.at.getTime())[0];
  return { waiting, counts, deadlines, next, names: () => [...waiting.keys()].toSorted() };
};

/** Each of these runs before its operation, which fails if it throws. */
type Before = {
  send: (command: SentCommand) => Promise<void>;
  /** The given answer replaces the answer of the stream. */
  answered: (command: SentCommand, answer: Answer) => Promise<Answer>;
  append: (count: number) => Promise<void>;
  appended: (count: number) => Promise<void>;
  set: (name: string) => Promise<void>;
  remove: (name: string) => Promise<void>;
  read: (streamId: StreamId) => Promise<void>;
};

const nothing = async () => undefined;

const start = new Date("2026-01-02T00:00:00.000Z").getTime();

/** `stored` are the events of the streams. `history` is what the instance has of them. */
export const rowWorld = async (
  saga: AnySaga,
  { deciders }: Pick<AnyApplication, "deciders">,
  {
    stored,
    history = [],
  }: { readonly stored: readonly RecordedEvent[]; readonly history?: readonly RecordedEvent[] },
) => {
  const store = memoryEventStore();
  await storeEvents(store, stored);
  const memory = memoryInstances();
  if (history.length > 0) await memory.append(sagaId, history);
  const log = memoryLog();
  const held = heldDeadlines();
  const counts = { appends: 0 };
  let now = start;
  const clock = () => new Date(now);
  const sent: string[] = [];
  const before: Before = {
    send: nothing,
    answered: async (_, answer) => answer,
    append: nothing,
    appended: nothing,
    set: nothing,
    remove: nothing,
    read: nothing,
  };
  const watched: typeof store = {
    ...store,
    read: async (streamId, options) => {
      await before.read(streamId);
      return store.read(streamId, options);
    },
  };
  const system = {
    clock,
    log,
    sleep: async (milliseconds: number) => void (now += milliseconds),
    random: () => 0,
  };
  const handling = commandHandler({ name: "library", deciders }, { store: watched, ...system });
  const handle: HandleCommand = async (command) => {
    sent.push(command.metadata.id.slice(`${sagaId}/`.length));
    await before.send(command);
    return before.answered(command, await handling(command));
  };
  const instances: typeof memory = {
    ...memory,
    append: async (...given) => {
      counts.appends += 1;
      const count = counts.appends;
      await before.append(count);
      const item = await memory.append(...given);
      await before.appended(count);
      return item;
    },
  };
  const deadlines: Deadlines = {
    set: async (name, ...rest) => {
      await before.set(name);
      return held.deadlines.set(name, ...rest);
    },
    delete: async (name) => {
      await before.remove(name);
      return held.deadlines.delete(name);
    },
  };
  const react = choreographer(saga, { store: watched, instances, handle, deadlines, clock, log });
  const item = () => memory.read(sagaId);
  const events = async (streamId: StreamId) =>
    (await store.read(streamId, { consistency: "strong" })).flatMap(recordedEvents);

  const next = (): Delivery | undefined => {
    const found = held.next();
    if (!found) return undefined;
    const [name, { at, deadline }] = found;
    held.waiting.delete(name);
    now = Math.max(now, at.getTime());
    return { id: `${name} ${at.toISOString()}`, receiveCount: 1, kind: "deadline", ...deadline };
  };

  return {
    react,
    before,
    counts: { ...counts, deadlines: held.counts, appends: () => counts.appends },
    sent,
    log,
    memory,
    store,
    clock,
    system,
    names: held.names,
    seconds: () => (now - start) / 1000,
    wait: (seconds: number) => {
      now += seconds * 1000;
    },
    /** When the deadline of this wait is due, in seconds from the start. */
    due: (wait: string) => {
      const found = held.waiting.get(`${sagaId}/${wait}`);
      return found && (found.at.getTime() - start) / 1000;
    },
    /** Takes the first deadline, and moves the clock to its time. */
    nextDeadline: next,
    deliver: (event: RecordedEvent, receiveCount = 1) => react([{ ...deliveryOf(event), receiveCount }]),
    /** Delivers the deadlines, in order of their times, until none is left or the saga has ended. */
    runOut: async (most = 20) => {
      const delivered: string[] = [];
      for (let delivery = next(); delivery && delivered.length < most; delivery = next()) {
        if (delivery.kind === "deadline") delivered.push(delivery.task);
        await react([delivery]);
      }
      return delivered;
    },
    events,
    types: async (streamId: StreamId) => (await events(streamId)).map(({ type }) => type),
    history: async () => (await item()).history.map(({ type }) => type),
    status: async () => {
      const { history } = await item();
      const instance = instanceIn(saga, sagaId, history);
      return instance && status(instance, history);
    },
    steps: () =>
      log.entries().flatMap(({ kind, step, progress }) => (kind === "step" ? [`${step} ${progress}`] : [])),
  };
};

export type RowWorld = Awaited<ReturnType<typeof rowWorld>>;
