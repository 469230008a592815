/**
 * The function of one saga, with a clock that the test moves, and with ports that can fail. It counts the commands
 * that are sent, the updates of the instance, and the deadlines.
 */
import { memoryEventStore } from "../../../../lib/adapters/memory/event-store.ts";
import { memoryInstances } from "../../../../lib/adapters/memory/instances.ts";
import { memoryLog } from "../../../../lib/adapters/memory/log.ts";
import type { AnyApplication } from "../../../../lib/model/application.ts";
import type { RecordedEvent, SentCommand } from "../../../../lib/model/message.ts";
import type { AnySaga } from "../../../../lib/model/saga.ts";
import { positionOf } from "../../../../lib/model/sagas/position.ts";
import type { StreamId } from "../../../../lib/model/stream.ts";
import type { Deadlines } from "../../../../lib/ports/deadlines.ts";
import type { EventStore } from "../../../../lib/ports/event-store.ts";
import { type Instances, unknownInstance } from "../../../../lib/ports/instances.ts";
import { choreographer } from "../../../../lib/runtime/sagas/choreograph.ts";
import { sagaLog } from "../../../../lib/runtime/sagas/saga-log.ts";
import type { Answer } from "../../../../lib/runtime/streams/answer.ts";
import { commandHandler, type HandleCommand } from "../../../../lib/runtime/streams/handle-command.ts";
import { recordedEvents } from "../../../../lib/runtime/streams/recorded.ts";
import { sagaId } from "../../../library/fixtures/loan-history.ts";
import { deliveryOf } from "../../deliveries.ts";
import { storeEvents } from "../../stored.ts";
import { unchanged } from "../../unchanged.ts";
import { heldDeadlines } from "./held-deadlines.ts";

/** What a test does during an operation. The operation fails if it throws. */
const nothing = {
  send: async (_command: SentCommand) => {},
  /** The answer that the saga gets. */
  answered: async (_command: SentCommand, answer: Answer) => answer,
  /** Before the update of the instance with this number, from 1. */
  append: async (_count: number) => {},
  /** After it. */
  appended: async (_count: number) => {},
  set: async () => {},
  remove: async () => {},
  /** Before a stream is read. */
  read: async () => {},
};

type Ports = {
  readonly store: EventStore;
  readonly instances: Instances;
  readonly deadlines: Deadlines;
  readonly handle: (store: EventStore) => HandleCommand;
};

/** These ports, and what the test does in between. */
const interrupted = ({ store, instances, deadlines, handle }: Ports) => {
  const during = { ...nothing };
  const sent: string[] = [];
  let updates = 0;
  const read: EventStore["read"] = async (...given) => {
    await during.read();
    return store.read(...given);
  };
  const watched = { ...store, read };
  const handling = handle(watched);
  const send: HandleCommand = async (command) => {
    sent.push(command.metadata.id.slice(`${sagaId}/`.length));
    await during.send(command);
    return during.answered(command, await handling(command));
  };
  const append: Instances["append"] = async (...given) => {
    updates += 1;
    const count = updates;
    await during.append(count);
    const item = await instances.append(...given);
    await during.appended(count);
    return item;
  };
  const set: Deadlines["set"] = async (...given) => {
    await during.set();
    return deadlines.set(...given);
  };
  const remove: Deadlines["delete"] = async (name) => {
    await during.remove();
    return deadlines.delete(name);
  };
  return {
    during,
    sent,
    updates: () => updates,
    ports: {
      store: watched,
      instances: { ...instances, append },
      deadlines: { set, delete: remove },
      handle: send,
    },
  };
};

type Contents = { readonly stored: readonly RecordedEvent[]; readonly history?: readonly RecordedEvent[] };

/** `stored` are the events of the streams. `history` is what the instance has of them. */
export const rowWorld = async (
  saga: AnySaga,
  { deciders }: Pick<AnyApplication, "deciders">,
  { stored, history = [] }: Contents,
) => {
  const store = memoryEventStore();
  await storeEvents(store, stored);
  const instances = memoryInstances();
  await sagaLog(saga, instances).append(unknownInstance(sagaId), history);
  const log = memoryLog();
  const { clock, deadlines, counts, wait, take, ...held } = heldDeadlines();
  const sleep = async (milliseconds: number) => wait(milliseconds / 1000);
  const handle = (store: EventStore) =>
    commandHandler({ name: "library", deciders }, { store, clock, log, sleep, random: () => 0 });
  const { during, sent, updates, ports } = interrupted({ store, instances, deadlines, handle });
  const react = choreographer(saga, { ...ports, current: unchanged, clock, log });
  const events = async (streamId: StreamId) =>
    (await store.read(streamId, { consistency: "strong" })).flatMap(recordedEvents);
  return {
    ...held,
    saga,
    clock,
    /** Sets a deadline before the test begins. */
    hold: deadlines.set,
    during,
    sent,
    updates,
    counts,
    store,
    instances,
    log,
    sleep,
    wait,
    take,
    react,
    deliver: (event: RecordedEvent, receiveCount = 1) => react([{ ...deliveryOf(event), receiveCount }]),
    /** Delivers the deadlines in the order of their times, until none is left. */
    runOut: async () => {
      const delivered: string[] = [];
      for (let delivery = take(); delivery && delivered.length < 20; delivery = take()) {
        delivered.push(delivery.task);
        await react([delivery]);
      }
      return delivered;
    },
    events,
    types: async (streamId: StreamId) => (await events(streamId)).map(({ type }) => type),
    history: async () => (await instances.read(sagaId)).history.map(({ type }) => type),
    status: async () => positionOf(saga, await instances.read(sagaId))?.status,
    /** The test no longer does anything during an operation. */
    repair: () => void Object.assign(during, nothing),
  };
};
