/**
 * Tasks in a row. Each action is based on the outcomes of the actions before it, which are added to the history in
 * memory. One update at the end, or at the first fault, stores what the row has found. If that update is lost, the
 * row finds the same events again, because a stream answers a command id once.
 */
import type { CurrentEvents } from "../../model/events/current.ts";
import type { RecordedEvent, SentCommand } from "../../model/message.ts";
import type { AnySaga } from "../../model/saga.ts";
import type { Task } from "../../model/sagas/instance.ts";
import type { Position } from "../../model/sagas/position.ts";
import type { Clock } from "../../ports/clock.ts";
import type { EventStore } from "../../ports/event-store.ts";
import type { InstanceItem, Instances } from "../../ports/instances.ts";
import type { HandleCommand } from "../streams/handle-command.ts";
import { conclude } from "./conclude.ts";
import { Retryable } from "./retryable.ts";
import { sagaLog } from "./saga-log.ts";

/** Sends these commands of a task, or ends their wait. */
export type Action = {
  readonly kind: "send" | "expire";
  readonly task: Task;
  readonly commands: readonly SentCommand[];
};

/**
 * What follows for a task. Commands that are late expire, and so do the siblings of a command that has failed, because
 * they can no longer take effect. Otherwise the commands without an answer are sent. Undefined if there are none.
 */
export const actionFor = (
  { task, progress }: NonNullable<Position["next"]>,
  isLate: (command: SentCommand) => boolean = () => false,
): Action | undefined => {
  const { kind, undecided, unanswered } = progress;
  const late = kind === "failed" ? undecided : undecided.filter(isLate);
  if (late.length > 0) return { kind: "expire", task, commands: late };
  return unanswered.length > 0 ? { kind: "send", task, commands: unanswered } : undefined;
};

type RowPorts = {
  readonly current: CurrentEvents;
  readonly instances: Instances;
  readonly store: EventStore;
  readonly handle: HandleCommand;
  readonly clock: Clock;
};

/** `item` is the stored instance. `fault` is the error that ended the row, with everything found before it stored. */
export type RowEnd = { readonly item: InstanceItem; readonly fault?: unknown };

type Plan = {
  /** The next action for the history so far. Undefined ends the row. Called again after each action. */
  readonly next: (ahead: InstanceItem) => Action | undefined;
  /** Runs before the commands of an action are sent. A fault ends the row. */
  readonly before?: (action: Action) => Promise<void>;
};

const rejectedIn = (results: readonly PromiseSettledResult<unknown>[]): PromiseRejectedResult | undefined =>
  results.find((each) => each.status === "rejected");

/** Sends a command, and answers all events of its stream. */
export const sender =
  (handle: HandleCommand) =>
  async (command: SentCommand): Promise<readonly RecordedEvent[]> => {
    const answered = await handle(command);
    if (answered.kind === "contended") throw new Retryable(`${command.metadata.id} is contended`);
    return answered.history;
  };

/** Runs the actions of a plan. Another process may append at the same time: the stored item has its events too. */
export const row = (saga: AnySaga, { instances, handle, ...ports }: RowPorts) => {
  const histories = sagaLog(saga, instances);
  const send = sender(handle);

  /** The events of the commands that succeeded, even if others failed. */
  const perform = async ({ kind, task, commands }: Action) => {
    const expire = (command: SentCommand) => conclude(ports)(task, command, { kind: "expire" });
    const results = await Promise.allSettled(commands.map(kind === "send" ? send : expire));
    const found = results.flatMap((each) => (each.status === "fulfilled" ? each.value : []));
    return { found, rejected: rejectedIn(results) };
  };

  return async (item: InstanceItem, { next, before }: Plan): Promise<RowEnd> => {
    let ahead = item;
    const stored = () => histories.append(item, ahead.history);
    const prepared = async () => {
      const action = next(ahead);
      if (action) await before?.(action);
      return action;
    };
    for (;;) {
      const [action] = await Promise.allSettled([prepared()]);
      if (action.status === "rejected") return { item: await stored(), fault: action.reason };
      if (!action.value) return { item: await stored() };
      const { found, rejected } = await perform(action.value);
      ahead = histories.with(ahead, found);
      if (rejected) return { item: await stored(), fault: rejected.reason };
    }
  };
};
