/**
 * A saga by events alone. The handler appends each delivered event to the history of its instance. Then it runs the
 * tasks that follow in a row, until another party must decide, or the saga ends. No process holds other state, and
 * none waits: an outcome of another party arrives as an event, and the end of a wait as a deadline. Commands and
 * deadlines have fixed ids, so reacting twice, late or in another order changes nothing. A crash is repaired by the
 * redelivery.
 */
import { resumed } from "../../model/delivery/interest.ts";
import type { CurrentEvents } from "../../model/events/current.ts";
import type { RecordedEvent } from "../../model/message.ts";
import type { AnySaga } from "../../model/saga.ts";
import { positionOf } from "../../model/sagas/position.ts";
import type { Clock } from "../../ports/clock.ts";
import { again, type Deadlines } from "../../ports/deadlines.ts";
import type { Delivery, Handle } from "../../ports/delivery.ts";
import type { EventStore } from "../../ports/event-store.ts";
import type { InstanceItem, Instances } from "../../ports/instances.ts";
import type { Log } from "../../ports/log.ts";
import { PermanentError } from "../../ports/permanent-error.ts";
import { reportFault } from "../handlers/report-fault.ts";
import type { HandleCommand } from "../streams/handle-command.ts";
import { loadStream } from "../streams/load-stream.ts";
import { eventsOf } from "../streams/recorded.ts";
import { appendUnseen, eventsIn, reactToEach } from "./deliveries.ts";
import { instanceStatusOf, isStuck } from "./instance-status.ts";
import { asPermanent, CannotContinue } from "./park-refused.ts";
import { reportRow } from "./report-row.ts";
import { Retryable } from "./retryable.ts";
import { type Action, actionFor, type RowEnd, row } from "./row.ts";
import { sagaLog } from "./saga-log.ts";
import { wordsOf } from "./settle.ts";
import { waitOf, waits } from "./waits.ts";

type ChoreographPorts = {
  readonly current: CurrentEvents;
  readonly instances: Instances;
  readonly store: EventStore;
  readonly handle: HandleCommand;
  readonly deadlines: Deadlines;
  readonly clock: Clock;
  readonly log: Log;
};

/** A row ends before the next command after this time. The rest follows with the next delivery. */
const rowSecondsMax = 12;

/** How often a message that only continues a stuck instance is attempted, before the inspection sends another one. */
const continuationsMax = 3;

type Context = ChoreographPorts & { readonly saga: AnySaga };

/** Deliveries of one instance, and its deadlines. */
type Reaction = {
  readonly context: Context;
  readonly deliveries: readonly Delivery[];
  /** The waits whose deadlines have come. */
  readonly late: ReadonlySet<string>;
  readonly own: ReturnType<typeof waits>;
};

export const choreographer = (saga: AnySaga, ports: ChoreographPorts): Handle => {
  const context = { ...ports, saga };
  return reactToEach(saga, ports, (id, deliveries) => {
    const late = new Set(deliveries.flatMap((each) => (each.kind === "deadline" ? [each.task] : [])));
    return react({ context, deliveries, late, own: waits(ports, id, late) }, id);
  });
};

const react = async (reaction: Reaction, id: string): Promise<InstanceItem> => {
  const { context, deliveries, own } = reaction;
  const { saga, log } = context;
  const { before, found } = await record(reaction, id);
  if (isLeftToInspection(reaction, found)) return found;
  if (deliveries.some(mayBeLost)) await own.limit(positionOf(saga, found));
  const { item, fault } = await run(reaction, found);
  reportRow(log, saga, { before, item });
  if (fault === undefined) await own.end(positionOf(saga, before), positionOf(saga, item));
  else await recover(reaction, item, fault);
  refuseToEnd(saga, item);
  return item;
};

/** Nothing else would continue an instance that its definition parks, so its delivery is kept as a dead letter. */
const refuseToEnd = (saga: AnySaga, item: InstanceItem): void => {
  const { status } = positionOf(saga, item) ?? {};
  if (status?.kind === "parked" && status.reason.kind === "cannot-continue")
    throw new CannotContinue(wordsOf(status.reason));
};

/** A function that dies each time without an error reports no fault. An instance that is stuck may have no deadline. */
const mayBeLost = (delivery: Delivery): boolean =>
  delivery.kind === "deadline" ? delivery.task === again : delivery.receiveCount > 1;

/**
 * The next inspection sends another message to a stuck instance, so one that only continues it is given up after some
 * attempts. Otherwise the messages of all inspections would pile up in a long outage.
 */
