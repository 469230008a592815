/** A saga and the event that started it: its forward and its compensating tasks. */
import { type Command, isReceipt, type RecordedEvent, type SentCommand } from "../message.ts";
import { once, onceFor, onceForBoth } from "../once-for.ts";
import { isA } from "../reference.ts";
import type { AnySaga, Outcome, Outcomes, Reason } from "../saga.ts";
import { undoOf } from "./task-name.ts";
import { continuing, isAttempt, type Progress, progress, type Rule } from "./verdict.ts";

/** Commands that are sent together, and how the history decides them. */
export type Task = {
  readonly name: string;
  readonly timeoutSeconds: number;
  readonly mode: Rule["mode"];
  /** Whether an answer to its commands may leave it undecided, so that another party decides it. */
  readonly waits: boolean;
  readonly progress: (events: readonly RecordedEvent[]) => Progress;
};

/**
 * A saga and the event that started it. Every engine runs this. Its commands, with their ids, are always the same.
 */
export type Instance = {
  readonly id: string;
  readonly start: RecordedEvent;
  /** The names of the steps that this instance skips. */
  readonly skips: readonly string[];
  /** The tasks of the steps, then the completion. */
  readonly forward: readonly ((done: readonly RecordedEvent[]) => Task)[];
  /** The tasks to run, in this order, after the task with this index has failed. */
  readonly compensating: (index: number, reason: Reason) => readonly Task[];
};

/**
 * How long a command that only needs an answer may take. A stream answers at once, so one that has not answered by
 * then has a handler that fails.
 */
export const answerSeconds = 900;

const outcomesOf = (done: readonly RecordedEvent[]): Outcomes => {
  const all: Outcomes["all"] = (reference) => done.filter((event) => isA(reference, event));
  const one: Outcomes["one"] = (reference) => {
    const [event, ...others] = all(reference);
    if (!event || others.length > 0)
      throw new Error(
        `expected one event ${reference.type} of the steps before, got ${others.length + (event ? 1 : 0)}`,
      );
    return event;
  };
  return { all, one };
};

const instanceId = ({ name }: AnySaga, id: string): string => `${name}/${id}`;

// `isA` shows that this is the event whose type `Saga` derived from `startsOn`.
const startedBy = (saga: AnySaga, event: RecordedEvent): readonly string[] =>
  isA(saga.startsOn, event) ? [instanceId(saga, saga.identifiedBy(event as never))] : [];

/** The outcomes that may come from outside. Cached, because every event of a long stream asks for them. */
const outsidersOf = onceFor((saga: AnySaga): readonly Outcome[] =>
  saga.steps.flatMap(({ succeeds, fails }) => [...succeeds, ...fails].filter(({ instance }) => instance)),
);

/**
 * The ids of the instances whose history an event belongs to: it starts them, they caused it, or it is an outcome
 * from outside.
 */
export const instancesOf = (saga: AnySaga, event: RecordedEvent): readonly string[] => {
  const { sagaId } = event.metadata;
  const outside = outsidersOf(saga).flatMap((outcome) => outcome.instance?.(event) ?? []);
  const own = sagaId?.startsWith(instanceId(saga, "")) ? [sagaId] : [];
  return [...new Set([...startedBy(saga, event), ...outside.map((id) => instanceId(saga, id)), ...own])];
};

/** What every task of an instance knows. */
type Owner = { readonly id: string; readonly start: RecordedEvent };

/** The command as the instance sends it. The same task and stream always give the same id. */
const sent = ({ id, start }: Owner, task: string, command: Command): SentCommand => {
  const { id: causationId, correlationId, recordedAt: issuedAt, traceparent } = start.metadata;
  const ids = { id: `${id}/${task}/${command.streamId}`, causationId, correlationId, sagaId: id };
  return { ...command, metadata: { ...ids, issuedAt, traceparent, receipt: true } };
};

