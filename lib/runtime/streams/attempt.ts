/** One attempt at a command: decide on the known commits of its stream, then append the decision. */
import type { AnyDecider } from "../../model/decider.ts";
import type { ParsedCommand } from "../../model/json/parsed-command.ts";
import type { SentCommand } from "../../model/message.ts";
import type { Clock } from "../../ports/clock.ts";
import type { Commit, EventStore } from "../../ports/event-store.ts";
import { type Answer, answerIn, endOf, storedAnswer } from "./answer.ts";
import { commitOf } from "./commit-of.ts";
import { decisionOn, type HandleOptions } from "./decision.ts";
import type { EventsOf } from "./recorded.ts";
import { streamState } from "./stream-state.ts";

export type Request = {
  readonly command: SentCommand;
  readonly options: HandleOptions;
  readonly decider: AnyDecider;
  /** Parses on the first call. A command that was answered before is never parsed. */
  readonly parsedCommand: () => ParsedCommand;
};

/** The known commits of a stream. `isCertain` is true after a strongly consistent read. */
export type Known = { readonly commits: readonly Commit[]; readonly isCertain: boolean };

/** `commits` include the winning commit. */
export type Conflict = {
  readonly kind: "conflict";
  readonly commits: readonly Commit[];
  /** The winning commit belongs to this command: its confirmation was lost. */
  readonly isOurs: boolean;
};

/** `appends` is 1 if the attempt tried to append. */
type Attempt = { readonly appends: 0 | 1 } & (
  | { readonly kind: "answered"; readonly answer: Answer; readonly isRepeated: boolean }
  /** The decision stores nothing, and the stream may have more commits than are known. */
  | { readonly kind: "unconfirmed" }
  | Conflict
);

const answered = (answer: Answer, appends: 0 | 1, isRepeated = false): Attempt => ({
  kind: "answered",
  answer,
  appends,
  isRepeated,
});

type AttemptPorts = {
  readonly store: EventStore;
  readonly clock: Clock;
  readonly eventsOf: EventsOf;
};

/** Keeps the states of streams between attempts. */
export const attempting = ({ store, clock, eventsOf }: AttemptPorts) => {
  const stateOf = streamState(eventsOf);

  return async (request: Request, { commits, isCertain }: Known): Promise<Attempt> => {
    const { command, options, decider, parsedCommand } = request;
    const earlier = answerIn(command, commits, eventsOf);
    if (earlier) return answered(earlier, 0, true);
    const now = clock();
    const question = { decider, command: parsedCommand(), options, now };
    const state = () => stateOf(decider, commits);
    const decision = decisionOn(question, endOf(eventsOf, commits), state);
    if ("kind" in decision) return isCertain ? answered(decision, 0) : { kind: "unconfirmed", appends: 0 };
    const commit = commitOf(command, commits, { id: command.metadata.id, events: decision, now });
    const appended = await store.append(commit);
    if (appended.kind === "appended")
      return answered(storedAnswer(command, [...commits, commit], eventsOf), 1);
    const { winner } = appended;
    return { kind: "conflict", commits: [...commits, winner], isOurs: winner.id === commit.id, appends: 1 };
  };
};
