/** Turns a command and the commits of its stream into the events to store, or into an answer that stores nothing. */
import {
  type Actor,
  type AnyDecider,
  type Decision,
  decideParsed,
  rejectionKindOf,
} from "../../model/decider.ts";
import type { ParsedCommand } from "../../model/json/parsed-command.ts";
import { storableEvent } from "../../model/json/storable-event.ts";
import type { Message, ReceiptMessage, StoredEvent } from "../../model/message.ts";
import type { Answer, StreamEnd } from "./answer.ts";

/** Versions of the last business event, 0 if there is none. `any` is every version but 0. */
export type Versions = "any" | readonly number[];

/** What the caller may change. `begins` says that the command begins a stream, which has no owner before it. */
export type Ownership = { readonly begins: boolean; readonly owns: (state: unknown) => boolean };

/**
 * The command is decided only if the version is in `ifMatch` and not in `ifNoneMatch`. `actor` is the caller of an
 * HTTP request. Without `ownership`, the stream has no owner or the caller is exempt.
 */
export type HandleOptions = {
  readonly ifMatch?: Versions;
  readonly ifNoneMatch?: Versions;
  readonly actor?: Actor | undefined;
  readonly ownership?: Ownership | undefined;
};

const includes = (versions: Versions, version: number): boolean =>
  versions === "any" ? version > 0 : versions.includes(version);

const isStale = ({ ifMatch, ifNoneMatch }: HandleOptions, version: number): boolean =>
  (ifMatch !== undefined && !includes(ifMatch, version)) ||
  (ifNoneMatch !== undefined && includes(ifNoneMatch, version));

type Question = {
  readonly decider: AnyDecider;
  readonly command: ParsedCommand;
  readonly options: HandleOptions;
  readonly now: Date;
};

/** Whether the stream exists and the caller may not change it. A stream that a command begins has no owner yet. */
const isOfAnother = ({ begins, owns }: Ownership, version: number, state: () => unknown): boolean =>
  !(begins && version === 0) && !owns(state());

/**
 * The answer to a command that begins a stream whose id is in use. It does not depend on the owner or on the
 * preconditions of the request.
 */
const taken = (decider: AnyDecider, decision: Decision<Message>, end: StreamEnd): Answer =>
  "rejected" in decision && rejectionKindOf(decider, decision.rejected) === "conflict"
    ? { kind: "rejected", code: decision.rejected, because: decision.because, ...end }
    : { kind: "taken", ...end };

/** `end` is the end of the stream, and `state` returns the fold of its events. Throws `InvalidEvent`. */
export const decisionOn = (
  { decider, command, options, now }: Question,
  end: StreamEnd,
  state: () => unknown,
): readonly StoredEvent[] | Answer => {
  const { ownership, actor } = options;
  const decide = () => decideParsed(decider, command, state(), { now, ...(actor && { actor }) });
  if (ownership && isOfAnother(ownership, end.version, state))
    return ownership.begins ? taken(decider, decide(), end) : { kind: "unowned", ...end };
  if (isStale(options, end.version)) return { kind: "stale", ...end };
  const decision = decide();
  const { receipt, id: commandId } = command.metadata;
  const answered = { command: command.type, commandId };
  if ("rejected" in decision) {
    const { rejected: code, because } = decision;
    if (!receipt) return { kind: "rejected", code, because, ...end };
    return [{ type: "CommandRejected", data: { ...answered, code, because } } satisfies ReceiptMessage];
  }
  if (decision.length > 0) return decision.map((event) => storableEvent(decider, event));
  if (!receipt) return { kind: "accepted", events: [], repeated: false, ...end };
  return [{ type: "CommandIgnored", data: answered } satisfies ReceiptMessage];
};
