/**
 * Given events, when a command arrives, then events or a rejection. Besides the rows, it tests what must hold for
 * every decider: each command, event and rejection has a row; the same command again has no second effect; and all
 * events fit their schemas and evolve every state.
 */
import { equal, ok } from "node:assert/strict";
import { type Actor, type AnyDecider, type Decider, decide, fold } from "../model/decider.ts";
import type { CommandOf, EventOf, Message, Schemas } from "../model/message.ts";
import type { Case } from "./case.ts";
import { same } from "./same.ts";

/**
 * A row of given, when and then: the name of the test, the events before, the command, and the outcome. If the
 * decision depends on the caller, add the caller.
 */
export type DeciderRow<
  Commands extends Schemas,
  Events extends Schemas,
  Rejections extends readonly string[],
> = readonly [
  name: string,
  given: readonly EventOf<Events>[],
  when: CommandOf<Commands>,
  /** The events, or the code of the rejection. */
  then: readonly EventOf<Events>[] | Rejections[number],
  /** Without it, the command comes from a saga, an effect, a translator or a caller without a token. */
  actor?: Actor,
];

/** Options for the tests of a decider. */
export type DeciderOptions<State> = {
  /** The time of the decisions. Default 1970-01-01T00:00:00Z. */
  readonly now?: Date;
  /** The types of commands that have an effect each time they arrive. */
  readonly repeatable?: readonly string[];
  /** The kinds of state that commands distinguish. Each command then needs a row for each kind. */
  readonly kinds?: { readonly all: readonly string[]; readonly of: (state: State) => string };
};

type Row = readonly [
  name: string,
  given: readonly Message[],
  when: Message,
  then: readonly Message[] | string,
  actor?: Actor,
];

type Subject<State> = Required<DeciderOptions<State>> & {
  readonly decider: AnyDecider & { readonly initialState: State };
  readonly rows: readonly Row[];
};

const textOf = (value: unknown): string => JSON.stringify(value);

const unique = <Value>(values: readonly Value[]): readonly Value[] => [
  ...new Map(values.map((value) => [textOf(value), value])).values(),
];

const sorted = (values: Iterable<string>): readonly string[] => [...new Set(values)].toSorted();

const eventsOf = ([, , , then]: Row): readonly Message[] => (typeof then === "string" ? [] : then);

/** Decides on the command of the row, after these events. */
const decided = <State>(
  { decider, now }: Subject<State>,
  [, , when, , actor]: Row,
  given: readonly Message[],
) => decide(decider, when, fold(decider, given), { now, ...(actor && { actor }) });

const asInRow = <State>(subject: Subject<State>, row: Row): Case => ({
  name: row[0],
  run: () => {
    const [, given, , then] = row;
    const decision = decided(subject, row, given);
    same("rejected" in decision ? decision.rejected : decision, then);
  },
});

const onceOnly = <State>(subject: Subject<State>, row: Row): Case => {
  const [name, given] = row;
  return {
    name: `${name}, and only once`,
    run: () => {
      const again = decided(subject, row, [...given, ...eventsOf(row)]);
      same("rejected" in again ? [] : again, []);
    },
  };
};

const rowsOfCommand = <State>({ decider, rows, kinds }: Subject<State>, type: string): Case => ({
  name: `${type} has a row${kinds.all.length > 1 ? " in every kind of state" : ""}`,
  run: () => {
    const states = rows
      .filter(([, , when]) => when.type === type)
      .map(([, given]) => kinds.of(fold(decider, given)));
    same(sorted(states), sorted(kinds.all));
  },
});

const rowsOfRejections = <State>({ decider, rows }: Subject<State>): Case => ({
  name: "each rejection has a row",
  run: () => {
    const codes = rows.flatMap(([, , , then]) => (typeof then === "string" ? [then] : []));
    same(sorted(codes), sorted(decider.rejections));
  },
});

const samplesIn = (rows: readonly Row[]): readonly Message[] =>
  unique(rows.flatMap((row) => [...row[1], ...eventsOf(row)]));

const eventsFit = <State>({ decider, rows }: Subject<State>): Case => ({
  name: "each event is in a row and fits its schema unchanged",
  run: () => {
    const samples = samplesIn(rows);
    same(sorted(samples.map(({ type }) => type)), sorted(Object.keys(decider.events)));
    for (const { type, data } of samples) same(decider.events[type]?.parse(data), data);
  },
});

const eventsEvolve = <State>({ decider, rows, kinds }: Subject<State>): Case => ({
  name: "each event evolves each state without changing the old state",
  run: () => {
    for (const state of unique(rows.map(([, given]) => fold(decider, given)))) {
      const before = textOf(state);
      for (const sample of samplesIn(rows)) {
        const kind = kinds.of(fold({ ...decider, initialState: state }, [sample]));
        ok(
          kinds.all.includes(kind),
          `expected a state of kind ${kinds.all.join(", ")}, got ${kind} after ${sample.type}`,
        );
      }
      equal(textOf(state), before, "expected evolve to return a new state and leave the old state unchanged");
    }
  },
});

/**
 * The tests of a decider: one per row, and those that hold for every decider. Each throws an AssertionError if it
 * fails.
 *
 * ```ts
 * import { type Decider, reject } from "eventfold";
 * import { deciderCases } from "eventfold/testing";
 * import * as z from "zod";
 *
 * const seat = z.object({ seatId: z.string(), guest: z.string() });
 * const commands = { ReserveSeat: seat };
 * const events = { SeatReserved: seat };
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
 *   },
 *   evolve: { SeatReserved: (_, { data: { guest } }) => ({ guest }) },
 * };
 *
 * const [ada, bob] = [{ seatId: "12A", guest: "Ada" }, { seatId: "12A", guest: "Bob" }];
 * const cases = deciderCases(seats, [
 *   ["a free seat is reserved", [], { type: "ReserveSeat", data: ada }, [{ type: "SeatReserved", data: ada }]],
 *   [
 *     "a taken seat is refused",
 *     [{ type: "SeatReserved", data: ada }],
 *     { type: "ReserveSeat", data: bob },
 *     "seat-taken",
 *   ],
 * ]);
 * for (const { run } of cases) run();
 * ```
 */
export const deciderCases = <
  State,
  Commands extends Schemas,
  Events extends Schemas,
  Rejections extends readonly string[],
>(
  decider: Decider<State, Commands, Events, Rejections>,
  rows: readonly DeciderRow<Commands, Events, Rejections>[],
  options: DeciderOptions<State> = {},
): readonly Case[] => {
  const { now = new Date(0), repeatable = [], kinds = { all: ["any"], of: () => "any" } } = options;
  const subject: Subject<State> = { decider, rows, now, repeatable, kinds };
  const effective = subject.rows.filter(
    (row) => eventsOf(row).length > 0 && !repeatable.includes(row[2].type),
  );
  return [
    ...subject.rows.map((row) => asInRow(subject, row)),
    ...Object.keys(decider.commands).map((type) => rowsOfCommand(subject, type)),
    ...effective.map((row) => onceOnly(subject, row)),
    rowsOfRejections(subject),
    eventsFit(subject),
    eventsEvolve(subject),
  ];
};
