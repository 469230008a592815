/**
 * A saga by events alone. The handler appends each delivered event to the history of its instance. Then it runs the
 * tasks that follow in a row, until another party must decide, or the saga ends. No process holds other state, and
 * none waits: an outcome of another party arrives as an event, and the end of a wait as a deadline. Commands and
 * deadlines have fixed ids, so reacting twice, late or in another order changes nothing. A crash is repaired by the
 * redelivery.
 */
import type { SentCommand } from "../../model/message.ts";
import type { AnySaga } from "../../model/saga.ts";
import { instanceIn } from "../../model/sagas/instance.ts";
import { position } from "../../model/sagas/status.ts";
import { answer } from "../../model/sagas/verdict.ts";
import type { Clock } from "../../ports/clock.ts";
import type { Deadlines } from "../../ports/deadlines.ts";
import type { Delivery, Handle } from "../../ports/delivery.ts";
import type { EventStore } from "../../ports/event-store.ts";
import type { InstanceItem, Instances } from "../../ports/instances.ts";
import type { Log } from "../../ports/log.ts";
import { PermanentError } from "../../ports/permanent-error.ts";
import { reportFault } from "../handlers/report-fault.ts";
import type { HandleCommand } from "../streams/handle-command.ts";
import { loadStream } from "../streams/load-stream.ts";
import { recordedEvents } from "../streams/recorded.ts";
import { appendUnseen, eventsIn, reactToEach } from "./deliveries.ts";
import { reportRow } from "./report-row.ts";
import { Retryable } from "./retryable.ts";
import { type Action, type RowEnd, row } from "./row.ts";
import { sagaLog } from "./saga-log.ts";
import { type Undecided, waitOf, waits } from "./waits.ts";

type ChoreographPorts = {
  readonly instances: Instances;
  readonly store: EventStore;
  readonly handle: HandleCommand;
  readonly deadlines: Deadlines;
  readonly clock: Clock;
  readonly log: Log;
};

/** A row ends before the next command after this time. The rest follows with the next delivery. */
const rowSecondsMax = 12;

export const choreographer = (saga: AnySaga, ports: ChoreographPorts): Handle => {
  const { instances, store, clock, log } = ports;
  const inARow = row(saga, ports);

  const positionOf = ({ id, history }: InstanceItem) => {
    const instance = instanceIn(saga, id, history);
    return instance && position(instance, history);
  };
  const currentOf = (item: InstanceItem) => positionOf(item)?.current;

  /**
   * One event of a commit may arrive before the others. If a step does not wait, only its stream can show that an
   * answer does not decide the step.
   */
  const appendWholeAnswers = async (item: InstanceItem): Promise<InstanceItem> => {
    const progress = currentOf(item)?.progress;
    if (progress?.kind !== "parked" || progress.reason.kind !== "undecided") return item;
    const streams = progress.parked.map(({ streamId }) => loadStream(store, streamId, "strong"));
    const found = (await Promise.all(streams)).flat().flatMap(recordedEvents);
    return sagaLog(saga, instances).append(item, found);
  };

  /** The current task and its undecided commands. Undefined if the saga is parked or over. */
  const undecidedIn = (item: InstanceItem): Undecided | undefined => {
    const { current, since = "" } = positionOf(item) ?? {};
    if (!current || current.progress.kind === "parked") return undefined;
    return { task: current.task, commands: current.progress.undecided, since };
  };

  /**
   * The next action for a history. Commands whose deadline has come expire, and so do the siblings of a command that
   * has failed, because they can no longer take effect. Other commands are sent, unless their streams have answered.
   */
  const actionFor = (item: InstanceItem, late: ReadonlySet<string>): Action | undefined => {
    const current = currentOf(item);
    if (!current || current.progress.kind === "parked") return undefined;
    const { task, progress } = current;
    const { kind, undecided } = progress;
    const isLate = (command: SentCommand) => kind === "failed" || late.has(waitOf(task, command));
    const expired = undecided.filter(isLate);
    if (expired.length > 0) return { kind: "expire", task, commands: expired };
    const open = undecided.filter((command) => !answer(command, item.history));
    return open.length > 0 ? { kind: "send", task, commands: open } : undefined;
  };

  /** Each deadline ends one wait: after the pivot, an expired command is sent again. */
  const run = async (item: InstanceItem, late: Set<string>, before: (action: Action) => Promise<void>) => {
    const end = clock().getTime() + rowSecondsMax * 1000;
    const next = (ahead: InstanceItem): Action | undefined => {
      const action = actionFor(ahead, late);
      if (action && clock().getTime() >= end)
        throw new Retryable(`${item.id} took ${rowSecondsMax} s, and continues with the next delivery`);
      if (action?.kind === "expire")
        for (const command of action.commands) late.delete(waitOf(action.task, command));
      return action;
    };
    let ended: RowEnd = { item };
    // Another process may append an outcome before the row is stored. Then the saga continues from it.
    do ended = await inARow(ended.item, { next, before });
    while (ended.fault === undefined && actionFor(ended.item, late));
    return ended;
  };

  /**
   * Whether the saga's own deadline continues after a fault, instead of another attempt of these deliveries. A retry
   * would delay the other deliveries of its partition. A deadline that is retried would be retried beside the next
   * deadline of the same wait, and in a long outage these would pile up.
   */
  const continuesByDeadline = (all: readonly Delivery[], fault: unknown): boolean =>
    !(fault instanceof PermanentError) &&
    all.every(({ kind, blocksOthers }) => kind === "deadline" || blocksOthers);

  return reactToEach(saga, ports, async (id, all: readonly Delivery[]) => {
    const events = eventsIn(all);
    const brought = new Set(events.map(({ metadata }) => metadata.id));
    const found = await appendWholeAnswers(await appendUnseen(saga, instances, id, events));
    const before = { ...found, history: found.history.filter(({ metadata }) => !brought.has(metadata.id)) };
    const late = new Set(all.flatMap((delivery) => (delivery.kind === "deadline" ? [delivery.task] : [])));
    const own = waits(ports, id, late);
    // A function that dies each time without an error reports no fault.
    if (all.some(({ kind, receiveCount }) => kind === "event" && receiveCount > 1))
      await own.limit(undecidedIn(found));
    const unstored = (fault: unknown): RowEnd => ({ item: found, fault });
    const { item, fault } = await run(found, new Set(late), own.begin).catch(unstored);
    reportRow(log, saga, { before, item });
    const current = undecidedIn(item);
    if (fault === undefined) {
      await own.end({ before: undecidedIn(before), current });
      return item;
    }
    const continues = continuesByDeadline(all, fault);
    if (continues) await own.again(current);
    await own.limit(current);
    if (!continues) throw fault;
    await reportFault(ports, { sagaId: id, step: "react" }, fault);
    return item;
  });
};
