/** The write model. `decide` turns a command into events, `evolve` turns events into state. Both are pure. */

import type { Upcast } from "./events/past.ts";
import { type Parsed, parsed, type Unparsed } from "./json/parsed-command.ts";
import type { CommandOf, EventOf, Message, Schemas } from "./message.ts";

/**
 * The caller of an HTTP request. `subject` is the `sub` of the token, or its `client_id` if it has no subject. For
 * requests signed with AWS credentials it is the ARN of the user or of the role, without the name of the session,
 * and there are no scopes.
 */
export type Actor = { readonly subject: string; readonly scopes: readonly string[] };

/**
 * What a decision may use besides the command and the state. `now` is the time of the decision; do not read a
 * clock. `actor` is undefined for commands of sagas, effects and translators, and for callers without a token.
 */
export type Context = { readonly now: Date; readonly actor?: Actor };

/**
 * What a rejection means to the client: the current state forbids the command (409), the thing does not exist
 * (404), or the caller may not do it (403).
 */
export type RejectionKind = "conflict" | "not-found" | "forbidden";

/**
 * A decision that refuses a command. `rejected` is one of the decider's codes; `because` is a sentence for people.
 * Nothing is stored, except the receipt that a saga or an effect asks for.
 */
export type Rejection<Code extends string = string> = { readonly rejected: Code; readonly because: string };

/**
 * Makes a rejection: `reject("sold-out", "there is no ticket left")`. The code must be in the decider's
 * `rejections`.
 */
export const reject = <Code extends string>(code: Code, because: string): Rejection<Code> => ({
  rejected: code,
  because,
});

/** The events that a command leads to, or a rejection. An empty list accepts the command and changes nothing. */
export type Decision<E, Code extends string = string> = readonly E[] | Rejection<Code>;

/**
 * A write model, after Jérémie Chassaing. `decide` has one function for each command, `evolve` one for each event.
 * All of them are pure: the same arguments always give the same result. `decide` gets data that the schema of the
 * command has parsed. If a command arrives a second time, decide `[]`, so that it has no second effect.
 *
 * ```ts
 * import assert from "node:assert/strict";
 * import { type Decider, decide, fold, reject } from "eventfold";
 * import * as z from "zod";
 *
 * const seat = z.object({ seatId: z.string(), guest: z.string() });
 * const commands = { ReserveSeat: seat, ReleaseSeat: seat };
 * const events = { SeatReserved: seat, SeatReleased: seat };
 * type State = { readonly guest?: string };
 *
 * const seats: Decider<State, typeof commands, typeof events, readonly ["seat-taken"]> = {
 *   name: "seat",
 *   identifiedBy: "seatId",
 *   commands,
 *   events,
 *   rejections: ["seat-taken"],
 *   initialState: {},
 *   decide: {
 *     ReserveSeat: ({ data }, { guest }) => {
 *       if (guest === undefined) return [{ type: "SeatReserved", data }];
 *       return guest === data.guest ? [] : reject("seat-taken", "another guest has reserved this seat");
 *     },
 *     ReleaseSeat: ({ data }, { guest }) => (guest === data.guest ? [{ type: "SeatReleased", data }] : []),
 *   },
 *   evolve: {
 *     SeatReserved: (_, { data: { guest } }) => ({ guest }),
 *     SeatReleased: () => ({}),
 *   },
 * };
 *
 * const ada = { seatId: "12A", guest: "Ada" };
 * const reserve = { type: "ReserveSeat", data: ada };
 * const reserved = { type: "SeatReserved", data: ada };
 * const context = { now: new Date("2026-01-31T12:00:00Z") };
 *
 * assert.deepEqual(decide(seats, reserve, fold(seats, []), context), [reserved]);
 * assert.deepEqual(decide(seats, reserve, fold(seats, [reserved]), context), []);
 * ```
 */
export type Decider<
  State,
  Commands extends Schemas,
  Events extends Schemas,
  Rejections extends readonly string[],
