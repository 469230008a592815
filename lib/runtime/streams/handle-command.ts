/**
 * Handling a command: load, decide, append; where somebody was faster, decide again on the newer state. What begins
 * a stream as a rule is not loaded at first. One answer per command id, whatever happens: a repetition gets the answer
 * that stands in the stream. What is answered without storing anything has been confirmed by a strongly consistent
 * read.
 */

import { type Application, deciderOf } from "../../model/application.ts";
import type { AnyDecider } from "../../model/decider.ts";
import { decideParsed } from "../../model/decider.ts";
import { type ParsedCommand, parsed, wasParsed } from "../../model/json/parsed-command.ts";
import { InvalidEvent, storableEvent } from "../../model/json/storable-event.ts";
import {
  expiryOf,
  isReceipt,
  type Message,
  type ReceiptMessage,
  type RecordedEvent,
  type SentCommand,
} from "../../model/message.ts";
import { categoryOf } from "../../model/stream.ts";
import type { Clock, Random, Sleep } from "../../ports/clock.ts";
import type { Commit, EventStore } from "../../ports/event-store.ts";
import type { Log } from "../../ports/log.ts";
import { loadStream, versionOf } from "./load-stream.ts";
import { businessVersionOf, recordedEvents } from "./recorded.ts";
import { type StreamState, streamState } from "./stream-state.ts";

/**
 * What became of a command. `version` is that of the stream's last business event, for receipts do not change
 * what a client saw; `history` are all events of the stream, the command's own included.
 * - accepted: its events are stored, now or when it came first (`repeated`); none where there was nothing to do.
 * - rejected: the business refuses; also as the same answer to a repetition of a command with a receipt.
 * - expired: nobody waits for it any longer, it did nothing.
 * - stale: its version is not as the client demands.
 * - reused: its id was used before, with another body.
 * - contended: others were faster until the deadline; worth another try.
 */
export type Answer = { readonly version: number; readonly history: readonly RecordedEvent[] } & (
  | { readonly kind: "accepted"; readonly events: readonly RecordedEvent[]; readonly repeated: boolean }
  | { readonly kind: "rejected"; readonly code: string; readonly because: string }
  | { readonly kind: "expired" | "stale" | "reused" | "contended" }
);

/** Versions of the last business event, 0 for none; `any` is every version but 0. */
export type Versions = "any" | readonly number[];

/** The command is decided only if the version is one of `ifMatch` and none of `ifNoneMatch`. */
export type HandleOptions = { readonly ifMatch?: Versions; readonly ifNoneMatch?: Versions };

export type HandleCommand = (command: SentCommand, options?: HandleOptions) => Promise<Answer>;

type CommandPorts = {
  readonly store: EventStore;
  readonly clock: Clock;
  readonly sleep: Sleep;
  readonly random: Random;
  readonly log: Log;
  /** How long it decides again before it is contended. */
  readonly patienceMilliseconds?: number;
};

/** Waits before deciding again: full jitter up to a bound that doubles, so that many writers spread. */
const waitMilliseconds = { first: 10, most: 1000 };
const jitter = (attempt: number, random: Random): number =>
  random() * Math.min(waitMilliseconds.most, waitMilliseconds.first * 2 ** attempt);

const history = (commits: readonly Commit[]) => commits.flatMap(recordedEvents);

/** The answer that a stream gives to a command which it has answered before. */
const repetition = (command: SentCommand, commits: readonly Commit[]): Answer | undefined => {
  const { id, bodyHash } = command.metadata;
  const index = commits.findIndex((commit) => commit.id === id);
  const commit = commits[index];
  if (!commit && !commits.some((each) => each.id === expiryOf(id))) return undefined;
  const all = history(commits);
  if (!commit) return { kind: "expired", version: businessVersionOf(all), history: all };
  const version = businessVersionOf(history(commits.slice(0, index + 1)));
  if (bodyHash !== commit.metadata.bodyHash) return { kind: "reused", version, history: all };
  const events = recordedEvents(commit);
  const [first] = events;
  if (first && isReceipt(first) && first.type === "CommandRejected")
    return { kind: "rejected", code: first.data.code, because: first.data.because, version, history: all };
  return { kind: "accepted", events, repeated: true, version, history: all };
};

const names = (versions: Versions, version: number): boolean =>
  versions === "any" ? version > 0 : versions.includes(version);

const isStale = ({ ifMatch, ifNoneMatch }: HandleOptions, version: number): boolean =>
  (ifMatch !== undefined && !names(ifMatch, version)) ||
  (ifNoneMatch !== undefined && names(ifNoneMatch, version));

/** Either the events to store, or the answer of a command that stores nothing. Throws `InvalidEvent`. */
const consider = (
  decider: AnyDecider,
  stateOf: StreamState,
  command: ParsedCommand,
  options: HandleOptions,
  commits: readonly Commit[],
  now: Date,
): readonly Message[] | Answer => {
  const all = history(commits);
  const version = businessVersionOf(all);
  if (isStale(options, version)) return { kind: "stale", version, history: all };
  const decision = decideParsed(decider, command, stateOf(decider, commits), { now });
  const { receipt, id: commandId } = command.metadata;
  const answered = { command: command.type, commandId };
  if ("rejected" in decision) {
    const { rejected: code, because } = decision;
    if (!receipt) return { kind: "rejected", code, because, version, history: all };
    return [{ type: "CommandRejected", data: { ...answered, code, because } } satisfies ReceiptMessage];
  }
  if (decision.length > 0) return decision.map((event) => storableEvent(decider, event));
  if (!receipt) return { kind: "accepted", events: [], repeated: false, version, history: all };
  return [{ type: "CommandIgnored", data: answered } satisfies ReceiptMessage];
};

