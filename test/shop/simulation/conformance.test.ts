/**
 * Sagas conform to their definition: whatever happens to a step, an undo, an event or the customer, each engine ends
 * completed, compensated, or parked with its reason, and stock and money are correct. The seed selects the scenarios;
 * npm run conformance plays all of them.
 */
import { expect, test } from "vitest";
import { checkout } from "../../../lib/shop/sagas/checkout.ts";
import { kindsOf } from "../../simulation/conformance/kind.ts";
import { conformance } from "../../simulation/conformance/suite.ts";
import { checkouts } from "./conformance/checkouts.ts";

const kinds = kindsOf(checkouts);

test("the kinds of instances cover every step, and the dimensions cover every fault", () => {
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

conformance(kinds);
