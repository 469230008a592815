/** The status of a saga instance. It depends only on the definition and the history. */

import { answeredBy, type RecordedEvent } from "../message.ts";
import { onceForBoth } from "../once-for.ts";
import type { Reason } from "../saga.ts";
import type { Instance, Task } from "./instance.ts";
import { answer, type ParkedReason, type Progress } from "./verdict.ts";

type TaskProgress = { readonly task: Task; readonly progress: Progress };

/**
 * How far an instance is: the tasks that have succeeded, in order; the current task, which is undefined at the end;
 * and the reason, if the saga compensates.
 */
export type Position = {
  readonly done: readonly string[];
  readonly current: TaskProgress | undefined;
  readonly since: string;
  readonly compensatesFor: Reason | undefined;
};

/** When an operator last resumed the task. Its wait starts again at that time. */
const resumedAt = ({ id }: Instance, { name }: Task, history: readonly RecordedEvent[]): string | undefined =>
  history
    .filter((event) => event.type === "CommandResumed" && answeredBy(event).startsWith(`${id}/${name}/`))
    .map(({ metadata }) => metadata.recordedAt)
    .toSorted()
    .at(-1);

/** The steps that were reached, and the compensating tasks if the last of these steps failed. */
type Walk = { readonly forward: readonly TaskProgress[]; readonly compensating: readonly Task[] };

/** Cached, because it is called several times per event. */
const walk = onceForBoth((instance: Instance, history: readonly RecordedEvent[]): Walk => {
  const forward: TaskProgress[] = [];
  const done: RecordedEvent[] = [];
  for (const [index, step] of instance.forward.entries()) {
    const task = step(done);
    const progress = task.progress(history);
    forward.push({ task, progress });
    if (progress.kind === "failed")
      return { forward, compensating: instance.compensating(index, progress.reason) };
    if (progress.kind !== "succeeded") break;
    done.push(...progress.events);
  }
  return { forward, compensating: [] };
});

/** How far the history leads an instance. */
export const position = onceForBoth((instance: Instance, history: readonly RecordedEvent[]): Position => {
  let since = instance.start.metadata.recordedAt;
  const done: string[] = [];
  const isDone = ({ task, progress }: TaskProgress): boolean => {
    since = (progress.kind === "pending" ? resumedAt(instance, task, history) : progress.at) ?? since;
    if (progress.kind === "succeeded") done.push(task.name);
    return progress.kind === "succeeded";
  };
  const { forward, compensating } = walk(instance, history);
  const current = forward.find((found) => !isDone(found));
  const { progress } = current ?? {};
  if (progress?.kind !== "failed" || progress.undecided.length > 0)
    return { done, current, since, compensatesFor: undefined };
  for (const task of compensating) {
    const current = { task, progress: task.progress(history) };
    if (!isDone(current)) return { done, current, since, compensatesFor: progress.reason };
  }
  return { done, current: undefined, since, compensatesFor: progress.reason };
});

/**
 * The status of an instance.
 * - running: a stream has not answered a command yet.
 * - waiting: all streams have answered, and the outcome comes from outside.
 *
 * `step` is the name of a step, `undo-` and the name of a step, `complete`, or `abandon`.
 */
export type Status =
  | { readonly kind: "running" | "waiting"; readonly step: string; readonly since: string }
  | {
      readonly kind: "compensating";
      readonly step: string;
      readonly since: string;
      readonly reason: Reason;
    }
  | {
      readonly kind: "parked";
      readonly step: string;
      readonly since: string;
      readonly reason: ParkedReason;
    }
  | { readonly kind: "compensated"; readonly since: string; readonly reason: Reason }
  | { readonly kind: "completed"; readonly since: string };

/** The status that the history leads to. */
export const status = (instance: Instance, history: readonly RecordedEvent[]): Status =>
  statusAt(position(instance, history), history);

/** The status for the position that the history leads to. */
export const statusAt = (
  { current, since, compensatesFor }: Position,
  history: readonly RecordedEvent[],
): Status => {
  if (!current)
    return compensatesFor
      ? { kind: "compensated", since, reason: compensatesFor }
      : { kind: "completed", since };
  const { task, progress } = current;
  const at = { step: task.name, since };
  if (progress.kind === "parked") return { kind: "parked", ...at, reason: progress.reason };
  const reason = compensatesFor ?? (progress.kind === "failed" ? progress.reason : undefined);
  if (reason) return { kind: "compensating", ...at, reason };
  return {
    kind: progress.undecided.every((command) => answer(command, history)) ? "waiting" : "running",
    ...at,
  };
};

/**
 * The first task with one of these names that is not done, or else the last one. Undefined if the history does not
 * lead to it, because later steps are made from the outcomes of earlier ones.
 */
export const taskNamed = (
  instance: Instance,
  history: readonly RecordedEvent[],
  ...names: readonly string[]
): Task | undefined => {
  const { forward, compensating } = walk(instance, history);
  let last: Task | undefined;
  for (const name of names) {
    const found = forward.find(({ task }) => task.name === name);
    if (!found) return compensating.find((task) => task.name === name);
    if (found.progress.kind !== "succeeded") return found.task;
    last = found.task;
  }
  return last;
};
