/**
 * The tasks of a saga's state machine. Each may run any number of times. A task decides from the history of the
 * instance, sends the undecided commands with ids that never change, and appends the events that it finds in their
 * streams. Only the machine knows which task is next and which steps run in a row.
 */

import type { SentCommand } from "../../model/message.ts";
import type { AnySaga } from "../../model/saga.ts";
import type { Instance, Task } from "../../model/sagas/instance.ts";
import { type MachineTask, machineErrors } from "../../model/sagas/machine-task.ts";
import { positionOf } from "../../model/sagas/position.ts";
import { reasonCode } from "../../model/sagas/reason-code.ts";
import type { Progress } from "../../model/sagas/verdict.ts";
import type { Clock } from "../../ports/clock.ts";
import type { EventStore } from "../../ports/event-store.ts";
import type { InstanceItem, Instances } from "../../ports/instances.ts";
import type { Log } from "../../ports/log.ts";
import { PermanentError } from "../../ports/permanent-error.ts";
import type { SagaEngine } from "../../ports/saga-engine.ts";
import { reportFault } from "../handlers/report-fault.ts";
import type { HandleCommand } from "../streams/handle-command.ts";
import { conclude } from "./conclude.ts";
import { executionName } from "./execution-name.ts";
import { isRefused, parkRefused } from "./park-refused.ts";
import { reportStep } from "./report-step.ts";
import { Retryable } from "./retryable.ts";
import { type Action, row, sender } from "./row.ts";
import { sagaLog } from "./saga-log.ts";
import { parkedName, settle, wordsOf } from "./settle.ts";

/** `name` matches the catchers of the definition. */
class TaskError extends Error {
  override readonly name: string;
  constructor(name: string, message: string) {
    super(message);
    this.name = name;
  }
}

type SagaTaskPorts = {
  readonly instances: Instances;
  readonly store: EventStore;
  readonly handle: HandleCommand;
  readonly engine: SagaEngine;
  readonly clock: Clock;
  readonly log: Log;
};

type Located = { readonly instance: Instance; readonly task: Task; readonly item: InstanceItem };

const namesOf = ({ task }: Pick<MachineTask, "task">): readonly string[] => [task].flat();

