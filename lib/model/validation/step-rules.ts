/** Rules for the steps of a saga. */
import type { Step } from "../saga.ts";
import { dangling, type Rule, unless } from "./rule.ts";

/** A step, and what its saga says about it. */
type PlacedStep = {
  readonly where: string;
  readonly step: Step<never>;
  /** Steps after the pivot are never undone. */
  readonly isAfterPivot: boolean;
};

/**
 * The task of a step must have ended before the next one begins: otherwise its late token replaces the token of the
 * next task. A state of an execution waits at most three years.
 */
const timeouts = { least: 60, most: 99_999_999 } as const;

const outcomesOf = ({ succeeds, fails }: Step<never>) => [...succeeds, ...fails];

const outcomesExist: Rule<PlacedStep> = ({ where, step }, application) =>
  outcomesOf(step).flatMap((outcome) => dangling(where, outcome, application));

const outcomesAreOfTheCommandsDecider: Rule<PlacedStep> = ({ where, step }) => {
  const { command } = step.send;
  return outcomesOf(step)
    .filter(({ category }) => category !== command.category)
    .map(({ type, category }) => `${where}: ${type} of ${category} cannot decide ${command.type}`);
};

const stepCanSucceed: Rule<PlacedStep> = ({ where, step: { succeeds } }) =>
  unless(succeeds.length > 0, `${where}: nobody can finish it, no event makes it succeed`);

const outcomesDoNotContradict: Rule<PlacedStep> = ({ where, step: { succeeds, fails } }) =>
  succeeds
    .filter((outcome) => fails.some(({ type }) => type === outcome.type))
    .map(({ type }) => `${where}: ${type} both succeeds and fails`);

const timeoutIsPossible: Rule<PlacedStep> = ({ where, step: { timeoutSeconds } }) =>
  unless(
    Number.isInteger(timeoutSeconds) && timeoutSeconds >= timeouts.least && timeoutSeconds <= timeouts.most,
    `${where}: a timeout is a whole number of seconds from ${timeouts.least} to ${timeouts.most}, not ${timeoutSeconds}`,
  );

const outcomesFromOutsideAreWaitedFor: Rule<PlacedStep> = ({ where, step }) =>
  outcomesOf(step)
    .filter(({ instance }) => step.waits === false && instance)
    .map(({ type }) => `${where}: it does not wait, but ${type} comes from outside`);

const pivotIsInEveryInstance: Rule<PlacedStep> = ({ where, step: { pivot, onlyIf } }) =>
  unless(!(pivot && onlyIf), `${where}: the pivot is in every instance, it has no condition`);

const undoCanRun: Rule<PlacedStep> = ({ where, step: { undo }, isAfterPivot }) =>
  unless(!(undo && isAfterPivot), `${where}: its undo never runs, it comes after the pivot`);

export const stepRules: readonly Rule<PlacedStep>[] = [
  outcomesExist,
  outcomesAreOfTheCommandsDecider,
  stepCanSucceed,
  outcomesDoNotContradict,
  timeoutIsPossible,
  outcomesFromOutsideAreWaitedFor,
  pivotIsInEveryInstance,
  undoCanRun,
];
