/** Sagas: long-running processes that send commands and react to their outcomes, as data. */
import type { Command, RecordedEvent } from "./message.ts";
import { type CommandReference, type EventBy, type EventReference, isA } from "./reference.ts";

/** A command that is sent, and how it is made from what is known at that time. `sending` makes it. */
export type Sending<Known extends readonly unknown[]> = {
  readonly command: CommandReference;
  readonly make: (...known: Known) => readonly Command[];
};

const listOf = <T extends object>(one: T | readonly T[]): readonly T[] => (isList(one) ? one : [one]);
const isList = <T extends object>(one: T | readonly T[]): one is readonly T[] => Array.isArray(one);

/**
 * Sends a command. `data` returns the data of one command, or a list for one command per element. The commands of a
 * list must be for different streams. An empty list sends nothing.
 */
export const sending = <
  Known extends readonly unknown[],
  Data extends object,
  const Made extends Data | readonly Data[],
>(
  command: CommandReference & ((data: Data) => Command),
  data: (...known: Known) => Made,
): Sending<Known> => ({
  command,
  make: (...known) => listOf<Data>(data(...known)).map((each) => command(each)),
});

/** An event that ends a step. `instance` answers the id of the saga instance for events that carry no `sagaId`. */
export type Outcome = EventReference & { readonly instance?: (event: RecordedEvent) => string | undefined };

/**
 * An outcome that the saga did not cause, such as the decision of a person. `identifiedBy` answers the id of the
 * instance that the event is for: `fromOutside(orderApproved, ({ data }) => data.orderId)`.
 */
export const fromOutside = <R extends EventReference>(
  reference: R,
  identifiedBy: (event: EventBy<R>) => string,
) => ({
  ...reference,
  instance: (event: RecordedEvent) => (isA(reference, event) ? identifiedBy(event) : undefined),
});

/** The events that ended the steps before. */
export type Outcomes = {
  /** All events that the reference names, in the order of the steps. */
  readonly all: <R extends EventReference>(reference: R) => readonly EventBy<R>[];
  /** The only event that the reference names. Throws if there is not exactly one. */
  readonly one: <R extends EventReference>(reference: R) => EventBy<R>;
};

/**
 * Why a saga compensates or is parked: a stream rejected a command, an event failed the step, or the step timed
 * out. `reasonCode` makes a short code of it.
 */
export type Reason =
  | { readonly kind: "rejected"; readonly step: string; readonly code: string; readonly because: string }
  | { readonly kind: "failed"; readonly step: string; readonly event: string }
  | { readonly kind: "timed-out"; readonly step: string };

/**
 * One step of a saga. The first of these events in the history decides a command of the step, and the decision is
 * final:
 * - an event of `succeeds` or `fails` in the stream of the command, which belongs to this instance,
 * - the rejection of the command,
 * - its expiry, once `timeoutSeconds` are over.
 *
 * A step succeeds if all its commands succeed. It fails if one of them fails.
 */
export type Step<Start> = {
  /** Lower-case words with dashes. Unique in the saga. */
  readonly name: string;
  /**
   * Its earlier names, the oldest first. Instances that have begun a renamed step continue. Its first name remains in
   * reasons and in the status of an instance.
   */
  readonly formerly?: readonly string[];
  readonly send: Sending<[start: Start, outcomes: Outcomes]>;
  /** At least one event, of the decider that gets the command. */
  readonly succeeds: readonly Outcome[];
  readonly fails: readonly Outcome[];
  /** How long the step may take: 60 seconds to three years. */
  readonly timeoutSeconds: number;
  /**
   * Set it to `false` if the events of the command itself decide the step, so that nothing else has to happen
   * first. A command that is accepted and records none of the outcomes parks the saga. Consecutive steps that do
   * not wait run in one task, as long as only the first of them has an `undo`.
   */
  readonly waits?: false;
  /**
   * Instances for which this is false skip the step and its undo. Without it, all instances have the step. A pivot
   * cannot have it. It is called several times and must always give the same answer, so let it depend only on the
   * start, and not on constants that may change. Later steps find no outcome of a skipped step.
   */
  readonly onlyIf?: (start: Start) => boolean;
  /**
   * Compensates the step. It runs for every step that was done, and for the step that failed, which may have been
   * done in part. It knows only the start, because there may be no outcome. If the command is rejected or not
   * answered, the saga is parked.
   */
  readonly undo?: Sending<[start: Start]>;
  /**
   * Once this step has succeeded, the saga only goes forward: a step that times out is sent again, and any other
   * failure parks the saga. At most one step is a pivot.
   */
  readonly pivot?: true;
};

