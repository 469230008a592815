/**
 * Where a saga instance is, and what follows. Every engine, list and report asks this file. Start reading here.
 *
 *     history ──► position ──► what follows
 *
 * The history is the only state of an instance: the list of its events, in the order in which they were appended. The
 * definition and the history determine the position, and the position determines what follows. `positionOf` is a pure
 * function, so it does not matter which process calls it, how often, or after which crash. The checkout of an order, as
 * an example:
 *
 *     the history so far      the position                        what follows (`next`)
 *     ----------------------  ----------------------------------  ------------------------
 *     OrderPlaced             running at reserve-stock            send ReserveStock
 *     + StockReserved         running at authorize-payment        send RequestPayment
 *     + PaymentRequested      waiting at authorize-payment        an outcome, or a deadline
 *     + PaymentAuthorized     running at arrange-shipment         send ArrangeShipment
 *     + ShipmentArranged      running at confirm-order            send ConfirmOrder
 *     + OrderConfirmed        running at complete                 send TakeStock
 *     + StockTaken            completed                           nothing
 *
 *     if the history continues with PaymentDeclined instead of PaymentAuthorized:
 *     + PaymentDeclined       compensating at undo-authorize-payment   send VoidPayment
 *     + CommandIgnored        compensating at undo-reserve-stock       send ReleaseStock
 *     + StockReleased         compensating at abandon                  send CancelOrder
 *     + OrderCancelled        compensated                              nothing
 *
 * How the position is found:
 * 1. The start gives the tasks of the instance (instance.ts). A task is a set of commands that are sent together. The
 *    forward tasks are the steps, then `complete`. A later step may be made from the outcomes of the earlier ones.
 * 2. The first event that decides a command is final (verdict.ts). A task succeeds if all its commands succeed. If one
 *    fails, the task fails, or it parks the saga: after the pivot, and while the saga compensates.
 * 3. The first task that has not succeeded is the current one. If it has failed, its other commands expire first. After
 *    that the compensating tasks follow: the undos in reverse order, then `abandon`.
 * 4. What follows depends on the current task. Commands without an answer are sent. Commands whose deadline has come
 *    expire. An operator resumes a parked task. If no task is left, the saga has ended.
 *
 * The ids of commands are derived from the instance, the task and the attempt, and a stream answers each id once. So
 * two processes that find the same position have the effect of one.
 */
import { answeredBy, type RecordedEvent } from "../message.ts";
import { onceForBoth } from "../once-for.ts";
import type { AnySaga, Reason } from "../saga.ts";
import { type Instance, instanceIn, type Task } from "./instance.ts";
import type { ParkedReason, Progress } from "./verdict.ts";

type Reached = { readonly task: Task; readonly progress: Progress };

/**
 * The position of an instance. Its status is for people, the rest is for engines.
 * - running: a stream has not answered a command yet.
 * - waiting: all streams have answered, and the outcome comes from outside.
 *
 * `step` is the name of a step, `undo-` and the name of a step, `complete`, or `abandon`.
 */
export type Position = {
  readonly instance: Instance;
  /** The steps that were reached, in order, and the compensating tasks if the last of these steps failed. */
  readonly tasks: readonly Reached[];
  /** The names of the tasks that have succeeded, in order. */
  readonly done: readonly string[];
  /** The first task that has not succeeded. Undefined if the saga has ended. */
  readonly current: Reached | undefined;
  /** The current task, unless it waits for an operator. */
  readonly next: Reached | undefined;
  /** `since` is when the task before the current one was decided. */
  readonly status: { readonly since: string } & (
    | { readonly kind: "running" | "waiting"; readonly step: string }
    | { readonly kind: "compensating"; readonly step: string; readonly reason: Reason }
    | { readonly kind: "parked"; readonly step: string; readonly reason: ParkedReason }
    | { readonly kind: "compensated"; readonly reason: Reason }
    | { readonly kind: "completed" }
  );
};

const forwardTasks = ({ forward }: Instance, history: readonly RecordedEvent[]): readonly Reached[] => {
  const reached: Reached[] = [];
  const outcomes: RecordedEvent[] = [];
  for (const step of forward) {
    const task = step(outcomes);
    const progress = task.progress(history);
    reached.push({ task, progress });
    if (progress.kind !== "succeeded") break;
    outcomes.push(...progress.events);
  }
  return reached;
};

/** When a task was decided, or else when an operator last resumed it. Its wait starts again at that time. */
const changedAt = (
  { id }: Instance,
  { task, progress }: Reached,
  history: readonly RecordedEvent[],
): string | undefined =>
  progress.kind !== "pending"
    ? progress.at
    : history
        .filter(
          (event) => event.type === "CommandResumed" && answeredBy(event).startsWith(`${id}/${task.name}/`),
        )
        .map(({ metadata }) => metadata.recordedAt)
        .toSorted()
        .at(-1);

const kindAt = (current: Reached | undefined, failure: Reason | undefined) => {
  if (!current)
    return failure ? { kind: "compensated" as const, reason: failure } : { kind: "completed" as const };
  const { task, progress } = current;
  const step = task.name;
  if (progress.kind === "parked") return { kind: progress.kind, step, reason: progress.reason };
  if (failure) return { kind: "compensating" as const, step, reason: failure };
  return { kind: progress.unanswered.length > 0 ? ("running" as const) : ("waiting" as const), step };
};

/** Cached, because it is called several times per event. */
const positionIn = onceForBoth((instance: Instance, history: readonly RecordedEvent[]): Position => {
  const forward = forwardTasks(instance, history);
  const last = forward.at(-1)?.progress;
  const failure = last?.kind === "failed" ? last.reason : undefined;
  const compensating = failure ? instance.compensating(forward.length - 1, failure) : [];
  const tasks = [...forward, ...compensating.map((task) => ({ task, progress: task.progress(history) }))];
  const isPassed = (reached: Reached) =>
    reached.progress.kind === "succeeded" ||
    (reached.progress.kind === "failed" && reached.progress.undecided.length === 0);
  const current = tasks.find((reached) => !isPassed(reached));
  const passed = current ? tasks.slice(0, tasks.indexOf(current)) : tasks;
  const times = [...passed, ...(current ? [current] : [])].map((each) => changedAt(instance, each, history));
  const since = times.findLast((time) => time !== undefined) ?? instance.start.metadata.recordedAt;
  return {
    instance,
    tasks,
    done: passed.filter(({ progress }) => progress.kind === "succeeded").map(({ task }) => task.name),
    current,
    next: current?.progress.kind === "parked" ? undefined : current,
    status: { since, ...kindAt(current, failure) },
  };
});

/** The position that the history of an instance leads to. Undefined if the history has no start. */
export const positionOf = (
  saga: AnySaga,
  { id, history }: { readonly id: string; readonly history: readonly RecordedEvent[] },
): Position | undefined => {
  const instance = instanceIn(saga, id, history);
  return instance && positionIn(instance, history);
};
