/**
 * A whole application in this process, in memory. It runs the same handlers as the deployed functions: commands,
 * events, effects, sagas and translators work as in the cloud. Deadlines follow a clock that the test moves, and
 * retries do not wait.
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
import type { AnyApplication } from "../model/application.ts";
import type { Actor } from "../model/decider.ts";
import { currentEvents } from "../model/events/current.ts";
import type { Command, RecordedEvent } from "../model/message.ts";
import { asStored } from "../model/names/as-stored.ts";
import { findByName, presentNameOf } from "../model/names/stored-name.ts";
import type { Row } from "../model/projection.ts";
import { type Position, positionOf } from "../model/sagas/position.ts";
import type { Sleep } from "../ports/clock.ts";
import { oneProcess } from "../runtime/one-process.ts";
import { deadLetterOperations } from "../runtime/operations/dead-letters.ts";
import { asTheyCome } from "../runtime/publishing/stream-order.ts";
import type { HandleCommand } from "../runtime/streams/handle-command.ts";
import { eventsOf } from "../runtime/streams/recorded.ts";
import { movingClock } from "./moving-clock.ts";

/** An event of another system, as a translator gets it. */
export type Foreign = {
  readonly source: string;
  readonly type: string;
  /** Events with the same source and id are the same event. */
  readonly id: string;
  readonly data: unknown;
};

/** Options for sending a command. */
export type SendOptions = {
  /** The caller, for deciders that use it. Without it, the command comes from a caller without a token. */
  readonly actor?: Actor;
};

/** A running application. */
export type InOneProcess = {
  /**
   * Sends a command as an HTTP request does, and resolves once it is decided. Effects, sagas and projections may
   * still be running: see `idle`. It checks neither access nor owners, because these belong to routes.
   */
  readonly send: (command: Command, options?: SendOptions) => ReturnType<HandleCommand>;
  /** Publishes an event of another system. */
  readonly hear: (event: Foreign) => void;
  /** Resolves once nothing is running. Deadlines still wait. */
  readonly idle: () => Promise<void>;
  /** Moves the clock forward, runs all deadlines that are due by then, and resolves once nothing is running. */
  readonly advance: (seconds: number) => Promise<void>;
  /** The time of the clock. */
  readonly now: () => Date;
  /** A row of a projection, which may be called by an earlier name. Undefined if there is none. */
  readonly row: (projection: string, key: string) => Promise<Row | undefined>;
  /** Today's events of a stream, including the receipts of commands. An unknown stream is empty. */
  readonly events: (streamId: Command["streamId"]) => Promise<readonly RecordedEvent[]>;
  /**
   * The status of a saga instance: `statusOf("lending", "loan-1")`. Its steps have their stored names. Undefined if
   * it has not started. Throws if the application has no such saga.
   */
  readonly statusOf: (saga: string, id: string) => Promise<Position["status"] | undefined>;
  /** Lists and redrives the dead letters of handlers. */
  readonly deadLetters: ReturnType<typeof deadLetterOperations>;
  /** What the application logged and counted. */
  readonly log: ReturnType<typeof memoryLog>;
};

/** Waits end at once, except those that a handler can abort, because nothing is late here. */
const sleep: Sleep = (_, signal) => (signal ? new Promise(() => {}) : Promise.resolve());

const sagaOf = ({ sagaId }: { readonly sagaId: string }): string => sagaId.split("/")[0] ?? "";

const inMemory = <Services>(application: AnyApplication<Services>, services: Services, start: Date) => {
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

/**
 * Runs an application in this process. `services` are the services that its effects use, for example the ones in
 * `eventfold/adapters/memory/…`. The clock begins at `start`.
 *
 * ```ts
 * import assert from "node:assert/strict";
 * import { type Application, command, type Decider, type Effect, event } from "eventfold";
 * import { inOneProcess } from "eventfold/testing";
 * import * as z from "zod";
 *
 * const guest = z.object({ guestId: z.string().regex(/^[0-9]{1,9}$/), phone: z.string() });
 * const commands = { RegisterGuest: guest };
 * const events = { GuestRegistered: guest };
 * const guests: Decider<null, typeof commands, typeof events, readonly []> = {
 *   name: "guest",
 *   identifiedBy: "guestId",
 *   commands,
 *   events,
 *   rejections: [],
 *   initialState: null,
 *   decide: { RegisterGuest: ({ data }) => [{ type: "GuestRegistered", data }] },
 *   evolve: { GuestRegistered: () => null },
 * };
 * const guestRegistered = event(guests, "GuestRegistered");
 *
 * type Services = { readonly sms: { readonly send: (to: string, text: string) => Promise<void> } };
 * const welcome: Effect<typeof guestRegistered, Services> = {
 *   name: "welcome",
 *   on: guestRegistered,
 *   answers: [],
 *   uses: { sms: true },
 *   perform: async ({ data: { phone } }, { services }) => {
 *     await services.sms.send(phone, "Welcome!");
 *     return undefined;
 *   },
 * };
 * const hotel: Application<Services, readonly []> = {
 *   name: "hotel",
 *   deciders: [guests],
 *   projections: [],
 *   effects: [welcome],
 *   sagas: [],
 *   access: [],
 *   routes: [],
 * };
 *
 * const sent: string[] = [];
 * const sms = { send: async (to: string) => void sent.push(to) };
 * const { send, idle } = inOneProcess(hotel, { sms });
 * await send(command(guests, "RegisterGuest")({ guestId: "1", phone: "+441632960001" }));
 * await idle();
 * assert.deepEqual(sent, ["+441632960001"]);
 * ```
 */
export const inOneProcess = <Services>(
  written: AnyApplication<Services>,
  services: Services,
  start: Date = new Date("2026-01-01T00:00:00Z"),
): InOneProcess => {
  const application = asStored(written);
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
    send: (command, { actor } = {}) => {
      requests += 1;
      const id = `http/${requests}`;
      const issuedAt = clock.now().toISOString();
      const metadata = { id, causationId: id, correlationId: id, issuedAt, receipt: false };
      return handle(
        { ...command, metadata: { ...metadata, ...(actor && { actor: actor.subject }) } },
        { actor },
      );
    },
    hear: ({ data, ...event }) => bus.publishForeign({ specversion: "1.0", ...event, data }),
    advance: async (seconds) => {
      const end = new Date(clock.now().getTime() + seconds * 1000);
      await idle();
      while (clock.endNext(end)) await idle();
      clock.moveTo(end);
    },
    row: async (projection, key) =>
      (await readModels.find(findByName(application.projections, projection)?.name ?? projection, key))?.row,
    events: async (streamId) =>
      (await store.read(streamId, { consistency: "strong" })).flatMap(
        eventsOf(currentEvents(application.deciders)),
      ),
    statusOf: async (name, id) => {
      const saga = findByName(application.sagas, name);
      if (!saga)
        throw new Error(
          `application ${application.name}: expected a saga in ${application.sagas.map(presentNameOf).join(", ") || "(none)"}, got ${name}`,
        );
      return positionOf(saga, await instances.read(`${saga.name}/${id}`))?.status;
    },
  };
};
