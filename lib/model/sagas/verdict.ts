/** Which event of the history decides a command of a saga, and what a failure means. */
import { answeredBy, isReceipt, type RecordedEvent, type SentCommand } from "../message.ts";
import type { Reason } from "../saga.ts";

/**
 * Which events decide the commands of a task, and what a failure means.
 * - compensable: a failure compensates the saga. The first event in the history that decides is final.
 * - forward: a command that expired is sent again, and any other failure parks.
 * - undo: every failure parks.
 *
 * In the modes forward and undo a late success still counts, so the order of the history does not matter. In every
 * mode, if the task does not wait, an answer that decides nothing parks the saga.
 */
export type Rule = {
  readonly name: string;
  readonly mode: "compensable" | "forward" | "undo";
  readonly waits: boolean;
  readonly succeeds: (event: RecordedEvent, command: SentCommand) => boolean;
  readonly fails: (event: RecordedEvent) => boolean;
};

/**
 * Why a saga is parked: a reason to compensate, a command that was answered with none of the outcomes of its step, or
 * a definition that fails for the history, for example because it was changed.
 */
export type ParkedReason =
  | Reason
  | { readonly kind: "undecided"; readonly step: string; readonly event: string }
  | { readonly kind: "cannot-continue"; readonly step: string; readonly because: string };

type Decided = { readonly event: RecordedEvent; readonly command: SentCommand };
type Failed = Decided & { readonly kind: "failed"; readonly reason: Reason };
type Parked = Decided & { readonly kind: "parked"; readonly reason: ParkedReason };

type Verdict =
  | { readonly kind: "undecided"; readonly command: SentCommand }
  | { readonly kind: "succeeded"; readonly event: RecordedEvent }
  | Failed
  | Parked;

/** The progress of a task. A command that is neither undecided nor parked has its final verdict. */
export type Progress = {
  readonly undecided: readonly SentCommand[];
  /** The undecided commands that no stream has answered. */
  readonly unanswered: readonly SentCommand[];
  readonly parked: readonly SentCommand[];
  /** When its last command was decided. */
  readonly at: string | undefined;
} & (
  | { readonly kind: "pending" }
  | { readonly kind: "succeeded"; readonly events: readonly RecordedEvent[] }
  | { readonly kind: "failed"; readonly reason: Reason }
  | { readonly kind: "parked"; readonly reason: ParkedReason }
);

/** The progress of a task whose definition has failed. Another definition may continue it. */
const cannotContinue = (step: string, error: unknown): Progress => {
  const reason = { kind: "cannot-continue", step, because: `${error}` } as const;
  return { kind: "parked", reason, undecided: [], unanswered: [], parked: [], at: undefined };
};

/** Computes the progress of a task. If its definition fails, the task is parked until an operator intervenes. */
export const continuing = (step: string, compute: () => Progress): Progress => {
  try {
    return compute();
  } catch (error) {
    return cannotContinue(step, error);
  }
};

/** The event that answers the command, or undefined. The runtime answers each id once. */
export const answer = (command: SentCommand, events: readonly RecordedEvent[]): RecordedEvent | undefined =>
  events.find((event) => answeredBy(event) === command.metadata.id);

/** Each attempt has its own command id, so the stream decides it again. */
const attempt = (command: SentCommand, number: number): SentCommand => ({
  ...command,
  metadata: { ...command.metadata, id: `${command.metadata.id}#${number}` },
});

/** The number of the attempt that an undecided command is, from 1. */
export const attemptOf = ({ metadata }: SentCommand): number => Number(metadata.id.split("#").at(-1));

/** Whether the event answers an attempt of this command. */
export const isAttempt = (command: SentCommand, event: RecordedEvent): boolean =>
  event.metadata.streamId === command.streamId && answeredBy(event).startsWith(`${command.metadata.id}#`);

const verdict = (rule: Rule, command: SentCommand, events: readonly RecordedEvent[]): Verdict => {
  const { name, mode } = rule;
  const here = events.filter(({ metadata }) => metadata.streamId === command.streamId);
  const receipts = here.filter(isReceipt).filter((event) => isAttempt(command, event));
  const resumed = receipts.filter(({ type }) => type === "CommandResumed");
  const expired = receipts.filter(({ type }) => mode === "forward" && type === "CommandExpired");
  const open = attempt(command, 1 + resumed.length + expired.length);
  const resumedAt = Math.max(0, ...resumed.map(({ metadata }) => metadata.version));
  const skipped = receipts.find((event) => event.type === "CommandResumed" && event.data.how === "skip");

  const success = (event: RecordedEvent) => event === skipped || rule.succeeds(event, command);
  const failure = (event: RecordedEvent): Reason | undefined => {
    if (rule.fails(event) && event.metadata.version > resumedAt)
      return { kind: "failed", step: name, event: event.type };
    if (!isReceipt(event) || event.data.commandId !== open.metadata.id) return undefined;
    if (event.type === "CommandExpired") return { kind: "timed-out", step: name };
    if (event.type !== "CommandRejected") return undefined;
    return { kind: "rejected", step: name, code: event.data.code, because: event.data.because };
  };

  const first = here.find((event) => success(event) || failure(event));
  const event = mode === "compensable" ? first : (here.find(success) ?? first);
  if (!event) {
    const taken = rule.waits ? undefined : answer(open, here);
    if (!taken) return { kind: "undecided", command: open };
    const reason = { kind: "undecided", step: name, event: taken.type } as const;
    return { kind: "parked", event: taken, command: open, reason };
  }
  const reason = success(event) ? undefined : failure(event);
  if (!reason) return { kind: "succeeded", event };
  return { kind: mode === "compensable" ? "failed" : "parked", event, command: open, reason };
};

/**
 * The progress of these commands. `events` is the history of the instance, or all events of one of the streams of
 * the commands.
 */
export const progress = (
  rule: Rule,
  commands: readonly SentCommand[],
  events: readonly RecordedEvent[],
): Progress => {
  const verdicts = commands.map((command) => verdict(rule, command, events));
  const decided = verdicts.flatMap((verdict) => (verdict.kind === "undecided" ? [] : [verdict.event]));
  const failures = verdicts.filter((verdict) => verdict.kind === "failed" || verdict.kind === "parked");
  const undecided = verdicts.flatMap((verdict) => (verdict.kind === "undecided" ? [verdict.command] : []));
  const common = {
    undecided,
    unanswered: undecided.filter((command) => !answer(command, events)),
    parked: failures.filter(({ kind }) => kind === "parked").map(({ command }) => command),
    at: decided
      .map(({ metadata }) => metadata.recordedAt)
      .toSorted()
      .at(-1),
  };
  // The other commands of a failed step expire because of the failure, so `timed-out` is the reason only if there
  // is no other one. A command that parks comes first, because it is not yet known whether the saga has to
  // compensate.
  const parked = failures.filter(({ kind }) => kind === "parked");
  const asked = parked.length > 0 ? parked : failures;
  const failed = asked.find(({ reason }) => reason.kind !== "timed-out") ?? asked[0];
  if (failed?.kind === "parked") return { ...common, kind: failed.kind, reason: failed.reason };
  if (failed) return { ...common, kind: failed.kind, reason: failed.reason };
  if (undecided.length > 0) return { ...common, kind: "pending" };
  return { ...common, kind: "succeeded", events: decided };
};
