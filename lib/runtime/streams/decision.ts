/** Turns a command and the commits of its stream into the events to store, or into an answer that stores nothing. */
import { type AnyDecider, decideParsed } from "../../model/decider.ts";
import type { ParsedCommand } from "../../model/json/parsed-command.ts";
import { storableEvent } from "../../model/json/storable-event.ts";
import type { Message, ReceiptMessage } from "../../model/message.ts";
import type { Commit } from "../../ports/event-store.ts";
import { type Answer, endOf } from "./answer.ts";

/** Versions of the last business event, 0 if there is none. `any` is every version but 0. */
export type Versions = "any" | readonly number[];

/** The command is decided only if the version is in `ifMatch` and not in `ifNoneMatch`. */
export type HandleOptions = { readonly ifMatch?: Versions; readonly ifNoneMatch?: Versions };

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

/** `state` returns the fold of the commits. Throws `InvalidEvent`. */
export const decisionOn = (
  { decider, command, options, now }: Question,
  commits: readonly Commit[],
  state: () => unknown,
): readonly Message[] | Answer => {
  const end = endOf(commits);
  if (isStale(options, end.version)) return { kind: "stale", ...end };
  const decision = decideParsed(decider, command, state(), { now });
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
