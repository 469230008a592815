/**
 * The tasks of a saga's state machine. Each may run any number of times. A task decides from the history of the
 * instance, sends the undecided commands with ids that never change, and appends the events that it finds in their
 * streams. Only the machine knows which task is next and which steps run in a row.
 */

import type { CurrentEvents } from "../../model/events/current.ts";
import type { RecordedEvent } from "../../model/message.ts";
import type { AnySaga } from "../../model/saga.ts";
import { type MachineTask, machineErrors } from "../../model/sagas/machine-task.ts";
import { type Position, positionOf } from "../../model/sagas/position.ts";
import type { Clock } from "../../ports/clock.ts";
import type { EventStore } from "../../ports/event-store.ts";
import type { InstanceItem, Instances, WaitingToken } from "../../ports/instances.ts";
import type { Log } from "../../ports/log.ts";
import { PermanentError } from "../../ports/permanent-error.ts";
import type { SagaEngine } from "../../ports/saga-engine.ts";
import { reportFault } from "../handlers/report-fault.ts";
import type { HandleCommand } from "../streams/handle-command.ts";
import { conclude } from "./conclude.ts";
import { refuseUnreadable } from "./current-instances.ts";
import { asPermanent, isRefused, parkRefused } from "./park-refused.ts";
import { reportStep } from "./report-step.ts";
import { Retryable } from "./retryable.ts";
import { actionFor, row, sender } from "./row.ts";
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
  readonly current: CurrentEvents;
  readonly instances: Instances;
  readonly store: EventStore;
  readonly handle: HandleCommand;
  readonly engine: SagaEngine;
  readonly clock: Clock;
  readonly log: Log;
};

type Context = SagaTaskPorts & { readonly saga: AnySaga };

/** A task that the history of an instance leads to. */
type Reached = NonNullable<Position["current"]> &
  Pick<Position, "instance"> & { readonly item: InstanceItem };

export const sagaTask = (saga: AnySaga, ports: SagaTaskPorts) => {
  const context = { ...ports, saga };
  /**
   * The machine retries a fault for about a day and reports nothing until it gives up, so the fault is reported
   * here. If something can never be stored, the instance is parked and its execution ends: the machine does not
   * retry that error.
   */
  return async (request: MachineTask): Promise<void> => {
    try {
      await attempt(context, request);
    } catch (caught) {
      const error = asPermanent(caught, ports.clock());
      if (error instanceof TaskError || error instanceof Retryable) throw error;
      if (error instanceof PermanentError) {
        await parkRefused(saga, ports, request.sagaId, error);
        throw error;
      }
      ports.log.count("SagaDelayed");
      await reportFault(ports, { sagaId: request.sagaId, step: namesOf(request).join(", ") }, error);
      throw error;
    }
  };
};

const namesOf = ({ task }: MachineTask): readonly string[] => [task].flat();

const attempt = async (context: Context, request: MachineTask): Promise<void> => {
  const { sagaId, act, token } = request;
  const item = await context.instances.read(sagaId);
  // This error ends the execution. No other task may run until an operator resumes the saga.
  if (isRefused(item))
    throw new TaskError(machineErrors.permanent, `${sagaId} is parked: ${item.parked?.because}`);
  refuseUnreadable(item);
  const names = namesOf(request);
  if (act === "expire") return expire(context, reach(context, item, names));
  // Only an execution of a former Express machine parks without a token. Its saga continues as a choreography.
  if (token === undefined)
    return act === "run" ? runInARow(context, item, names) : context.log.count("SagaParked");
  const reached = reach(context, item, names);
  return act === "run" ? runWaiting(context, reached, token) : park(context, reached, token);
};

/**
 * The first of these tasks that has not succeeded, or else the last one. If the history does not lead to a task, the task
 * belongs to a different definition from the deployed one.
 */
