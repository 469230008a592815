/** The instances of sagas: what was noted for each, and the token of the task that waits. */
import type { RecordedEvent } from "../model/message.ts";

/** The execution's task that waits for the step of this name to be decided. */
export type WaitingToken = { readonly step: string; readonly token: string };

/** What a person decided about a parked instance; the same request has the same `requestId`. */
export type Decision = {
  readonly how: "retry" | "skip";
  readonly actor?: string;
  readonly requestId?: string;
  readonly at: string;
};

export type InstanceItem = {
  readonly id: string;
  /** In the order in which they were noted. */
  readonly notes: readonly RecordedEvent[];
  readonly waiting?: WaitingToken;
  /** Why its execution ended without an end of the saga; operators resume it. */
  readonly parked?: { readonly because: string; readonly at: string };
  /** How many executions have been started for it beyond the first. */
  readonly restarts: number;
  /** The decision by which the last of them was started. */
  readonly resumed?: Decision;
};

export type Instances = {
  /** Strongly consistent; an unknown instance has no notes. */
  readonly read: (id: string) => Promise<InstanceItem>;
  /**
   * Adds those of the events that are not noted yet, each once, at the end and in their order, stores the token
   * if one is given, and answers the item with all notes: one atomic step. Of two that note at once, the later
   * one sees what both have noted.
   */
  readonly note: (
    id: string,
    events: readonly RecordedEvent[],
    waiting?: WaitingToken,
  ) => Promise<InstanceItem>;
  /** Marks or, with undefined, unmarks it as parked beside its notes. */
  readonly park: (id: string, parked: InstanceItem["parked"]) => Promise<void>;
  /** Counts one more execution, keeps by which decision, and answers how many there are beyond the first. */
  readonly restart: (id: string, decision: Decision) => Promise<number>;
};
