/** Names of tasks: the name of a step, `undo-` and the name of a step, `complete`, or `abandon`. */
import { presentNameOf, storedNameOf } from "../names/stored-name.ts";
import { onceFor } from "../once-for.ts";
import type { AnySaga } from "../saga.ts";

/** The task that compensates a step. */
export const undoOf = (step: string): string => `undo-${step}`;

/** The name of a task for people: stored tasks have the stored name of their step, and answers show its present name. */
export const presentTasks = onceFor(({ steps }: AnySaga): ((task: string) => string) => {
  const names = new Map(
    steps.flatMap((step) => {
      const [stored, present] = [storedNameOf(step), presentNameOf(step)];
      return [
        [stored, present],
        [undoOf(stored), undoOf(present)],
      ];
    }),
  );
  return (task) => names.get(task) ?? task;
});