/**
 * A saga: its steps run one after the other, then it sends `completes`. If a step fails, the saga compensates: the
 * undo of the failed step runs first, then the undos of the earlier steps in reverse order, and then it sends
 * `abandons`.
 *
 * Before the compensation begins, the undecided commands of the failed step expire. A command that has not happened
 * by then can no longer happen, and a command that has happened is undone. A rejected `completes` compensates every
 * step, unless there was a pivot; nothing undoes `completes` itself. A parked saga does nothing until an operator
 * resumes it.
 *
 * ```ts
 * import { command, event, reasonCode, type Saga, sending } from "eventfold";
 * import { recorded, sagaCases } from "eventfold/testing";
 * import * as z from "zod";
 *
 * // References need only these fields of the deciders.
 * const tripId = z.string();
 * const ofTrip = z.object({ tripId });
 * const trip = {
 *   name: "trip",
 *   identifiedBy: "tripId",
 *   commands: { ConfirmTrip: ofTrip, CancelTrip: z.object({ tripId, reason: z.string() }) },
 *   events: { TripRequested: z.object({ tripId, seatId: z.string() }) },
 * };
 * const seat = {
 *   name: "seat",
 *   identifiedBy: "seatId",
 *   commands: { ReserveSeat: z.object({ seatId: z.string(), tripId }), ReleaseSeat: z.object({ seatId: z.string() }) },
 *   events: { SeatReserved: z.object({ seatId: z.string(), tripId }) },
 * };
 * const tripRequested = event(trip, "TripRequested");
 * const seatReserved = event(seat, "SeatReserved");
 * const reserveSeat = command(seat, "ReserveSeat");
 * const releaseSeat = command(seat, "ReleaseSeat");
 * const confirmTrip = command(trip, "ConfirmTrip");
 * const cancelTrip = command(trip, "CancelTrip");
 *
 * const booking: Saga<typeof tripRequested> = {
 *   name: "booking",
 *   startsOn: tripRequested,
 *   identifiedBy: ({ data }) => data.tripId,
 *   steps: [
 *     {
 *       name: "reserve-seat",
 *       send: sending(reserveSeat, ({ data: { seatId, tripId } }) => ({ seatId, tripId })),
 *       succeeds: [seatReserved],
 *       fails: [],
 *       timeoutSeconds: 60,
 *       waits: false,
 *       undo: sending(releaseSeat, ({ data: { seatId } }) => ({ seatId })),
 *     },
 *   ],
 *   completes: sending(confirmTrip, ({ data: { tripId } }) => ({ tripId })),
 *   abandons: sending(cancelTrip, ({ data: { tripId } }, reason) => ({ tripId, reason: reasonCode(reason) })),
 * };
 *
 * const data = { tripId: "1", seatId: "12A" };
 * const [start] = recorded(trip, [{ type: "TripRequested", data }]);
 * if (!start) throw new Error("expected one event");
 * const reserved = { type: "SeatReserved", data };
 * const cases = sagaCases(booking, start, [
 *   ["reserves the seat", [], "reserve-seat", [reserveSeat(data)]],
 *   ["then confirms the trip", [reserved], "complete", [confirmTrip({ tripId: "1" })]],
 *   ["undoes a step that failed", [{ rejected: "seat-taken" }], "undo-reserve-seat", [releaseSeat({ seatId: "12A" })]],
 * ]);
 * for (const { run } of cases) run();
 * ```
 */
export type Saga<StartsOn extends EventReference, Start = EventBy<StartsOn>> = {
  /** Lower-case words with dashes. Unique among the effects, sagas and translators of an application. */
  readonly name: string;
  /** Its earlier names, the oldest first. A renamed saga keeps its instances. */
  readonly formerly?: readonly string[];
  /** The event that starts an instance. */
  readonly startsOn: StartsOn;
  /** The id of the instance. There is one instance per id, even if its start is delivered several times. */
  readonly identifiedBy: (start: Start) => string;
  readonly steps: readonly Step<Start>[];
  readonly completes: Sending<[start: Start, outcomes: Outcomes]>;
  readonly abandons: Sending<[start: Start, reason: Reason]>;
};

/** A saga whose types are not known, as the runtime holds it. */
export type AnySaga = Saga<EventReference, never>;

/** The names of the steps that wait for something other than the answer to their own command. */
export const stepsThatWait = ({ steps }: AnySaga): readonly string[] =>
  steps.filter(({ waits }) => waits !== false).map(({ name }) => name);

/** All commands that a saga may send, for checks, diagrams and permissions. */
export const commandsOf = ({ steps, completes, abandons }: AnySaga): readonly CommandReference[] =>
  [...steps.flatMap(({ send, undo }) => (undo ? [send, undo] : [send])), completes, abandons].map(
    ({ command }) => command,
  );
