/** Rules for the steps of a saga. */
import type { Step } from "../saga.ts";
import { dangling, type Rule, unless } from "./rule.ts";

/** A step and its place in the saga. */
type PlacedStep = {
  readonly where: string;
  readonly step: Step<never>;
  /** Steps after the pivot are never undone. */
  readonly isAfterPivot: boolean;
};

/**
 * The task of a step must end before the next one begins. Otherwise its late token would replace the token of the
 * next task. A state of an execution can wait for three years at most.
 */
const timeouts = { least: 60, most: 99_999_999 } as const;

const outcomesOf = ({ succeeds, fails }: Step<never>) => [...succeeds, ...fails];

const outcomesExist: Rule<PlacedStep> = ({ where, step }, application) =>
  outcomesOf(step).flatMap((outcome) => dangling(where, outcome, application));

const outcomesAreOfTheCommandsDecider: Rule<PlacedStep> = ({ where, step }) => {
  const { command } = step.send;
  return outcomesOf(step)
    .filter(({ category }) => category !== command.category)
    .map(
      ({ type, decider }) =>
        `${where}: expected outcomes of decider ${command.decider}, which gets ${command.type}; got ${type} of ${decider}`,
    );
};

const stepCanSucceed: Rule<PlacedStep> = ({ where, step: { succeeds } }) =>
  unless(
    succeeds.length > 0,
    `${where}: expected at least one event in succeeds, got none; add the event that ends the step`,
  );

const outcomesDoNotContradict: Rule<PlacedStep> = ({ where, step: { succeeds, fails } }) =>
  succeeds
    .filter((outcome) => fails.some(({ type }) => type === outcome.type))
    .map(
      ({ type }) => `${where}: expected each event in succeeds or in fails, got ${type} in both; remove one`,
    );

const timeoutIsPossible: Rule<PlacedStep> = ({ where, step: { timeoutSeconds } }) =>
  unless(
    Number.isInteger(timeoutSeconds) && timeoutSeconds >= timeouts.least && timeoutSeconds <= timeouts.most,
    `${where}: expected timeoutSeconds to be a whole number from ${timeouts.least} to ${timeouts.most}, got ${timeoutSeconds}`,
  );

const outcomesFromOutsideAreWaitedFor: Rule<PlacedStep> = ({ where, step }) =>
  outcomesOf(step)
    .filter(({ instance }) => step.waits === false && instance)
    .map(
      ({ type }) =>
        `${where}: expected a step that waits for ${type}, which comes from outside, got waits: false; remove waits`,
    );

const pivotIsInEveryInstance: Rule<PlacedStep> = ({ where, step: { pivot, onlyIf } }) =>
  unless(
    !(pivot && onlyIf),
    `${where}: expected a pivot without onlyIf, because every instance has the pivot; remove onlyIf`,
  );

const undoCanRun: Rule<PlacedStep> = ({ where, step: { undo }, isAfterPivot }) =>
  unless(
    !(undo && isAfterPivot),
    `${where}: expected no undo after the pivot, where it would never run; remove undo`,
  );

/** The rules for one step. */
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
