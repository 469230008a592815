/**
 * Given these events, when this command comes, then these events or this rejection. Beside the rows it tests what holds
 * for every decider: each command, event and rejection has a row, the same command again has no second effect, and what
 * is decided fits the schemas and evolves every state.
 */
import { equal, ok } from "node:assert/strict";
import { type AnyDecider, type Decider, decide, fold } from "../model/decider.ts";
import type { CommandOf, EventOf, Message, Schemas } from "../model/message.ts";
import type { Case } from "./case.ts";
import { same } from "./same.ts";

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
];

export type DeciderOptions<State> = {
  /** When the commands are decided. */
  readonly now?: Date;
  /** Commands that have an effect each time they come. */
  readonly repeatable?: readonly string[];
  /** Every kind of state in which commands may be decided differently. Each command then needs a row in each of them. */
  readonly kinds?: { readonly all: readonly string[]; readonly of: (state: State) => string };
};

type Row = readonly [
  name: string,
  given: readonly Message[],
  when: Message,
  then: readonly Message[] | string,
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

const decided = <State>({ decider, now }: Subject<State>, given: readonly Message[], when: Message) =>
  decide(decider, when, fold(decider, given), { now });

const asInRow = <State>(subject: Subject<State>, [name, given, when, then]: Row): Case => ({
  name,
  run: () => {
    const decision = decided(subject, given, when);
    same("rejected" in decision ? decision.rejected : decision, then);
  },
});

const onceOnly = <State>(subject: Subject<State>, row: Row): Case => {
  const [name, given, when] = row;
  return {
    name: `${name}, and once only`,
    run: () => {
      const again = decided(subject, [...given, ...eventsOf(row)], when);
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
  name: "each code of a rejection has a row",
  run: () => {
    const codes = rows.flatMap(([, , , then]) => (typeof then === "string" ? [then] : []));
    same(sorted(codes), sorted(decider.rejections));
  },
});

const samplesIn = (rows: readonly Row[]): readonly Message[] =>
  unique(rows.flatMap((row) => [...row[1], ...eventsOf(row)]));

const eventsFit = <State>({ decider, rows }: Subject<State>): Case => ({
  name: "each event is in a row, and fits its schema as it is",
  run: () => {
    const samples = samplesIn(rows);
    same(sorted(samples.map(({ type }) => type)), sorted(Object.keys(decider.events)));
    for (const { type, data } of samples) same(decider.events[type]?.parse(data), data);
  },
});

const eventsEvolve = <State>({ decider, rows, kinds }: Subject<State>): Case => ({
  name: "each event evolves each state, and changes nothing in it",
  run: () => {
    for (const state of unique(rows.map(([, given]) => fold(decider, given)))) {
      const before = textOf(state);
      for (const sample of samplesIn(rows)) {
        const kind = kinds.of(fold({ ...decider, initialState: state }, [sample]));
        ok(kinds.all.includes(kind), `${sample.type} leads to a state of kind ${kind}`);
      }
      equal(textOf(state), before, "evolve must return a new state and leave the old one as it is");
    }
  },
});

/** Tests of a decider: one per row, and those of what holds for every decider. */
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