const isLeftToInspection = ({ context, deliveries }: Reaction, item: InstanceItem): boolean => {
  const isGivenUp = (each: Delivery) =>
    each.kind === "deadline" && each.task === again && each.receiveCount > continuationsMax;
  const status = instanceStatusOf(context.saga, item);
  return status !== undefined && isStuck(status, context.clock()) && deliveries.every(isGivenUp);
};

/**
 * Appends the events. `before` is the instance without the events that these deliveries have brought. The answer to a
 * command of this saga is not one of them if the history already has it: a row has found and reported it.
 */
const record = async ({ context, deliveries }: Reaction, id: string) => {
  const { saga, instances } = context;
  const events = eventsIn(deliveries);
  const { known, item } = await appendUnseen(saga, instances, id, events);
  const found = await appendWholeAnswers(context, item);
  const isReported = ({ type, metadata: { commandId } }: RecordedEvent) =>
    commandId.startsWith(`${id}/`) && type !== resumed;
  const reported = new Set(known.history.filter(isReported).map(({ metadata }) => metadata.id));
  const brought = new Set(
    events.map(({ metadata }) => metadata.id).filter((eventId) => !reported.has(eventId)),
  );
  const before = { ...found, history: found.history.filter(({ metadata }) => !brought.has(metadata.id)) };
  return { before, found };
};

/**
 * One event of a commit may arrive before the others. If a step does not wait, only its stream can show that an
 * answer does not decide the step.
 */
const appendWholeAnswers = async (
  { saga, instances, store, current }: Context,
  item: InstanceItem,
): Promise<InstanceItem> => {
  const { status, current: reached } = positionOf(saga, item) ?? {};
  if (status?.kind !== "parked" || status.reason.kind !== "undecided") return item;
  const streams = reached?.progress.parked.map(({ streamId }) => loadStream(store, streamId, "strong")) ?? [];
  const found = (await Promise.all(streams)).flat().flatMap(eventsOf(current));
  return sagaLog(saga, instances).append(item, found);
};

/**
 * Runs tasks in a row until nothing follows from the history. Another process may append an outcome before the row is
 * stored: then the next row continues from it. If a row cannot be stored, the saga is where its deliveries found it.
 */
const run = async (reaction: Reaction, found: InstanceItem): Promise<RowEnd> => {
  const { saga, ...ports } = reaction.context;
  const end = ports.clock().getTime() + rowSecondsMax * 1000;
  const late = new Set(reaction.late);
  const follows = (item: InstanceItem) => followingAction(saga, item, late);
  const next = (ahead: InstanceItem): Action | undefined => {
    const action = follows(ahead);
    if (action && ports.clock().getTime() >= end)
      throw new Retryable(`${found.id} took ${rowSecondsMax} s, and continues with the next delivery`);
    // Each deadline ends one wait: after the pivot, an expired command is sent again.
    if (action?.kind === "expire")
      for (const command of action.commands) late.delete(waitOf(action.task, command));
    return action;
  };
  try {
    let ended: RowEnd = { item: found };
    do ended = await row(saga, ports)(ended.item, { next, before: reaction.own.begin });
    while (ended.fault === undefined && follows(ended.item));
    return ended;
  } catch (fault) {
    return { item: found, fault };
  }
};

const followingAction = (
  saga: AnySaga,
  item: InstanceItem,
  late: ReadonlySet<string>,
): Action | undefined => {
  const { next } = positionOf(saga, item) ?? {};
  return next && actionFor(next, (command) => late.has(waitOf(next.task, command)));
};

/** Sets the deadlines that continue the saga after a fault. Throws the fault if a retry continues it instead. */
const recover = async ({ context, deliveries, own }: Reaction, item: InstanceItem, fault: unknown) => {
  const position = positionOf(context.saga, item);
  const continues = continuesByDeadline(deliveries, asPermanent(fault, context.clock()));
  if (continues) await own.again(position);
  await own.limit(position);
  if (!continues) throw fault;
  await reportFault(context, { sagaId: item.id, step: "react" }, fault);
};

/**
 * Whether the saga's own deadline continues after a fault, instead of another attempt of these deliveries. A retry
 * would delay the other deliveries of its partition. A deadline that is retried would be retried beside the next
 * deadline of the same wait, and in a long outage these would pile up.
 */
const continuesByDeadline = (all: readonly Delivery[], fault: unknown): boolean =>
  !(fault instanceof PermanentError) &&
  all.every(({ kind, blocksOthers }) => kind === "deadline" || blocksOthers);
