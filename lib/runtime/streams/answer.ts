/** The possible answers to a command, and how they follow from the commits of a stream. */
import { expiryOf, isReceipt, type RecordedEvent, type SentCommand } from "../../model/message.ts";
import type { Commit } from "../../ports/event-store.ts";
import { businessVersionOf, type EventsOf } from "./recorded.ts";

/** The end of a stream when its command was answered. */
export type StreamEnd = {
  /**
   * The version of the last stored business event. Receipts do not count, because they change nothing that a client
   * sees.
   */
  readonly version: number;
  /** Today's events of the whole stream, including the events of this command. */
  readonly history: readonly RecordedEvent[];
};

/**
 * - accepted: the events are stored, by this request or by an earlier one (`repeated`). Empty if there was nothing
 *   to do.
 * - rejected: the application refuses. A repeated command with a receipt gets the same answer.
 * - expired: the sender no longer waits for it. It had no effect.
 * - unowned: the caller does not own the stream, or there is none.
 * - taken: the command would begin a stream whose id is in use. The caller may not change that stream.
 * - stale: the stream's version is not one that the client asked for.
 * - reused: the id was used before with a different body.
 * - contended: other commands were faster until the deadline. It may be sent again.
 */
export type Answer = StreamEnd &
  (
    | { readonly kind: "accepted"; readonly events: readonly RecordedEvent[]; readonly repeated: boolean }
    | { readonly kind: "rejected"; readonly code: string; readonly because: string }
    | { readonly kind: "expired" | "unowned" | "taken" | "stale" | "reused" | "contended" }
  );

/** Throws `UnreadableEvent`. */
export const endOf = (eventsOf: EventsOf, commits: readonly Commit[]): StreamEnd => ({
  version: businessVersionOf(commits),
  history: commits.flatMap(eventsOf),
});

/** The answer for a command that the stream has answered before. */
export const answerIn = (
  command: SentCommand,
  commits: readonly Commit[],
  eventsOf: EventsOf,
): Answer | undefined => {
  const { id, bodyHash } = command.metadata;
  const index = commits.findIndex((commit) => commit.id === id);
  const commit = commits[index];
  if (!commit)
    return commits.some((each) => each.id === expiryOf(id))
      ? { kind: "expired", ...endOf(eventsOf, commits) }
      : undefined;
  const version = businessVersionOf(commits.slice(0, index + 1));
  const end = { version, history: commits.flatMap(eventsOf) };
  if (bodyHash !== commit.metadata.bodyHash) return { kind: "reused", ...end };
  const events = eventsOf(commit);
  const [first] = events;
  if (first && isReceipt(first) && first.type === "CommandRejected")
    return { kind: "rejected", code: first.data.code, because: first.data.because, ...end };
  return { kind: "accepted", events, repeated: true, ...end };
};

/** The answer for a command whose commit was just stored as the last of these. */
export const storedAnswer = (
  command: SentCommand,
  commits: readonly Commit[],
  eventsOf: EventsOf,
): Answer => {
  const answer = answerIn(command, commits, eventsOf);
  if (!answer) throw new Error(`${command.streamId} does not contain command ${command.metadata.id}`);
  return answer.kind === "accepted" ? { ...answer, repeated: false } : answer;
};
