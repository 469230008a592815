/**
 * The tasks of a saga's state machine. Each may be run any number of times: it judges from what is noted for the
 * instance, sends the commands that nothing has decided, under ids that never change, and notes what it finds in
 * their streams. The machine alone knows which task is next.
 */
import type { Instance, Task } from "../model/instance.ts";
import { instanceIn, instancesOf } from "../model/instance.ts";
import type { RecordedEvent, SentCommand } from "../model/message.ts";
import type { AnySaga } from "../model/saga.ts";
import { taskNamed } from "../model/status.ts";
import { answer, type Progress } from "../model/verdict.ts";
import type { Clock } from "../ports/clock.ts";
import type { EventStore } from "../ports/event-store.ts";
import type { InstanceItem, Instances, WaitingToken } from "../ports/instances.ts";
import type { Log } from "../ports/log.ts";
import type { SagaEngine } from "../ports/saga-engine.ts";
import { conclude } from "./conclude.ts";
import { executionName } from "./execution-name.ts";
import type { HandleCommand } from "./handle-command.ts";
import { notebook } from "./notebook.ts";
import { reportStep } from "./report-step.ts";
import { Retryable } from "./retryable.ts";
import { parked, parkedName, settle, stepFailed, wordsOf } from "./settle.ts";

/**
 * - run: does the task; with a token it may also go on waiting, without one it must be decided by the end.
 * - expire: nobody waits any longer for what is undecided.
 * - park: waits, with a token, for an operator; without one it marks the instance, and its execution ends.
 */
export type SagaTask = {
  readonly sagaId: string;
  readonly task: string;
  readonly act: "run" | "expire" | "park";
  readonly token?: string;
  /** The name that the execution was started by; told where it parks without a token. */
  readonly execution?: string;
};

/** Named for the catchers of the definition. */
class TaskError extends Error {
  override readonly name: string;
  constructor(name: string, message: string) {
    super(message);
    this.name = name;
  }
}

export type SagaTaskPorts = {
  readonly instances: Instances;
  readonly store: EventStore;
  readonly handle: HandleCommand;
  readonly engine: SagaEngine;
  readonly clock: Clock;
  readonly log: Log;
};

type Located = { readonly instance: Instance; readonly task: Task; readonly item: InstanceItem };

export const sagaTask = (saga: AnySaga, ports: SagaTaskPorts) => {
  const { instances, handle, clock, log } = ports;
  const notes = notebook(saga, instances);

  /** A task that the notes do not lead to belongs to another definition than the one that runs. */
  const locate = (item: InstanceItem, name: string): Located => {
    const instance = instanceIn(saga, item.id, item.notes);
    const task = instance && taskNamed(instance, item.notes, name);
    if (!instance || !task)
      throw new TaskError(parked, `${item.id} has no task ${name} that its notes lead to`);
    return { instance, task, item };
  };

  const send = async (command: SentCommand): Promise<readonly RecordedEvent[]> => {
    const answered = await handle(command);
    if (answered.kind === "contended") throw new Retryable(`${command.metadata.id} is contended`);
    return answered.history;
  };

  /** Adds the events of this instance among those found in streams, and the token, in one step. */
  const note = async (item: InstanceItem, found: readonly RecordedEvent[], waiting?: WaitingToken) => {
    const own = found.filter((event) => instancesOf(saga, event).includes(item.id));
    return notes.note(item, own, waiting);
  };

  const report = ({ instance, task }: Located, progress: Progress) =>
    reportStep(log, instance, task, progress);

  const sendUndecided = async ({ task, item }: Located) => {
    const { undecided, kind } = task.progress(item.notes);
    const open = kind === "failed" ? [] : undecided.filter((command) => !answer(command, item.notes));
    return (await Promise.all(open.map(send))).flat();
  };

  const expireUndecided = async ({ task, item }: Located) => {
    const { undecided } = task.progress(item.notes);
    const expire = (command: SentCommand) => conclude(ports)(task, command, { kind: "expire" });
    return (await Promise.all(undecided.map(expire))).flat();
  };

  /** What a task that cannot wait makes of where it stands. */
  const judge = (located: Located, progress: Progress): void => {
    report(located, progress);
    if (progress.kind === "succeeded") return;
    if (progress.kind === "pending")
      throw new Retryable(`${located.item.id} ${located.task.name} is undecided`);
    throw new TaskError(progress.kind === "failed" ? stepFailed : parked, wordsOf(progress.reason));
  };

  const runWaiting = async (located: Located, token: string) => {
    const found = await sendUndecided(located);
    const item = await note(located.item, found, { step: located.task.name, token });
    report(located, located.task.progress(item.notes));
    await settle(saga, ports, item);
  };

  const runAtOnce = async (located: Located) => {
    const item = await note(located.item, await sendUndecided(located));
    judge(located, located.task.progress(item.notes));
  };

  /** After the pivot what has no answer in time is sent again, by the step that the machine goes back to. */
  const expire = async (located: Located) => {
    const item = await note(located.item, await expireUndecided(located));
    const progress = located.task.progress(item.notes);
    if (located.task.mode !== "forward") return judge(located, progress);
    report(located, progress);
    if (progress.kind === "pending") log.count("SagaDelayed");
  };

  const park = async (located: Located, token: string) => {
    const found = await expireUndecided(located);
    const item = await note(located.item, found, { step: parkedName(located.task.name), token });
    const progress = located.task.progress(item.notes);
    report(located, progress);
    if (progress.kind === "parked") log.count("SagaParked");
    await settle(saga, ports, item);
  };

  /** A person who resumes starts the next execution: what an earlier one has to say is out of date. */
  const parkAndEnd = async (item: InstanceItem, { task, execution }: SagaTask) => {
    if (execution !== executionName(item.id, item.restarts)) return;
    const instance = instanceIn(saga, item.id, item.notes);
    const progress = instance && taskNamed(instance, item.notes, task)?.progress(item.notes);
    if (progress && progress.kind !== "parked") return;
    const because = progress ? wordsOf(progress.reason) : `its notes lead to no task ${task}`;
    await notes.park(item.id, { because, at: clock().toISOString() });
    log.count("SagaParked");
    log.write({ kind: "problem", message: `${item.id} is parked: ${because}`, sagaId: item.id });
  };

  const attempt = async (told: SagaTask): Promise<void> => {
    const { sagaId, task, act, token } = told;
    const item = await instances.read(sagaId);
    if (act === "park" && token === undefined) return parkAndEnd(item, told);
    const located = locate(item, task);
    if (act === "expire") return expire(located);
    if (token === undefined) return runAtOnce(located);
    return act === "run" ? runWaiting(located, token) : park(located, token);
  };

  /** A fault is tried again for long, and the machine tells nobody before it gives up. */
  return async (task: SagaTask): Promise<void> => {
    try {
      await attempt(task);
    } catch (error) {
      if (error instanceof TaskError || error instanceof Retryable) throw error;
      log.count("SagaDelayed");
      log.write({ kind: "problem", message: `${task.sagaId} ${task.task}: ${error}`, sagaId: task.sagaId });
      throw error;
    }
  };
};
