/** Where an instance of a saga stands, from its definition and the events noted for it alone. */

import { answeredBy, type RecordedEvent } from "../message.ts";
import { onceForBoth } from "../once-for.ts";
import type { Reason } from "../saga.ts";
import type { Instance, Task } from "./instance.ts";
import { answer, type ParkedReason, type Progress } from "./verdict.ts";

type TaskProgress = { readonly task: Task; readonly progress: Progress };

/**
 * The tasks that have succeeded, in order, the task that has not yet, none at the end; and why the saga turned back,
 * if it did.
 */
export type Position = {
  readonly done: readonly string[];
  readonly current: TaskProgress | undefined;
  readonly since: string;
  readonly turned: Reason | undefined;
};

/** A person's decision is where the wait for its task begins anew. */
const resumedAt = ({ id }: Instance, { name }: Task, history: readonly RecordedEvent[]): string | undefined =>
  history
    .filter((event) => event.type === "CommandResumed" && answeredBy(event).startsWith(`${id}/${name}/`))
    .map(({ metadata }) => metadata.recordedAt)
    .toSorted()
    .at(-1);

/** The steps as far as they lead, the last one perhaps not done, and what is to be undone where that has failed. */
type Walk = { readonly forth: readonly TaskProgress[]; readonly back: readonly Task[] };

/** It is asked for several times for each event that is noted. */
const walk = onceForBoth((instance: Instance, history: readonly RecordedEvent[]): Walk => {
  const forth: TaskProgress[] = [];
  const done: RecordedEvent[] = [];
  for (const [index, step] of instance.forth.entries()) {
    const task = step(done);
    const progress = task.progress(history);
    forth.push({ task, progress });
    if (progress.kind === "failed") return { forth, back: instance.back(index, progress.reason) };
    if (progress.kind !== "succeeded") break;
    done.push(...progress.events);
  }
  return { forth, back: [] };
});

export const position = onceForBoth((instance: Instance, history: readonly RecordedEvent[]): Position => {
  let since = instance.start.metadata.recordedAt;
  const done: string[] = [];
  const isDone = ({ task, progress }: TaskProgress): boolean => {
    since = (progress.kind === "pending" ? resumedAt(instance, task, history) : progress.at) ?? since;
    if (progress.kind === "succeeded") done.push(task.name);
    return progress.kind === "succeeded";
  };
  const { forth, back } = walk(instance, history);
  const current = forth.find((found) => !isDone(found));
  const { progress } = current ?? {};
  if (progress?.kind !== "failed" || progress.undecided.length > 0)
    return { done, current, since, turned: undefined };
  for (const task of back) {
    const current = { task, progress: task.progress(history) };
    if (!isDone(current)) return { done, current, since, turned: progress.reason };
  }
  return { done, current: undefined, since, turned: progress.reason };
});

/**
 * Running: a stream has not answered a command yet. Waiting: all have, and the outcome will come from outside.
 * The step is one of the saga's, `undo-` and its name, `complete`, or `abandon`.
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

export const status = (instance: Instance, history: readonly RecordedEvent[]): Status =>
  statusAt(position(instance, history), history);

/** The status at the position that these notes lead to. */
export const statusAt = ({ current, since, turned }: Position, history: readonly RecordedEvent[]): Status => {
  if (!current) return turned ? { kind: "compensated", since, reason: turned } : { kind: "completed", since };
  const { task, progress } = current;
  const at = { step: task.name, since };
  if (progress.kind === "parked") return { kind: "parked", ...at, reason: progress.reason };
  const reason = turned ?? (progress.kind === "failed" ? progress.reason : undefined);
  if (reason) return { kind: "compensating", ...at, reason };
  return {
    kind: progress.undecided.every((command) => answer(command, history)) ? "waiting" : "running",
    ...at,
  };
};

/**
 * The first of the tasks of these names that is not done, or the last of them; nothing where the noted events do not
 * lead to it, for later steps are made from the outcomes of earlier ones.
 */
export const taskNamed = (
  instance: Instance,
  history: readonly RecordedEvent[],
  ...names: readonly string[]
): Task | undefined => {
  const { forth, back } = walk(instance, history);
  let last: Task | undefined;
  for (const name of names) {
    const found = forth.find(({ task }) => task.name === name);
    if (!found) return back.find((task) => task.name === name);
    if (found.progress.kind !== "succeeded") return found.task;
    last = found.task;
  }
  return last;
};
