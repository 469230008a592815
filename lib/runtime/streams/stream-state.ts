/**
 * The state of a stream, folded once for as long as its commits are cached. A command on a hot stream folds only
 * the commits since the last command, at any length of the stream. The state is kept with the last commit that it
 * contains, and dropped with it.
 */
import { type AnyDecider, fold } from "../../model/decider.ts";
import { isReceipt } from "../../model/message.ts";
import type { Commit } from "../../ports/event-store.ts";
import type { EventsOf } from "./recorded.ts";

/** Takes all commits of a stream, starting with the first. Throws `UnreadableEvent`. */
type StreamState = (decider: AnyDecider, commits: readonly Commit[]) => unknown;

export const streamState = (eventsOf: EventsOf): StreamState => {
  const states = new WeakMap<Commit, unknown>();

  return (decider, commits) => {
    const last = commits.at(-1);
    const index = commits.findLastIndex((commit) => states.has(commit));
    const folded = commits[index];
    const initialState = folded ? states.get(folded) : decider.initialState;
    const newer = commits.slice(index + 1).flatMap(eventsOf);
    const state = fold(
      { ...decider, initialState },
      newer.filter((event) => !isReceipt(event)),
    );
    // Only one state per stream: many states of a long stream would need much more memory than the stream.
    if (folded) states.delete(folded);
    if (last) states.set(last, state);
    return state;
  };
};
