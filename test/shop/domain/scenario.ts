/**
 * Given these events, when this command, then these events or this rejection. Beside the rows it tests what holds
 * for every decider: no command lacks a row in some kind of state, deciding twice does nothing twice, what is
 * decided fits the schemas, and every event evolves every state.
 */
import { describe, expect, test } from "vitest";
import { type Decider, decide, fold } from "../../../lib/model/decider.ts";
import type { CommandOf, EventOf, Message, Schemas } from "../../../lib/model/message.ts";

type Row<Commands extends Schemas, Events extends Schemas, Rejections extends readonly string[]> = readonly [
  name: string,
  given: readonly EventOf<Events>[],
  when: CommandOf<Commands>,
  /** The events, or the code of the rejection. */
  then: readonly EventOf<Events>[] | Rejections[number],
];

type Kinds<State> = {
  /** Every kind of state in which commands may be decided differently. */
  readonly kinds: readonly string[];
  readonly kindOf: (state: State) => string;
  /** Commands that mean it again when they come again. */
  readonly repeatable?: readonly string[];
};

const context = { now: new Date(0) };

const isUnknown = <T>(value: T, index: number, all: readonly T[]) =>
  all.findIndex((each) => JSON.stringify(each) === JSON.stringify(value)) === index;

export const scenario = <
  State,
  Commands extends Schemas,
  Events extends Schemas,
  Rejections extends readonly string[],
>(
  decider: Decider<State, Commands, Events, Rejections>,
  { kinds, kindOf, repeatable = [] }: Kinds<State>,
  rows: readonly Row<Commands, Events, Rejections>[],
) =>
  describe(decider.name, () => {
    test.each(rows)("%s", (_, given, when, then) => {
      const decision = decide(decider, when, fold(decider, given), context);
      expect("rejected" in decision ? decision.rejected : decision).toEqual(then);
    });

    test.each(Object.keys(decider.commands))("%s has a row in every kind of state", (type) => {
      const seen = rows.filter(([, , when]) => when.type === type);
      const states = seen.map(([, given]) => kindOf(fold(decider, given)));
      expect(new Set(states)).toEqual(new Set(kinds));
    });

    test("each code of a rejection has a row", () => {
      const codes = rows.flatMap(([, , , then]) => (typeof then === "string" ? [then] : []));
      expect(new Set(codes)).toEqual(new Set(decider.rejections));
    });

    // Without events the state is the same, and the second decision is that of the row itself.
    const once = rows.flatMap(([name, given, when, then]) =>
      typeof then === "string" || then.length === 0 || repeatable.includes(when.type)
        ? []
        : [[name, [...given, ...then], when] as const],
    );

    test.each(once)("%s, and once only", (_, history, when) => {
      const again = decide(decider, when, fold(decider, history), context);
      expect("rejected" in again ? [] : again).toEqual([]);
    });

    const samples: readonly Message[] = rows
      .flatMap(([, given, , then]) => [...given, ...(typeof then === "string" ? [] : then)])
      .filter(isUnknown);

    test("each event is seen, and fits its schema as it is", () => {
      expect(new Set(samples.map(({ type }) => type))).toEqual(new Set(Object.keys(decider.events)));
      for (const { type, data } of samples) expect(decider.events[type]?.parse(data)).toEqual(data);
    });

    test("each event evolves each state, and changes nothing in it", () => {
      const states = rows.map(([, given]) => fold(decider, given)).filter(isUnknown);
      for (const state of states) {
        const before = JSON.stringify(state);
        for (const sample of samples) {
          const next = fold({ ...decider, initialState: state }, [sample]);
          expect(kinds).toContain(kindOf(next));
        }
        expect(JSON.stringify(state)).toBe(before);
      }
    });
  });
