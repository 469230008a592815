/**
 * Notifies the engine that the step it waits for is decided. This follows each append. Storing the token returns
 * the history, and appending returns the token, so the later of two concurrent writers sees both.
 */

import type { AnySaga } from "../../model/saga.ts";
import { machineErrors } from "../../model/sagas/machine-task.ts";
import { type Position, positionOf } from "../../model/sagas/position.ts";
import type { ParkedReason } from "../../model/sagas/verdict.ts";
import type { InstanceItem, Instances } from "../../ports/instances.ts";
import type { SagaEngine, TaskOutcome } from "../../ports/saga-engine.ts";

const parkedStep = "parked:";

/** The name of a task that waits for an operator. */
export const parkedName = (task: string): string => `${parkedStep}${task}`;

/** Whether the last task that stored a token waits for an operator. */
export const waitsForOperator = ({ waiting }: InstanceItem): boolean =>
  waiting?.step.startsWith(parkedStep) === true;

export const wordsOf = (reason: ParkedReason): string => {
  switch (reason.kind) {
    case "rejected":
      return `${reason.step} rejected: ${reason.code}, ${reason.because}`;
    case "failed":
      return `${reason.step} failed: ${reason.event}`;
    case "timed-out":
      return `${reason.step} timed out`;
    case "undecided":
      return `${reason.step} does not wait, but ${reason.event} does not decide it`;
    case "cannot-continue":
      return `${reason.step} cannot continue with the definition of its saga: ${reason.because}`;
  }
};

const outcomeOf = ({ tasks }: Position, step: string): TaskOutcome | undefined => {
  const isParkedStep = step.startsWith(parkedStep);
  const name = isParkedStep ? step.slice(parkedStep.length) : step;
  const progress = tasks.find(({ task }) => task.name === name)?.progress;
  if (!progress) return undefined;
  if (isParkedStep) return progress.kind === "parked" ? undefined : { kind: "succeeded" };
  switch (progress.kind) {
    case "pending":
      return undefined;
    case "succeeded":
      return { kind: "succeeded" };
    case "failed":
      return { kind: "failed", error: machineErrors.stepFailed, because: wordsOf(progress.reason) };
    case "parked":
      return { kind: "failed", error: machineErrors.parked, because: wordsOf(progress.reason) };
  }
};

type SettlePorts = { readonly instances: Instances; readonly engine: SagaEngine };

/**
 * If the engine no longer knows the token, it was completed before, or its task was retried and has a new token. In
 * the latter case the item, read again, holds the new token, which is then completed.
 */
export const settle = async (
  saga: AnySaga,
  { instances, engine }: SettlePorts,
  item: InstanceItem,
): Promise<void> => {
  const position = positionOf(saga, item);
  const outcome = position && item.waiting && outcomeOf(position, item.waiting.step);
  if (!item.waiting || !outcome) return;
  if ((await engine.complete(item.waiting.token, outcome)) === "completed") return;
  const reread = await instances.read(item.id);
  if (reread.waiting && reread.waiting.token !== item.waiting.token)
    await settle(saga, { instances, engine }, reread);
};
