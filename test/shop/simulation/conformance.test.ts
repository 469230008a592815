/**
 * Sagas conform to their definition: whatever befalls a step, an undo, an event or the customer, each engine ends
 * completed, compensated, or parked with its reason, and stock and money are where they belong. A selection by the
 * seed; npm run conformance plays all of it.
 */
import { describe, expect, test } from "vitest";
import { checkout } from "../../../lib/shop/sagas/checkout.ts";
import { type Scenario, wordsOf } from "../../simulation/conformance/scenario.ts";
import { engines } from "../../simulation/engines.ts";
import { timeline } from "../../simulation/timeline.ts";
import { type Played, play } from "./conformance/play.ts";
import { type Kind, kinds, scenariosOf, selection } from "./conformance/product.ts";
import { playPurely } from "./conformance/pure-play.ts";

const { SEED = "1", SEEDS = "1" } = process.env;
const seed = Number(SEED);
const count = 16 * Number(SEEDS);
/** A day of vain attempts is as long for a simulation: the lending has one, and the whole product has them all. */
const isShort = ({ hindrance }: Scenario): boolean => hindrance?.how !== "silent";
const { random } = timeline({ seed, shuffled: true, clockJumps: false });

const chosen = kinds.map((kind) => ({
  kind,
  pure: selection(scenariosOf(kind, "whole", seed), 10 * count, random),
  engines: engines.map(() => selection(scenariosOf(kind, "triples", seed).filter(isShort), count, random)),
}));

const problemsIn = (scenario: Scenario, { problems }: Played): readonly string[] =>
  problems.map((problem) => `${wordsOf(scenario)}: ${problem}`);

test("every step is in an instance of some kind, and every kind of trouble is in its dimensions", () => {
  const hit = kinds.flatMap(({ dimensions }) => dimensions.faults.map(({ task }) => task));
  expect([...new Set(hit)].toSorted()).toEqual(
    [...checkout.steps.map(({ name }) => name), "complete"].toSorted(),
  );
  const { faults, hindrancesFrom, last } = kinds[0]?.dimensions ?? {};
  expect(new Set(faults?.map(({ how }) => how))).toEqual(
    new Set(["refused", "failed", "silent", "late", "too late", "twice"]),
  );
  const undone = checkout.steps
    .filter(({ undo, onlyIf }) => undo && !onlyIf)
    .map(({ name }) => `undo-${name}`);
  expect(new Set(hindrancesFrom?.(last ?? "").map(({ task }) => task))).toEqual(
    new Set([...undone, "abandon"]),
  );
});

describe.each(chosen.map((each) => [`an order at ${each.kind.price}`, each] as const))("%s", (_, each) => {
  const { dimensions }: Kind = each.kind;

  test("the pure functions conform", () => {
    expect(each.pure.flatMap((scenario) => problemsIn(scenario, playPurely(scenario, dimensions)))).toEqual(
      [],
    );
  });

  test.each(engines.map(([name, engine], index) => [name, engine, each.engines[index] ?? []] as const))(
    "%s conforms",
    async (_, engine, scenarios) => {
      const problems: string[] = [];
      for (const scenario of scenarios)
        problems.push(...problemsIn(scenario, await play(engine, scenario, dimensions)));
      expect(problems).toEqual([]);
    },
  );
});
