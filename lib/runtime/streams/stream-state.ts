/**
 * The state of a stream, folded once for as long as its commits are cached. A hot stream costs only what came since the
 * last command, at any length. The state is kept with the last commit that it contains, and dropped with it.
 */
import { type AnyDecider, fold } from "../../model/decider.ts";
import { isReceipt } from "../../model/message.ts";
import type { Commit } from "../../ports/event-store.ts";
import { recordedEvents } from "./recorded.ts";

/** Takes all commits of a stream, from the first on. */
type StreamState = (decider: AnyDecider, commits: readonly Commit[]) => unknown;

export const streamState = (): StreamState => {
  const states = new WeakMap<Commit, unknown>();

  return (decider, commits) => {
    const last = commits.at(-1);
    const index = commits.findLastIndex((commit) => states.has(commit));
    const folded = commits[index];
    const initialState = folded ? states.get(folded) : decider.initialState;
    const newer = commits.slice(index + 1).flatMap(recordedEvents);
    const state = fold(
      { ...decider, initialState },
      newer.filter((event) => !isReceipt(event)),
    );
    // One state a stream: those of a long one would be much larger than the stream.
    if (folded) states.delete(folded);
    if (last) states.set(last, state);
    return state;
  };
};