const reach = ({ saga }: Context, item: InstanceItem, names: readonly string[]): Reached => {
  const position = positionOf(saga, item);
  const named = names.map((name) => position?.tasks.find(({ task }) => task.name === name));
  const at = named.findIndex((each) => each?.progress.kind !== "succeeded");
  const reached = at < 0 ? named.at(-1) : named[at];
  if (position && reached) return { ...reached, instance: position.instance, item };
  throw new TaskError(machineErrors.parked, `the history of ${item.id} leads to no task ${names.join(", ")}`);
};

/** Runs these steps in a row, up to the first one that is not decided, or that fails. */
const runInARow = async (context: Context, item: InstanceItem, names: readonly string[]): Promise<void> => {
  const { saga, log } = context;
  const next = (ahead: InstanceItem) => actionFor(reach(context, ahead, names));
  const { item: stored, fault } = await row(saga, context)(item, { next });
  const last = fault === undefined ? reach(context, stored, names) : undefined;
  const before = positionOf(saga, item)?.done ?? [];
  const { instance, done = [] } = positionOf(saga, stored) ?? {};
  const passed = done.filter((name) => names.includes(name) && !before.includes(name));
  for (const name of passed)
    if (instance && name !== last?.task.name) reportStep(log, instance, { name }, { kind: "succeeded" });
  if (!last) throw fault;
  report(context, last);
  demandSuccess(last);
};

/** Sends the commands, and stores the token with which the task is completed later. */
const runWaiting = async (context: Context, reached: Reached, token: string): Promise<void> => {
  const { kind, unanswered } = reached.progress;
  const sent = kind === "failed" ? [] : unanswered.map(sender(context.handle));
  const waiting = { step: reached.task.name, token };
  const { item } = await stored(context, reached, { found: await all(sent), waiting });
  await settle(context.saga, context, item);
};

/** After the pivot, a command without an answer in time is sent again by the step that the machine returns to. */
const expire = async (context: Context, reached: Reached): Promise<void> => {
  const expired = await stored(context, reached, { found: await expireUndecided(context, reached) });
  if (expired.task.mode !== "forward") demandSuccess(expired);
  else if (expired.progress.kind === "pending") context.log.count("SagaDelayed");
};

/**
 * The machine asks to park this step. If the step is no longer parked, an operator has decided in the meantime
 * that the saga continues.
 */
const park = async (context: Context, reached: Reached, token: string): Promise<void> => {
  const { task, progress } = reached;
  const isDecided = task.mode !== "undo" && progress.kind !== "parked";
  const found = isDecided ? [] : await expireUndecided(context, reached);
  const parked = await stored(context, reached, { found, waiting: { step: parkedName(task.name), token } });
  if (parked.progress.kind === "parked") context.log.count("SagaParked");
  await settle(context.saga, context, parked.item);
};

const all = async (events: readonly Promise<readonly RecordedEvent[]>[]): Promise<readonly RecordedEvent[]> =>
  (await Promise.all(events)).flat();

const expireUndecided = (context: Context, { task, progress }: Reached) =>
  all(progress.undecided.map((command) => conclude(context)(task, command, { kind: "expire" })));

type Found = { readonly found: readonly RecordedEvent[]; readonly waiting?: WaitingToken };

/** Stores what was found, and reports the task as it is after that. */
const stored = async (context: Context, reached: Reached, { found, waiting }: Found): Promise<Reached> => {
  const item = await sagaLog(context.saga, context.instances).append(reached.item, found, waiting);
  const updated = { ...reached, item, progress: reached.task.progress(item.history) };
  report(context, updated);
  return updated;
};

const report = ({ log }: Context, { instance, task, progress }: Reached): void =>
  reportStep(log, instance, task, progress);

/** A task that cannot wait must be decided. It has succeeded, or this throws an error that the machine handles. */
const demandSuccess = ({ item, task, progress }: Reached): void => {
  if (progress.kind === "succeeded") return;
  if (progress.kind === "pending") throw new Retryable(`${item.id} ${task.name} is undecided`);
  const name = progress.kind === "failed" ? machineErrors.stepFailed : machineErrors.parked;
  throw new TaskError(name, `${item.id}: ${wordsOf(progress.reason)}`);
};
