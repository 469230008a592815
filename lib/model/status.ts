/** Where an instance of a saga stands, from its definition and the events noted for it alone. */
import type { Instance, Task } from "./instance.ts";
import type { RecordedEvent } from "./message.ts";
import type { Reason } from "./saga.ts";
import { answer, type Progress } from "./verdict.ts";

/** The task that has not succeeded yet, none at the end; and why the saga turned back, if it did. */
export type Position = {
  readonly current: { readonly task: Task; readonly progress: Progress } | undefined;
  readonly since: string;
  readonly turned: Reason | undefined;
};

export const position = (instance: Instance, noted: readonly RecordedEvent[]): Position => {
  let since = instance.start.metadata.recordedAt;
  const look = (task: Task) => {
    const progress = task.progress(noted);
    if (progress.kind !== "pending") since = progress.at ?? since;
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
        if (current.progress.kind !== "succeeded") return { current, since, turned };
      }
      return { current: undefined, since, turned };
    } else return { current, since, turned: undefined };
  }
  return { current: undefined, since, turned: undefined };
};

/**
 * Running: a stream has not answered a command yet. Waiting: all have, and the outcome will come from outside.
 * The step is one of the saga's, `undo-` and its name, `complete`, or `abandon`.
 */
export type Status =
  | { readonly kind: "running" | "waiting"; readonly step: string; readonly since: string }
  | {
      readonly kind: "compensating" | "parked";
      readonly step: string;
      readonly since: string;
      readonly reason: Reason;
    }
  | { readonly kind: "compensated"; readonly since: string; readonly reason: Reason }
  | { readonly kind: "completed"; readonly since: string };

export const status = (instance: Instance, noted: readonly RecordedEvent[]): Status => {
  const { current, since, turned } = position(instance, noted);
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