export const sagaTask = (saga: AnySaga, ports: SagaTaskPorts) => {
  const { instances, handle, clock, log } = ports;
  const histories = sagaLog(saga, instances);
  const inARow = row(saga, ports);
  const send = sender(handle);

  const find = (item: InstanceItem, names: readonly string[]): Located | undefined => {
    const position = positionOf(saga, item);
    const reached = names.map((name) => position?.tasks.find(({ task }) => task.name === name));
    const undone = reached.findIndex((each) => each?.progress.kind !== "succeeded");
    const found = reached.at(undone);
    return position && found && { instance: position.instance, task: found.task, item };
  };

  /** If the history does not lead to a task, the task belongs to a different definition from the deployed one. */
  const locate = (item: InstanceItem, names: readonly string[]): Located => {
    const located = find(item, names);
    if (located) return located;
    throw new TaskError(
      machineErrors.parked,
      `the history of ${item.id} leads to no task ${names.join(", ")}`,
    );
  };

  const progressOf = ({ task, item }: Located): Progress => task.progress(item.history);

  const report = (located: Located) => reportStep(log, located.instance, located.task, progressOf(located));

  const sendUndecided = async (located: Located) => {
    const { unanswered } = progressOf(located);
    return (await Promise.all(unanswered.map(send))).flat();
  };

  const expireUndecided = async (located: Located) => {
    const { undecided } = progressOf(located);
    const expire = (command: SentCommand) => conclude(ports)(located.task, command, { kind: "expire" });
    return (await Promise.all(undecided.map(expire))).flat();
  };

  /** A task that cannot wait must be decided here. It returns, or it throws an error that the machine handles. */
  const judge = (located: Located): void => {
    report(located);
    const progress = progressOf(located);
    if (progress.kind === "succeeded") return;
    if (progress.kind === "pending")
      throw new Retryable(`${located.item.id} ${located.task.name} is undecided`);
    const because = `${located.item.id}: ${wordsOf(progress.reason)}`;
    throw new TaskError(
      progress.kind === "failed" ? machineErrors.stepFailed : machineErrors.parked,
      because,
    );
  };

  const runWaiting = async (located: Located, token: string) => {
    const isFailed = progressOf(located).kind === "failed";
    const found = isFailed ? [] : await sendUndecided(located);
    const item = await histories.append(located.item, found, { step: located.task.name, token });
    report({ ...located, item });
    await settle(saga, ports, item);
  };

  /** If one command has failed, its siblings expire: the saga no longer waits for them. */
  const actionOf = (located: Located): Action => {
    const { kind, undecided, unanswered } = progressOf(located);
    const { task } = located;
    if (kind === "failed") return { kind: "expire", task, commands: undecided };
    return { kind: "send", task, commands: unanswered };
  };

  /** Runs these steps in a row, up to the first one that is not decided, or that fails. */
  const runAtOnce = async (item: InstanceItem, names: readonly string[]) => {
    const passed: Located[] = [];
    let reached: Located | undefined;
    const next = (ahead: InstanceItem): Action | undefined => {
      if (reached) {
        const isLast = reached.task.name === names.at(-1);
        if (isLast || progressOf({ ...reached, item: ahead }).kind !== "succeeded") return undefined;
        passed.push(reached);
      }
      reached = locate(ahead, names);
      return actionOf(reached);
    };
    const { item: stored, fault } = await inARow(item, { next });
    for (const each of passed) report({ ...each, item: stored });
    if (fault !== undefined) throw fault;
    judge(locate(stored, names));
  };

  /** After the pivot, a command without an answer in time is sent again by the step that the machine returns to. */
  const expire = async (located: Located) => {
    const item = await histories.append(located.item, await expireUndecided(located));
    const expired = { ...located, item };
    if (located.task.mode !== "forward") return judge(expired);
    report(expired);
    if (progressOf(expired).kind === "pending") log.count("SagaDelayed");
  };

  /**
   * The machine asks to park this step. If the step is no longer parked, an operator has decided in the meantime
   * that the saga continues.
   */
  const park = async (located: Located, token: string) => {
    const isDecided = located.task.mode !== "undo" && progressOf(located).kind !== "parked";
    const found = isDecided ? [] : await expireUndecided(located);
    const item = await histories.append(located.item, found, { step: parkedName(located.task.name), token });
    const updated = { ...located, item };
    report(updated);
    if (progressOf(updated).kind === "parked") log.count("SagaParked");
    await settle(saga, ports, item);
  };

  /** An operator who resumes starts the next execution. The report of an earlier execution is out of date. */
  const parkAndEnd = async (item: InstanceItem, names: readonly string[], execution?: string) => {
    if (execution !== executionName(item.id, item.restarts)) return;
    const located = find(item, names);
    const progress = located && progressOf(located);
    if (progress && progress.kind !== "parked") return;
    const [code, because] = progress
      ? [reasonCode(progress.reason), wordsOf(progress.reason)]
      : ["no-such-task", `its history leads to no task ${names.join(", ")}`];
    await histories.park(item.id, { code, because, at: clock().toISOString() });
    log.count("SagaParked");
    log.write({ kind: "problem", message: `${item.id} is parked: ${because}`, sagaId: item.id });
  };

  const attempt = async (task: MachineTask): Promise<void> => {
    const { sagaId, act, token, execution } = task;
    const item = await instances.read(sagaId);
    // This error ends the execution. No other task may run until an operator resumes the saga.
    if (isRefused(item))
      throw new TaskError(machineErrors.permanent, `${sagaId} is parked: ${item.parked?.because}`);
    const names = namesOf(task);
    if (act === "expire") return expire(locate(item, names));
    if (token === undefined)
      return act === "run" ? runAtOnce(item, names) : parkAndEnd(item, names, execution);
    const located = locate(item, names);
    return act === "run" ? runWaiting(located, token) : park(located, token);
  };

  /**
   * The machine retries a fault for about a day and reports nothing until it gives up, so the fault is reported
   * here. If something can never be stored, the instance is parked and its execution ends: the machine does not
   * retry that error.
   */
  return async (task: MachineTask): Promise<void> => {
    try {
      await attempt(task);
    } catch (error) {
      if (error instanceof TaskError || error instanceof Retryable) throw error;
      if (error instanceof PermanentError) {
        await parkRefused(saga, ports, task.sagaId, error);
        throw error;
      }
      log.count("SagaDelayed");
      await reportFault(ports, { sagaId: task.sagaId, step: namesOf(task).join(", ") }, error);
      throw error;
    }
  };
};
