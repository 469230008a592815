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

/**
 * Where an instance stands, as lists know it: what is under way by the time at which it is looked at if nothing has
 * happened, what is parked or over by when it became so.
 */
export type ListedStatus = {
  readonly kind: "open" | "compensating" | "parked" | "completed" | "compensated";
  /** ISO 8601, UTC. */
  readonly at: string;
};

/** `code` is of lower-case words with dashes, `because` one sentence for operators. */
export type ParkedMark = {
  readonly code: string;
  readonly because: string;
  /** ISO 8601, UTC. */
  readonly at: string;
  /**
   * The event that could not be stored, which is a dead letter: the mark goes once that is redriven. Without it the
   * execution has ended before the saga did, and operators resume it.
   */
  readonly event?: string;
};

/** `step` is the task that failed, `because` one sentence for operators, `at` ISO 8601, UTC. */
export type Fault = { readonly step: string; readonly because: string; readonly at: string };

export type InstanceItem = {
  readonly id: string;
  /** In the order in which they were noted. */
  readonly history: readonly RecordedEvent[];
  readonly waiting?: WaitingToken;
  /** Why it does not go on, although its notes do not say so. */
  readonly parked?: ParkedMark;
  /** What its task threw last. It may be over: compare `at` with the time of the last note. */
  readonly fault?: Fault;
  /** How many executions have been started for it beyond the first. */
  readonly restarts: number;
  /** The decision by which the last of them was started. */
  readonly resumed?: Decision;
  /** As it was stored last; nothing where nobody has. */
  readonly listedStatus?: ListedStatus;
};

/** One of which nothing is stored. */
export const unknownInstance = (id: string): InstanceItem => ({ id, history: [], restarts: 0 });

/** What is stored in the same step as events. */
export type AppendOptions = { readonly waiting?: WaitingToken; readonly listedStatus?: ListedStatus };

export type ListRequest = {
  readonly kind: ListedStatus["kind"];
  /** Those whose time is no later. */
  readonly until?: string;
  readonly limit: number;
  /** The `next` of the page before. */
  readonly from?: string;
};

export type Page = {
  readonly ids: readonly string[];
  /** Where the next page begins; none after the last. */
  readonly next?: string;
};

/**
 * How many bytes of events an instance may hold, as JSON, with their ids. A database holds a little more: there must be
 * room to mark it as parked.
 */
export const historyBytesMax = 380_000;

/** Each method throws `PermanentError` for what can never be stored: its id is no key, or it is too large. */
export type Instances = {
  /** Strongly consistent; an unknown instance has no notes. */
  readonly read: (id: string) => Promise<InstanceItem>;
  /**
   * Adds those of the events that are not noted yet, each once, at the end and in their order, stores the token
   * and the standing if they are given, and answers the item with all notes: one atomic step. Of two that note at
   * once, the later one sees what both have noted.
   */
  readonly append: (
    id: string,
    events: readonly RecordedEvent[],
    beside?: AppendOptions,
  ) => Promise<InstanceItem>;
  /** Stores where it stands unless there are more than `count` notes: whoever noted them knows better. */
  readonly setListedStatus: (id: string, listedStatus: ListedStatus, count: number) => Promise<void>;
  /** Marks or, with undefined, unmarks it as parked beside its notes, and answers the item. A long reason is cut. */
  readonly park: (id: string, parked: InstanceItem["parked"]) => Promise<InstanceItem>;
  /** Keeps the fault beside the notes, in place of an earlier one. Does nothing for an instance without notes. */
  readonly fail: (id: string, fault: Fault) => Promise<void>;
  /** Counts one more execution, keeps by which decision, and answers how many there are beyond the first. */
  readonly restart: (id: string, decision: Decision) => Promise<number>;
  /**
   * A page of those that stand so, the latest time first, eventually consistent. A `from` that no list of this kind
   * gave is answered with "invalid".
   */
  readonly list: (request: ListRequest) => Promise<Page | "invalid">;
};