> = {
  /** The category of its streams, and the first part of their ids: `seat` in `seat-12A`. Unique in an application. */
  readonly name: string;
  /** Its earlier names, the oldest first. A renamed decider keeps its streams: their ids begin with the first name. */
  readonly formerly?: readonly string[];
  /** The field whose value is the id of the stream: `12A` in `seat-12A`. Every command must have it. */
  readonly identifiedBy: keyof CommandOf<Commands>["data"] & string;
  /** The commands that it accepts: the name of each, with the schema of its data. */
  readonly commands: Commands;
  /**
   * The events that it records: the name of each, with the schema of its data. JSON must be able to represent the
   * data.
   */
  readonly events: Events;
  /** How events of earlier versions become today's events, made with `lift`, `split` and `drop`. */
  readonly past?: readonly Upcast[];
  /** Every code that a command may be rejected with. */
  readonly rejections: Rejections;
  /** The kind of each code that is not a conflict. */
  readonly rejectionKinds?: { readonly [Code in Rejections[number]]?: RejectionKind };
  /** The state of a stream that has no events. */
  readonly initialState: State;
  /**
   * Commands that usually begin a stream. They are decided on the initial state, without reading the stream. If the
   * stream exists, the write is refused, which costs one write unit, and the command is decided again on the stored
   * events.
   */
  readonly begins?: readonly (keyof Commands & string)[];
  readonly decide: {
    readonly [T in keyof Commands & string]: (
      command: CommandOf<Commands, T>,
      state: State,
      context: Context,
    ) => Decision<EventOf<Events>, Rejections[number]>;
  };
  readonly evolve: {
    readonly [T in keyof Events & string]: (state: State, event: EventOf<Events, T>) => State;
  };
};

/**
 * A decider whose types are not known, as the runtime holds it. Its data can be read; call its functions only
 * through `decide` and `fold`.
 */
export type AnyDecider = {
  readonly name: string;
  readonly formerly?: readonly string[];
  readonly identifiedBy: string;
  readonly commands: Schemas;
  readonly events: Schemas;
  readonly past?: readonly Upcast[];
  readonly rejections: readonly string[];
  readonly rejectionKinds?: Readonly<Record<string, RejectionKind | undefined>>;
  readonly initialState: unknown;
  readonly begins?: readonly string[];
  readonly decide: Readonly<
    Record<string, (command: never, state: never, context: Context) => Decision<Message>>
  >;
  readonly evolve: Readonly<Record<string, (state: never, event: never) => unknown>>;
};

type StateOf<D extends AnyDecider> = D["initialState"];

/** The kind of a rejection code. A code that has no kind, or that the decider no longer has, is a conflict. */
export const rejectionKindOf = (
  { rejectionKinds = {} }: Pick<AnyDecider, "rejectionKinds">,
  code: string,
): RejectionKind => (Object.hasOwn(rejectionKinds, code) && rejectionKinds[code]) || "conflict";

/**
 * The state after these events, in this order, beginning with the initial state. Throws on an event that the
 * decider does not know: a state that lacks an event must not decide.
 */
export const fold = <D extends AnyDecider>(decider: D, events: readonly Message[]): StateOf<D> =>
  events.reduce<unknown>((state, event) => {
    const evolve = decider.evolve[event.type];
    if (!evolve)
      throw new Error(
        `decider ${decider.name}: expected an event in ${Object.keys(decider.evolve).join(", ")}, got ${event.type}`,
      );
    // The schema of this type accepted the event when it was recorded, and the state comes from this decider.
    return evolve(state as never, event as never);
  }, decider.initialState);

/** Decides on a command whose data its schema has parsed. Throws on a command that the decider does not know. */
export const decideParsed = (
  decider: AnyDecider,
  { type, data }: Message & Parsed,
  state: unknown,
  context: Context,
): Decision<Message> => {
  const decide = Object.hasOwn(decider.decide, type) ? decider.decide[type] : undefined;
  if (!decide)
    throw new Error(
      `decider ${decider.name}: expected a command in ${Object.keys(decider.decide).join(", ")}, got ${type}`,
    );
  // The schema of this type has parsed the data, and the state comes from the fold of this decider.
  return decide({ type, data } as never, state as never, context);
};

/**
 * Decides on a command as it was sent: first its schema parses the data, then the decider decides. Answers events
 * or a rejection. Throws if the decider does not know the command, or if the data do not fit the schema.
 */
export const decide = (
  decider: AnyDecider,
  command: Unparsed,
  state: unknown,
  context: Context,
): Decision<Message> => decideParsed(decider, { ...command, ...parsed(decider, command) }, state, context);