const sentBy = (owner: Owner, task: string, made: readonly Command[]): readonly SentCommand[] => {
  if (new Set(made.map(({ streamId }) => streamId)).size < made.length)
    throw new Error(`saga ${owner.id}, task ${task}: expected at most one command per stream`);
  return made.map((command) => sent(owner, task, command));
};

/** `make` is called once. It may fail for a history that an earlier definition led to. */
const taskOf = (
  owner: Owner,
  { timeoutSeconds, ...rule }: Rule & { readonly timeoutSeconds: number },
  make: () => readonly Command[],
): Task => {
  const { name, mode, waits } = rule;
  const commands = once(() => sentBy(owner, name, make()));
  const progressIn: Task["progress"] = (events) => continuing(name, () => progress(rule, commands(), events));
  return { name, mode, waits, timeoutSeconds, progress: progressIn };
};

const startedInstance = onceForBoth((saga: AnySaga, start: RecordedEvent): Instance => {
  // Callers have checked with `startedBy` that the event has this type.
  const typed = start as never;
  const id = instanceId(saga, saga.identifiedBy(typed));
  const owner = { id, start };

  const isOneOf = (outcomes: readonly Outcome[]) => (event: RecordedEvent) =>
    outcomes.some(
      (outcome) =>
        isA(outcome, event) &&
        (event.metadata.sagaId === id || instanceId(saga, outcome.instance?.(event) ?? "") === id),
    );

  /** A task whose commands only need an answer. */
  const answered = (name: string, mode: Rule["mode"], make: () => readonly Command[]): Task => {
    const succeeds: Rule["succeeds"] = (event, command) =>
      isAttempt(command, event) && (!isReceipt(event) || event.type === "CommandIgnored");
    const rule = { name, mode, waits: false, succeeds, fails: () => false, timeoutSeconds: answerSeconds };
    return taskOf(owner, rule, make);
  };

  const { completes, abandons } = saga;
  const skipped = saga.steps.filter(({ onlyIf }) => onlyIf?.(typed) === false);
  const steps = saga.steps.filter((step) => !skipped.includes(step));
  const pivot = steps.findIndex((step) => step.pivot);
  const modeOf = (index: number) => (pivot >= 0 && index > pivot ? "forward" : "compensable");
  return {
    id,
    start,
    skips: skipped.map(({ name }) => name),
    forward: [
      ...steps.map(
        ({ name, send, succeeds, fails, timeoutSeconds, waits }, index) =>
          (done: readonly RecordedEvent[]) => {
            const rule = {
              name,
              mode: modeOf(index),
              waits: waits !== false,
              succeeds: isOneOf(succeeds),
              fails: isOneOf(fails),
              timeoutSeconds,
            } as const;
            return taskOf(owner, rule, () => send.make(typed, outcomesOf(done)));
          },
      ),
      (done) => answered("complete", modeOf(steps.length), () => completes.make(typed, outcomesOf(done))),
    ],
    compensating: (index, reason) => [
      ...steps
        .slice(0, index + 1)
        .toReversed()
        .map(({ name, undo }) => answered(undoOf(name), "undo", () => undo?.make(typed) ?? [])),
      answered("abandon", "undo", () => abandons.make(typed, reason)),
    ],
  };
});

/**
 * The instance whose start is in the history. Undefined if the start is missing. The same event gives the same
 * object.
 */
export const instanceIn = (
  saga: AnySaga,
  id: string,
  history: readonly RecordedEvent[],
): Instance | undefined => {
  const start = history.find((event) => startedBy(saga, event).includes(id));
  return start && startedInstance(saga, start);
};

/**
 * The event as the history stores it. The start, the outcomes and the receipts are stored completely. Of other
 * events only the metadata are stored, because nothing reads their data.
 */
export const historyEntry = (saga: AnySaga, event: RecordedEvent): RecordedEvent => {
  const outcomes = saga.steps.flatMap(({ succeeds, fails }) => [...succeeds, ...fails]);
  const whole = isReceipt(event) || [saga.startsOn, ...outcomes].some((reference) => isA(reference, event));
  return whole ? event : { ...event, data: {} };
};
