/** The instances of sagas: the history of each, and the token of the task that waits. */
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
 * The status by which lists find an instance. `at` is the time to look at an instance that is under way, if nothing has
 * happened until then. For one that is parked or over, it is the time since when.
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
  /** In the order in which they were appended. */
  readonly history: readonly RecordedEvent[];
  readonly waiting?: WaitingToken;
  /** Why it does not go on, if the history cannot say it. */
  readonly parked?: ParkedMark;
  /** What its task threw last. It may be over: compare `at` with the time of the last event. */
  readonly fault?: Fault;
  /** How many executions have been started for it beyond the first. */
  readonly restarts: number;
  /** The decision by which the last of them was started. */
  readonly resumed?: Decision;
  /** As it was stored last; undefined if it never was. */
  readonly listedStatus?: ListedStatus;
};

/** An instance of which nothing is stored. */
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
  /** Strongly consistent. An unknown instance has an empty history. */
  readonly read: (id: string) => Promise<InstanceItem>;
  /**
   * Appends the events that the history does not have, each once and in their order. Stores the token and the
   * status if they are given. Answers the item with its whole history. All of this is one atomic step: of two concurrent
   * calls, the later one sees the events of both.
   */
  readonly append: (
    id: string,
    events: readonly RecordedEvent[],
    beside?: AppendOptions,
  ) => Promise<InstanceItem>;
  /** Stores the status, unless the history has more than `count` events: a later writer knows better. */
  readonly setListedStatus: (id: string, listedStatus: ListedStatus, count: number) => Promise<void>;
  /** Marks it as parked beside its history, or removes the mark if undefined. Answers the item. A long reason is cut. */
  readonly park: (id: string, parked: InstanceItem["parked"]) => Promise<InstanceItem>;
  /** Keeps the fault beside the history, in place of an earlier one. Does nothing if the history is empty. */
  readonly fail: (id: string, fault: Fault) => Promise<void>;
  /** Counts one more execution, keeps by which decision, and answers how many there are beyond the first. */
  readonly restart: (id: string, decision: Decision) => Promise<number>;
  /**
   * A page of the instances with this status, the latest time first, eventually consistent. Answers "invalid" if `from`
   * does not come from a list of this kind.
   */
  readonly list: (request: ListRequest) => Promise<Page | "invalid">;
};
