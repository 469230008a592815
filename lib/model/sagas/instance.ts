/** A saga bound to the event that started it: its forward and its compensating tasks. */
import { type Command, isReceipt, type RecordedEvent, type SentCommand } from "../message.ts";
import { onceFor, onceForBoth } from "../once-for.ts";
import { isA } from "../reference.ts";
import type { AnySaga, Outcome, Outcomes, Reason } from "../saga.ts";
import { isAttempt, type Progress, progress, type Rule } from "./verdict.ts";

/** Commands sent together, and all that decides them. */
export type Task = {
  readonly name: string;
  readonly timeoutSeconds: number;
  readonly mode: Rule["mode"];
  readonly progress: (events: readonly RecordedEvent[]) => Progress;
};

/**
 * A saga bound to the event that started it: what every interpreter runs.
 * Its commands are always the same, ids included.
 */
export type Instance = {
  readonly id: string;
  readonly start: RecordedEvent;
  /** The steps of the saga that it does not have. */
  readonly skips: readonly string[];
  /** Its steps, then the completion. */
  readonly forward: readonly ((done: readonly RecordedEvent[]) => Task)[];
  /** The tasks to do, in this order, after the task of this index failed. */
  readonly compensating: (index: number, reason: Reason) => readonly Task[];
};

/** Our own streams answer at once; one that has not by then cannot, for its handler fails. */
export const answerSeconds = 900;

const outcomesOf = (done: readonly RecordedEvent[]): Outcomes => {
  const all: Outcomes["all"] = (reference) => done.filter((event) => isA(reference, event));
  const one: Outcomes["one"] = (reference) => {
    const [event, ...others] = all(reference);
    if (!event || others.length > 0) throw new Error(`expected one ${reference.type}`);
    return event;
  };
  return { all, one };
};

const instanceId = ({ name }: AnySaga, id: string): string => `${name}/${id}`;

// `isA` shows that this is the event whose type `Saga` derived from `startsOn`.
const startedBy = (saga: AnySaga, event: RecordedEvent): readonly string[] =>
  isA(saga.startsOn, event) ? [instanceId(saga, saga.identifiedBy(event as never))] : [];

/** The outcomes that may come from outside; found once, for they are asked of every event of a long stream. */
const outsidersOf = onceFor((saga: AnySaga): readonly Outcome[] =>
  saga.steps.flatMap(({ succeeds, fails }) => [...succeeds, ...fails].filter(({ instance }) => instance)),
);

/** The instances whose history gets this event: it starts them, they caused it, or it is an outcome from outside. */
export const instancesOf = (saga: AnySaga, event: RecordedEvent): readonly string[] => {
  const { sagaId } = event.metadata;
  const outside = outsidersOf(saga).flatMap((outcome) => outcome.instance?.(event) ?? []);
  const own = sagaId?.startsWith(instanceId(saga, "")) ? [sagaId] : [];
  return [...new Set([...startedBy(saga, event), ...outside.map((id) => instanceId(saga, id)), ...own])];
};

const startedInstance = onceForBoth((saga: AnySaga, start: RecordedEvent): Instance => {
  // Callers have seen with `startedBy` that it has this type.
  const typed = start as never;
  const id = instanceId(saga, saga.identifiedBy(typed));

  const sent = (part: string, command: Command): SentCommand => {
    const { id: causationId, correlationId, recordedAt: issuedAt, traceparent } = start.metadata;
    const ids = { id: `${id}/${part}/${command.streamId}`, causationId, correlationId, sagaId: id };
    return { ...command, metadata: { ...ids, issuedAt, traceparent, receipt: true } };
  };

  const task = (rule: Rule, timeoutSeconds: number, made: readonly Command[]): Task => {
    const commands = made.map((command) => sent(rule.name, command));
    if (new Set(commands.map(({ streamId }) => streamId)).size < commands.length)
      throw new Error(`${id}/${rule.name} addresses a stream twice`);
    const { name, mode } = rule;
    return { name, mode, timeoutSeconds, progress: (events) => progress(rule, commands, events) };
  };

  const isOneOf = (outcomes: readonly Outcome[]) => (event: RecordedEvent) =>
    outcomes.some(
      (outcome) =>
        isA(outcome, event) &&
        (event.metadata.sagaId === id || instanceId(saga, outcome.instance?.(event) ?? "") === id),
    );

  /** A command that only has to be answered. */
  const answered = (name: string, mode: Rule["mode"], made: readonly Command[]): Task => {
    const succeeds: Rule["succeeds"] = (event, command) =>
      isAttempt(command, event) && (!isReceipt(event) || event.type === "CommandIgnored");
    return task({ name, mode, waits: false, succeeds, fails: () => false }, answerSeconds, made);
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
            } as const;
            return task(rule, timeoutSeconds, send.make(typed, outcomesOf(done)));
          },
      ),
      (done) => answered("complete", modeOf(steps.length), completes.make(typed, outcomesOf(done))),
    ],
    compensating: (index, reason) => [
      ...steps
        .slice(0, index + 1)
        .toReversed()
        .map(({ name, undo }) => answered(`undo-${name}`, "undo", undo?.make(typed) ?? [])),
      answered("abandon", "undo", abandons.make(typed, reason)),
    ],
  };
});

/** Undefined until its start is in the history. The same object for the same event. */
export const instanceIn = (
  saga: AnySaga,
  id: string,
  history: readonly RecordedEvent[],
): Instance | undefined => {
  const start = history.find((event) => startedBy(saga, event).includes(id));
  return start && startedInstance(saga, start);
};

/**
 * The history keeps the start, the outcomes and the receipts of an instance whole. Of other events it keeps only the
 * metadata: nothing else of them is read.
 */
export const historyEntry = (saga: AnySaga, event: RecordedEvent): RecordedEvent => {
  const outcomes = saga.steps.flatMap(({ succeeds, fails }) => [...succeeds, ...fails]);
  const whole = isReceipt(event) || [saga.startsOn, ...outcomes].some((reference) => isA(reference, event));
  return whole ? event : { ...event, data: {} };
};