/** The commit that answers a command, at the end of these. */
export const commitOf = (
  command: SentCommand,
  id: string,
  commits: readonly Commit[],
  messages: readonly Message[],
  now: Date,
): Commit => {
  const [first, ...others] = messages;
  if (!first) throw new Error(`${id} has no events to store`);
  const { causationId, correlationId, issuedAt, sagaId, actor, bodyHash, traceparent } = command.metadata;
  return {
    streamId: command.streamId,
    version: versionOf(commits) + 1,
    id,
    at: now.toISOString(),
    events: [first, ...others],
    metadata: { causationId, correlationId, issuedAt, sagaId, actor, bodyHash, traceparent },
  };
};

/** An answer, and how it came about. A repetition is answered from the stream. */
type Answered = { readonly answer: Answer; readonly attempts: number; readonly isRepeated?: boolean };

const report = (log: Log, command: SentCommand, { answer, attempts, isRepeated }: Answered): void => {
  const { id, correlationId, causationId, sagaId } = command.metadata;
  const ids = { correlationId, causationId, sagaId, streamId: command.streamId };
  const { kind } = answer;
  const outcome = kind === "rejected" ? `rejected: ${answer.code}` : kind;
  const detail = isRepeated ? `${outcome}, repeated: it was answered before` : outcome;
  log.write({
    kind: "command",
    message: `${command.type} ${command.streamId} ${detail}`,
    ...ids,
    commandId: id,
    attempts,
  });
  if (answer.kind !== "accepted" || answer.repeated) return;
  for (const { type, metadata } of answer.events)
    log.write({ kind: "event", message: `${type} ${metadata.id}`, ...ids, eventId: metadata.id });
};

/**
 * A command handler for the deciders of an application. Throws for a command that no decider knows, and for a decision
 * that the schemas of the decider do not allow: then nothing is stored.
 */
export const commandHandler = (
  application: Pick<Application<never>, "name" | "deciders">,
  { store, clock, sleep, random, log, patienceMilliseconds = 5000 }: CommandPorts,
): HandleCommand => {
  const stateOf = streamState();
  const answer = async (command: SentCommand, options: HandleOptions): Promise<Answered> => {
    const decider = deciderOf(application, categoryOf(command.streamId));
    const deadline = clock().getTime() + patienceMilliseconds;
    const begins = decider.begins?.includes(command.type);
    let commits = begins ? [] : await loadStream(store, command.streamId, "eventual");
    let isCertain = false;
    let request = wasParsed(command) ? command : undefined;
    for (let attempt = 0; ; ) {
      const repeated = repetition(command, commits);
      if (repeated) return { answer: repeated, attempts: attempt, isRepeated: true };
      const now = clock();
      // Once, however often it is decided. A command that was answered before needs no schema.
      request ??= { ...command, ...parsed(decider, command) };
      const considered = consider(decider, stateOf, request, options, commits, now);
      if ("kind" in considered) {
        if (isCertain) return { answer: considered, attempts: attempt };
        commits = await loadStream(store, command.streamId, "strong");
        isCertain = true;
        continue;
      }
      const commit = commitOf(command, command.metadata.id, commits, considered, now);
      attempt += 1;
      const appended = await store.append(commit);
      if (appended.kind === "appended") {
        const all = [...commits, commit];
        const settled = repetition(command, all);
        if (!settled) throw new Error(`${command.streamId} does not hold ${commit.id}`);
        return {
          answer: settled.kind === "accepted" ? { ...settled, repeated: false } : settled,
          attempts: attempt,
        };
      }
      const known = [...commits, appended.winner];
      const isOurs = appended.winner.id === commit.id;
      if (!isOurs && clock().getTime() >= deadline) {
        const all = history(known);
        const contended: Answer = { kind: "contended", version: businessVersionOf(all), history: all };
        return { answer: contended, attempts: attempt };
      }
      if (!isOurs) await sleep(jitter(attempt, random));
      commits = isOurs ? known : await loadStream(store, command.streamId, "eventual", known);
      isCertain = false;
    }
  };

  /** A bug of the decider, which the caller of a command cannot mend. The line says where to look. */
  const reportInvalid = (
    { metadata, streamId }: SentCommand,
    { message, decider, event, field }: InvalidEvent,
  ) => {
    const { id: commandId, correlationId, causationId, sagaId } = metadata;
    const ids = { correlationId, causationId, sagaId, streamId, commandId };
    log.write({ kind: "problem", message, ...ids, decider, event, field });
  };

  return async (command, options = {}) => {
    const answered = await answer(command, options).catch((error: unknown) => {
      if (error instanceof InvalidEvent) reportInvalid(command, error);
      throw error;
    });
    report(log, command, answered);
    return answered.answer;
  };
};
