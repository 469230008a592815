/**
 * A saga by events alone. The handler appends each event to the history of its instance and then does what follows
 * from the history. No process holds other state, and none waits: the answer to a command arrives as an event, and
 * a deadline arrives as a delivery. Commands and deadlines have fixed ids, so reacting twice, late or in another
 * order changes nothing. A crash between append and reaction is repaired by the redelivery.
 */

import type { SentCommand } from "../../model/message.ts";
import type { AnySaga } from "../../model/saga.ts";
import { type Instance, instanceIn, instancesOf, type Task } from "../../model/sagas/instance.ts";
import { position } from "../../model/sagas/status.ts";
import { answer, attemptOf, type Progress } from "../../model/sagas/verdict.ts";
import type { Clock } from "../../ports/clock.ts";
import type { Deadlines } from "../../ports/deadlines.ts";
import type { Delivery, Handle } from "../../ports/delivery.ts";
import type { EventStore } from "../../ports/event-store.ts";
import type { InstanceItem, Instances } from "../../ports/instances.ts";
import type { Log } from "../../ports/log.ts";
import type { HandleCommand } from "../streams/handle-command.ts";
import { loadStream } from "../streams/load-stream.ts";
import { recordedEvents } from "../streams/recorded.ts";
import { conclude } from "./conclude.ts";
import { appendUnseen, eventsIn, reactToEach } from "./deliveries.ts";
import { reportStep } from "./report-step.ts";
import { Retryable } from "./retryable.ts";
import { sagaLog } from "./saga-log.ts";

type ChoreographPorts = {
  readonly instances: Instances;
  readonly store: EventStore;
  readonly handle: HandleCommand;
  readonly deadlines: Deadlines;
  readonly clock: Clock;
  readonly log: Log;
};

/** A compensation is retried for as long as an engine would retry it, before an operator is asked. */
const undoSeconds = 86_400;

/** A task and its attempt. Each attempt has its own deadline. */
const waitOf = (task: Task, attempt: number): string => `${task.name}#${attempt}`;

export const choreographer = (saga: AnySaga, ports: ChoreographPorts): Handle => {
  const { instances, store, handle, deadlines, clock, log } = ports;

  const expire = async (task: Task, commands: readonly SentCommand[]) => {
    await Promise.all(commands.map((command) => conclude(ports)(task, command, { kind: "expire" })));
  };

  const send = async (command: SentCommand) => {
    if ((await handle(command)).kind === "contended")
      throw new Retryable(`${command.metadata.id} is contended`);
  };

  /** Deadlines are set before the commands are sent, so that every command that is sent has a deadline. */
  const setDeadlines = async (sagaId: string, task: Task, undecided: readonly SentCommand[]) => {
    const seconds = task.mode === "undo" ? undoSeconds : task.timeoutSeconds;
    const at = new Date(clock().getTime() + seconds * 1000);
    const waits = new Set(undecided.map((command) => waitOf(task, attemptOf(command))));
    for (const wait of waits) await deadlines.set(`${sagaId}/${wait}`, at, { sagaId, task: wait });
  };

  /** If one command fails, its siblings expire: they can no longer take effect. */
  const pursue = async ({ id, history }: InstanceItem, task: Task, { kind, undecided }: Progress) => {
    if (kind === "parked" || undecided.length === 0) return;
    if (kind === "failed") return expire(task, undecided);
    await setDeadlines(id, task, undecided);
    await Promise.all(undecided.filter((command) => !answer(command, history)).map(send));
  };

  /**
   * One event of a commit may arrive before the others. If a step does not wait, only its stream can show that an
   * answer does not decide the step.
   */
  const appendWholeAnswers = async (item: InstanceItem): Promise<InstanceItem> => {
    const instance = instanceIn(saga, item.id, item.history);
    const progress = instance && position(instance, item.history).current?.progress;
    if (progress?.kind !== "parked" || progress.reason.kind !== "undecided") return item;
    const streams = progress.parked.map(({ streamId }) => loadStream(store, streamId, "strong"));
    const found = (await Promise.all(streams)).flat().flatMap(recordedEvents);
    const own = found.filter((event) => instancesOf(saga, event).includes(item.id));
    return sagaLog(saga, instances).append(item, own);
  };

  /** A deadline of an attempt that has ended is ignored. */
  const expireLate = async (task: Task, { undecided }: Progress, waits: ReadonlySet<string>) =>
    expire(
      task,
      undecided.filter((command) => waits.has(waitOf(task, attemptOf(command)))),
    );

  /** A wait begins when a command is answered and another party must decide the step. */
  const beginsToWait = (
    { kind, undecided }: Progress,
    { history }: InstanceItem,
    brought: ReadonlySet<string>,
  ) =>
    kind === "pending" &&
    undecided.some((command) => brought.has(answer(command, history)?.metadata.id ?? ""));

  /** Logs the steps that these deliveries have decided, and the wait that follows. */
  const report = (instance: Instance, item: InstanceItem, all: readonly Delivery[]) => {
    const { history } = item;
    const brought = new Set(eventsIn(all).map(({ metadata }) => metadata.id));
    const before = history.filter(({ metadata }) => !brought.has(metadata.id));
    const known = instanceIn(saga, instance.id, before) ? position(instance, before).done : [];
    const { done, current } = position(instance, history);
    for (const name of done.slice(known.length)) reportStep(log, instance, { name }, { kind: "succeeded" });
    if (current && ("reason" in current.progress || beginsToWait(current.progress, item, brought)))
      reportStep(log, instance, current.task, current.progress);
    if (current?.progress.kind === "parked" && brought.size > 0) log.count("SagaParked");
  };

  return reactToEach(saga, ports, async (id, all: readonly Delivery[]) => {
    const item = await appendWholeAnswers(await appendUnseen(saga, instances, id, eventsIn(all)));
    const instance = instanceIn(saga, id, item.history);
    const { current } = instance ? position(instance, item.history) : {};
    if (instance) report(instance, item, all);
    if (!current) return item;
    const { task, progress } = current;
    const waits = new Set(all.flatMap((delivery) => (delivery.kind === "deadline" ? [delivery.task] : [])));
    await expireLate(task, progress, waits);
    await pursue(item, task, progress);
    return item;
  });
};
