/** Where an instance of a saga stands, from its definition and the events noted for it alone. */
import type { Instance, Task } from "./instance.ts";
import { answeredBy, type RecordedEvent } from "./message.ts";
import { onceForBoth } from "./once-for.ts";
import type { Reason } from "./saga.ts";
import { answer, type ParkedReason, type Progress } from "./verdict.ts";

/**
 * The tasks that have succeeded, in order, the task that has not yet, none at the end; and why the saga turned back,
 * if it did.
 */
export type Position = {
  readonly done: readonly string[];
  readonly current: { readonly task: Task; readonly progress: Progress } | undefined;
  readonly since: string;
  readonly turned: Reason | undefined;
};

/** A person's decision is where the wait for its task begins anew. */
const resumedAt = ({ id }: Instance, { name }: Task, noted: readonly RecordedEvent[]): string | undefined =>
  noted
    .filter((event) => event.type === "CommandResumed" && answeredBy(event).startsWith(`${id}/${name}/`))
    .map(({ metadata }) => metadata.recordedAt)
    .toSorted()
    .at(-1);

/** It is asked for several times for each event that is noted. */
export const position = onceForBoth((instance: Instance, noted: readonly RecordedEvent[]): Position => {
  let since = instance.start.metadata.recordedAt;
  const tasks: string[] = [];
  const look = (task: Task) => {
    const progress = task.progress(noted);
    since = (progress.kind === "pending" ? resumedAt(instance, task, noted) : progress.at) ?? since;
    if (progress.kind === "succeeded") tasks.push(task.name);
    return { task, progress };
  };
  const done: RecordedEvent[] = [];
  for (const [index, step] of instance.forth.entries()) {
    const current = look(step(done));
    const { progress } = current;
    if (progress.kind === "succeeded") done.push(...progress.events);
    else if (progress.kind === "failed" && progress.undecided.length === 0) {
      const turned = progress.reason;
      for (const task of instance.back(index, turned)) {
        const current = look(task);
        if (current.progress.kind !== "succeeded") return { done: tasks, current, since, turned };
      }
      return { done: tasks, current: undefined, since, turned };
    } else return { done: tasks, current, since, turned: undefined };
  }
  return { done: tasks, current: undefined, since, turned: undefined };
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

export const status = (instance: Instance, noted: readonly RecordedEvent[]): Status =>
  statusAt(position(instance, noted), noted);

/** The status at the position that these notes lead to. */
export const statusAt = ({ current, since, turned }: Position, noted: readonly RecordedEvent[]): Status => {
  if (!current) return turned ? { kind: "compensated", since, reason: turned } : { kind: "completed", since };
  const { task, progress } = current;
  const at = { step: task.name, since };
  if (progress.kind === "parked") return { kind: "parked", ...at, reason: progress.reason };
  const reason = turned ?? (progress.kind === "failed" ? progress.reason : undefined);
  if (reason) return { kind: "compensating", ...at, reason };
  return {
    kind: progress.undecided.every((command) => answer(command, noted)) ? "waiting" : "running",
    ...at,
  };
};

/** The task of this name, as far as the noted events lead: later steps are made from the outcomes of earlier ones. */
export const taskNamed = (
  instance: Instance,
  noted: readonly RecordedEvent[],
  name: string,
): Task | undefined => {
  const done: RecordedEvent[] = [];
  for (const [index, step] of instance.forth.entries()) {
    const task = step(done);
    if (task.name === name) return task;
    const progress = task.progress(noted);
    if (progress.kind === "succeeded") done.push(...progress.events);
    else if (progress.kind !== "failed") return undefined;
    else return instance.back(index, progress.reason).find((each) => each.name === name);
  }
  return undefined;
};
