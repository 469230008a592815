/**
 * Ends the wait for a command of a saga by appending an event to the stream that the command addresses. So the
 * order of that stream decides the race between an answer and the deadline, or between two operators, permanently.
 * It checks which events exist and never folds them, so a broken decider cannot block it.
 */

import type { CurrentEvents } from "../../model/events/current.ts";
import {
  expiryOf,
  type ReceiptMessage,
  type RecordedEvent,
  resumeOf,
  type SentCommand,
} from "../../model/message.ts";
import type { Task } from "../../model/sagas/instance.ts";
import type { Clock } from "../../ports/clock.ts";
import type { EventStore } from "../../ports/event-store.ts";
import { commitOf } from "../streams/commit-of.ts";
import { loadStream } from "../streams/load-stream.ts";
import { eventsOf, recordedEvents } from "../streams/recorded.ts";

export type Conclusion =
  | { readonly kind: "expire" }
  /** An operator's decision about a command that parked its saga: retry it, or treat it as done. */
  | {
      readonly kind: "resume";
      readonly how: "retry" | "skip";
      readonly actor: string | undefined;
      /** The id of the request for this decision. */
      readonly causationId?: string;
    };

/** For each conclusion: its commit id, and which commands of a task still wait for it. */
const conclusions = {
  expire: { idOf: expiryOf, waits: "undecided" },
  resume: { idOf: resumeOf, waits: "parked" },
} as const;

/**
 * The commands of a task that the conclusion may concern. After the pivot, an expired command is sent again. If its
 * stream has not recorded it yet, it can be sent again unchanged and needs no expiry. Otherwise the stream and the
 * history would grow by one expiry per round while a fault lasts.
 */
const waitingIn = (task: Task, { kind }: Conclusion, events: readonly RecordedEvent[]) => {
  const progress = task.progress(events);
  const waiting = progress[conclusions[kind].waits];
  return kind === "expire" && task.mode === "forward"
    ? waiting.filter((command) => !progress.unanswered.includes(command))
    : waiting;
};

const receiptOf = (command: SentCommand, conclusion: Conclusion): ReceiptMessage => {
  const answered = { command: command.type, commandId: command.metadata.id };
  return conclusion.kind === "expire"
    ? { type: "CommandExpired", data: answered }
    : { type: "CommandResumed", data: { ...answered, how: conclusion.how } };
};

type ConcludePorts = { readonly current: CurrentEvents; readonly store: EventStore; readonly clock: Clock };

/** Appends the receipt if the stream shows that the command still waits for it. Returns all events of the stream. */
export const conclude =
  ({ current, store, clock }: ConcludePorts) =>
  async (task: Task, command: SentCommand, conclusion: Conclusion): Promise<readonly RecordedEvent[]> => {
    const id = conclusions[conclusion.kind].idOf(command.metadata.id);
    const { actor, causationId = command.metadata.causationId } =
      conclusion.kind === "resume" ? conclusion : { actor: undefined };
    const concluding = { ...command, metadata: { ...command.metadata, actor, causationId } };
    for (;;) {
      const commits = await loadStream(store, command.streamId, "strong");
      const history = commits.flatMap(eventsOf(current));
      const isConcluded = commits.some((commit) => commit.id === id);
      const waiting = waitingIn(task, conclusion, history);
      if (isConcluded || !waiting.some(({ metadata }) => metadata.id === command.metadata.id)) return history;
      const events = [receiptOf(command, conclusion)];
      const commit = commitOf(concluding, commits, { id, events, now: clock() });
      const appended = await store.append(commit);
      if (appended.kind === "appended") return [...history, ...recordedEvents(commit)];
    }
  };
