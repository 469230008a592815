/**
 * The deadlines of one instance. A task that waits for another party has a deadline from before its commands are
 * sent until it is decided. A task that does not wait gets one only after a fault, so that its saga turns back if the
 * fault lasts. A task after the pivot is never undone, so a fault needs no deadline: the redelivery sends it again.
 * A deadline that fails is set again under its own name, so that one wait has at most one deadline in a long outage.
 */
import type { SentCommand } from "../../model/message.ts";
import type { Task } from "../../model/sagas/instance.ts";
import type { Position } from "../../model/sagas/position.ts";
import { attemptOf } from "../../model/sagas/verdict.ts";
import type { Clock } from "../../ports/clock.ts";
import { again, type Deadlines } from "../../ports/deadlines.ts";
import type { Log } from "../../ports/log.ts";
import type { Action } from "./row.ts";

/** A compensation is retried for as long as an engine would retry it, before an operator is asked. */
const undoSeconds = 86_400;

/**
 * How long a saga waits after a fault until its own deadline continues it: a quarter of the time by which its task is
 * late, within these limits. So a short fault costs seconds, and a long outage costs few messages.
 */
const againSeconds = { least: 30, most: 900 } as const;

/** The wait for a command: its task and its attempt. Each attempt has its own deadline. */
export const waitOf = ({ name }: Pick<Task, "name">, command: SentCommand): string =>
  `${name}#${attemptOf(command)}`;

const waitsOf = (task: Task, commands: readonly SentCommand[]): readonly string[] => [
  ...new Set(commands.map((command) => waitOf(task, command))),
];

const waitsAt = (position: Position | undefined): readonly string[] =>
  position?.next ? waitsOf(position.next.task, position.next.progress.undecided) : [];

type Ports = { readonly deadlines: Deadlines; readonly clock: Clock; readonly log: Log };

/** `delivered` are the waits whose deadlines have come. */
export const waits = ({ deadlines, clock, log }: Ports, sagaId: string, delivered: ReadonlySet<string>) => {
  const begun = new Set<string>();
  const nameOf = (wait: string) => `${sagaId}/${wait}`;

  /** A deadline that was delivered may not have deleted itself yet, and then its name is still in use. */
  const set = async (wait: string, seconds: number) => {
    if (begun.has(wait)) return;
    if (delivered.has(wait)) await deadlines.delete(nameOf(wait));
    const at = new Date(clock().getTime() + seconds * 1000);
    await deadlines.set(nameOf(wait), at, { sagaId, task: wait });
    begun.add(wait);
  };

  const lateSeconds = ({ next, status }: Position): number =>
    next ? (clock().getTime() - Date.parse(status.since)) / 1000 - next.task.timeoutSeconds : 0;

  const setAll = async ({ mode, timeoutSeconds }: Task, waits: readonly string[]) => {
    for (const wait of waits) await set(wait, mode === "undo" ? undoSeconds : timeoutSeconds);
  };

  /** A deadline that cannot be deleted is delivered, and then ignored. */
  const remove = async (waits: readonly string[]) => {
    const results = await Promise.allSettled(waits.map((wait) => deadlines.delete(nameOf(wait))));
    for (const each of results)
      if (each.status === "rejected")
        log.write({ kind: "saga", message: `${sagaId}: a deadline is left: ${each.reason}`, sagaId });
  };

  return {
    /**
     * Continues the saga soon: with the deadlines that were delivered and whose waits are not decided, or else with a
     * deadline that ends no wait.
     */
    again: async (position: Position | undefined) => {
      const { least, most } = againSeconds;
      const seconds = Math.min(most, Math.max(least, position ? lateSeconds(position) / 4 : 0));
      const over = waitsAt(position).filter((wait) => delivered.has(wait));
      for (const wait of over.length > 0 ? over : [again]) await set(wait, seconds);
    },
    /** Sets the deadlines of commands that wait, before they are sent: a command without one could wait forever. */
    begin: async ({ kind, task, commands }: Action) => {
      if (kind === "send" && task.waits) await setAll(task, waitsOf(task, commands));
    },
    /**
     * Sets the deadline of a task that meets a fault, unless only a retry can help, and of a task that may have lost
     * its deadline.
     */
    limit: async (position: Position | undefined) => {
      const task = position?.next?.task;
      if (task && (task.waits || task.mode !== "forward")) await setAll(task, waitsAt(position));
    },
    /**
     * Deletes the deadlines of the waits that have ended: the waits that began here, and the waits of the task before.
     * A deadline that was delivered has deleted itself.
     */
    end: async (before: Position | undefined, after: Position | undefined) => {
      const lasting = new Set(after?.next?.task.waits ? waitsAt(after) : []);
      const earlier = waitsAt(before).filter((wait) => !delivered.has(wait));
      await remove([...new Set([...begun, ...earlier])].filter((wait) => !lasting.has(wait)));
    },
  };
};
