/** Rules for sagas. */
import { type AnySaga, commandsOf } from "../saga.ts";
import { dangling, duplicates, each, type Rule, unless } from "./rule.ts";
import { stepRules } from "./step-rules.ts";

const sagaKnowsItsMessages: Rule<AnySaga> = (saga, application) =>
  [saga.startsOn, ...commandsOf(saga)].flatMap((reference) =>
    dangling(`saga ${saga.name}`, reference, application),
  );

const stepsHaveDifferentNames: Rule<AnySaga> = ({ name, steps }) =>
  duplicates(
    `saga ${name}, steps`,
    steps.map((step) => step.name),
  );

const sagaHasOnePivotAtMost: Rule<AnySaga> = ({ name, steps }) => {
  const pivots = steps.filter(({ pivot }) => pivot).map((step) => step.name);
  return unless(
    pivots.length <= 1,
    `saga ${name}: expected at most one pivot, got ${pivots.join(", ")}; remove pivot from all but one`,
  );
};

const stepsAreFine: Rule<AnySaga> = ({ name, steps }, application) => {
  const placed = steps.map((step, index) => ({
    where: `saga ${name}, step ${step.name}`,
    step,
    isAfterPivot: steps.slice(0, index).some(({ pivot }) => pivot),
  }));
  return each(placed, stepRules, application);
};

/** The rules for one saga. */
export const sagaRules: readonly Rule<AnySaga>[] = [
  sagaKnowsItsMessages,
  stepsHaveDifferentNames,
  sagaHasOnePivotAtMost,
  stepsAreFine,
];
