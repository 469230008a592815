/**
 * A saga by events alone. The handler appends each event to the history of its instance, and then does what follows
 * from the history. No process holds other state, and none waits: the answer to a command comes back as an event, and a
 * deadline as a delivery. Reacting twice, late or in another order changes nothing, because commands and deadlines have
 * fixed ids. A crash between append and reaction is repaired by the redelivery.
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

/** What has to be undone is tried for as long as an engine would, before a person is asked. */
const undoSeconds = 86_400;

/** A task and its attempt: each attempt has its own wait. */
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

  /** Before the commands, so that none is ever sent for which nobody would wait. */
  const setDeadlines = async (sagaId: string, task: Task, undecided: readonly SentCommand[]) => {
    const seconds = task.mode === "undo" ? undoSeconds : task.timeoutSeconds;
    const at = new Date(clock().getTime() + seconds * 1000);
    const waits = new Set(undecided.map((command) => waitOf(task, attemptOf(command))));
    for (const wait of waits) await deadlines.set(`${sagaId}/${wait}`, at, { sagaId, task: wait });
  };

  /** A failure ends the wait of its siblings: what has not happened can no longer happen. */
  const pursue = async ({ id, history }: InstanceItem, task: Task, { kind, undecided }: Progress) => {
    if (kind === "parked" || undecided.length === 0) return;
    if (kind === "failed") return expire(task, undecided);
    await setDeadlines(id, task, undecided);
    await Promise.all(undecided.filter((command) => !answer(command, history)).map(send));
  };

  /**
   * An event of a commit may arrive before the others of that commit. Only the stream can say whether an answer decides
   * nothing of a step that does not wait.
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

  /** A deadline of an attempt that is over means nothing any longer. */
  const expireLate = async (task: Task, { undecided }: Progress, waits: ReadonlySet<string>) =>
    expire(
      task,
      undecided.filter((command) => waits.has(waitOf(task, attemptOf(command)))),
    );

  /** A wait begins when a command is answered that somebody else must decide. */
  const beginsToWait = (
    { kind, undecided }: Progress,
    { history }: InstanceItem,
    brought: ReadonlySet<string>,
  ) =>
    kind === "pending" &&
    undecided.some((command) => brought.has(answer(command, history)?.metadata.id ?? ""));

  /** What these deliveries have decided, and what is waited for from here on. */
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
