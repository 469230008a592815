/** Which noted event decides a command of a saga, and what a failure means. */
import { answeredBy, isReceipt, type RecordedEvent, type SentCommand } from "./message.ts";
import type { Reason } from "./saga.ts";

/**
 * What decides the commands of a task, and what their failure means.
 * - back: the saga turns back. What was noted first decides, for good.
 * - forward: a command that expired is sent again, other failures park.
 * - undo: every failure parks.
 * Where nothing turns back a late success still counts, so there the order of notes does not matter.
 */
export type Rule = {
  readonly name: string;
  readonly mode: "back" | "forward" | "undo";
  readonly succeeds: (event: RecordedEvent, command: SentCommand) => boolean;
  readonly fails: (event: RecordedEvent) => boolean;
};

type Verdict =
  | { readonly kind: "undecided"; readonly command: SentCommand }
  | { readonly kind: "succeeded"; readonly event: RecordedEvent }
  | {
      readonly kind: "failed" | "parked";
      readonly event: RecordedEvent;
      readonly command: SentCommand;
      readonly reason: Reason;
    };

/** Where a task stands; commands that are neither undecided nor parked are decided for good. */
export type Progress = {
  readonly undecided: readonly SentCommand[];
  readonly parked: readonly SentCommand[];
  /** When the last of its commands was decided. */
  readonly at: string | undefined;
} & (
  | { readonly kind: "pending" }
  | { readonly kind: "succeeded"; readonly events: readonly RecordedEvent[] }
  | { readonly kind: "failed" | "parked"; readonly reason: Reason }
);

/** The event that answers the command, if it has been answered: the runtime answers each id once. */
export const answer = (command: SentCommand, events: readonly RecordedEvent[]): RecordedEvent | undefined =>
  events.find((event) => answeredBy(event) === command.metadata.id);

/** Every attempt is a command of its own, so that the runtime decides it anew. */
const attempt = (command: SentCommand, number: number): SentCommand => ({
  ...command,
  metadata: { ...command.metadata, id: `${command.metadata.id}#${number}` },
});

/** Which attempt an undecided command is, from 1. */
export const attemptOf = ({ metadata }: SentCommand): number => Number(metadata.id.split("#").at(-1));

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
  const event = mode === "back" ? first : (here.find(success) ?? first);
  if (!event) return { kind: "undecided", command: open };
  const reason = success(event) ? undefined : failure(event);
  if (!reason) return { kind: "succeeded", event };
  return { kind: mode === "back" ? "failed" : "parked", event, command: open, reason };
};

/** From the events noted for the instance, or from all events of one of the streams that it addresses. */
export const progress = (
  rule: Rule,
  commands: readonly SentCommand[],
  events: readonly RecordedEvent[],
): Progress => {
  const verdicts = commands.map((command) => verdict(rule, command, events));
  const decided = verdicts.flatMap((verdict) => (verdict.kind === "undecided" ? [] : [verdict.event]));
  const failures = verdicts.flatMap((verdict) => ("reason" in verdict ? [verdict] : []));
  const common = {
    undecided: verdicts.flatMap((verdict) => (verdict.kind === "undecided" ? [verdict.command] : [])),
    parked: failures.flatMap(({ kind, command }) => (kind === "parked" ? [command] : [])),
    at: decided
      .map(({ metadata }) => metadata.recordedAt)
      .toSorted()
      .at(-1),
  };
  // Siblings of a failed command expire because of it: theirs is the reason only if there is no other.
  const failed = failures.find(({ reason }) => reason.kind !== "timed-out") ?? failures[0];
  if (failed) return { ...common, kind: failed.kind, reason: failed.reason };
  if (common.undecided.length > 0) return { ...common, kind: "pending" };
  return { ...common, kind: "succeeded", events: decided };
};
