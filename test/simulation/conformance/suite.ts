/** The conformance suite for some kinds of instances: a selection of their scenarios, by the seed. */
import { describe, expect, test } from "vitest";
import { engines } from "../engines.ts";
import { timeline } from "../timeline.ts";
import type { Kind } from "./kind.ts";
import { type Played, play } from "./play.ts";
import { scenariosOf, selection } from "./product.ts";
import { playPurely } from "./pure-play.ts";
import { type Scenario, wordsOf } from "./scenario.ts";

const { SEED = "1", SEEDS = "1" } = process.env;
const seed = Number(SEED);
const count = 16 * Number(SEEDS);
const week = 7 * 86_400;

/**
 * Retries for a day, or for the 21 days that a step waits, take long, so that only the whole product has these
 * scenarios.
 */
const isShort =
  ({ subject: { saga } }: Kind) =>
  ({ fault, hindrance }: Scenario): boolean => {
    const step = saga.steps.find(({ name }) => name === fault?.task);
    const isRetried = fault?.of === "command" && /silent|late/.test(fault.how);
    return hindrance?.how !== "silent" && !(isRetried && step && step.timeoutSeconds > week);
  };

const problemsIn = (scenario: Scenario, { problems }: Played): readonly string[] =>
  problems.map((problem) => `${wordsOf(scenario)}: ${problem}`);

export const conformance = (kinds: readonly Kind[]): void => {
  const { random } = timeline({ seed, shuffled: true, clockJumps: false });
  const chosen = kinds.map((kind) => ({
    kind,
    pure: selection(scenariosOf(kind, "whole", seed), 10 * count, random),
    engines: engines.map(() =>
      selection(scenariosOf(kind, "triples", seed).filter(isShort(kind)), count, random),
    ),
  }));

  describe.each(chosen.map((each) => [each.kind.subject.name, each] as const))("%s", (_, each) => {
    test("the pure functions conform", () => {
      expect(each.pure.flatMap((scenario) => problemsIn(scenario, playPurely(scenario, each.kind)))).toEqual(
        [],
      );
    });

    test.each(engines.map(([name, engine], index) => [name, engine, each.engines[index] ?? []] as const))(
      "%s conforms",
      async (_, engine, scenarios) => {
        const problems: string[] = [];
        for (const scenario of scenarios)
          problems.push(...problemsIn(scenario, await play(engine, scenario, each.kind)));
        expect(problems).toEqual([]);
      },
    );
  });
};
