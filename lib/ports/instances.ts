/** The instances of sagas: the history of each, and the token of the waiting task. */
import type { UnreadableEvent } from "../model/events/current.ts";
import type { RecordedEvent } from "../model/message.ts";

/** The task of the execution that waits until the step of this name is decided. */
export type WaitingToken = { readonly step: string; readonly token: string };

/** The decision of an operator about a parked instance. The same request has the same `requestId`. */
export type Decision = {
  readonly how: "retry" | "skip";
  readonly actor?: string;
  readonly requestId?: string;
  readonly at: string;
};

/**
 * The status by which lists find an instance. For an instance that is running, `at` is when to look at it if
 * nothing happens until then. For one that is parked or has ended, it is when that happened.
 */
export type ListedStatus = {
  readonly kind: "open" | "compensating" | "parked" | "completed" | "compensated";
  /** ISO 8601, UTC. */
  readonly at: string;
};

/** `code` has lower-case words with dashes. `because` is one sentence for operators. */
export type ParkedMark = {
  readonly code: string;
  readonly because: string;
  /** ISO 8601, UTC. */
  readonly at: string;
  /**
   * The event that could not be stored, which is a dead letter. The mark is removed once the event is redriven.
   * Without it, the execution has ended before the saga, and an operator resumes the instance.
   */
  readonly event?: string;
};

/** `step` is the task that failed. `because` is one sentence for operators. `at` is ISO 8601, UTC. */
export type Fault = { readonly step: string; readonly because: string; readonly at: string };

/** What is stored of an instance. */
export type InstanceItem = {
  readonly id: string;
  /** In the order in which they were appended. */
  readonly history: readonly RecordedEvent[];
  /** The number of stored events, if the history shows them in today's shape. */
  readonly storedEvents?: number;
  /** The first event of the history that today's code cannot read. */
  readonly unreadable?: UnreadableEvent;
  readonly waiting?: WaitingToken;
  /** Why it is parked, if the history does not show it. */
  readonly parked?: ParkedMark;
  /** The last error of its task. It may be outdated: compare `at` with the time of the last event. */
  readonly fault?: Fault;
  /** The number of executions after the first one. */
  readonly restarts: number;
  /** The decision that started the last execution. */
  readonly resumed?: Decision;
  /** The status that was stored last. Undefined if none was stored. */
  readonly listedStatus?: ListedStatus;
};

/** How many events of the instance are stored. An event of an earlier version may be none or several of today. */
export const storedEventsOf = ({ history, storedEvents = history.length }: InstanceItem): number =>
  storedEvents;

/** An instance that is not stored. */
export const unknownInstance = (id: string): InstanceItem => ({ id, history: [], restarts: 0 });

/** What is stored together with events. */
export type AppendOptions = { readonly waiting?: WaitingToken; readonly listedStatus?: ListedStatus };

/** Which page of which list to read. */
export type ListRequest = {
  readonly kind: ListedStatus["kind"];
  /** Only instances whose time is not later. */
  readonly until?: string;
  readonly limit: number;
  /** The `next` of the previous page. */
  readonly from?: string;
};

/** A page of a list. */
export type Page = {
  readonly ids: readonly string[];
  /** Where the next page begins. Absent on the last page. */
  readonly next?: string;
};

/**
 * The limit for the events of an instance, as JSON with their ids, in bytes. It is lower than the limit of the
 * database, so that there is room to mark the instance as parked.
 */
export const historyBytesMax = 380_000;

/**
 * Stores the instances. Each method throws `PermanentError` for content that can never be stored: an id that cannot
 * be a key, or content that is too large.
 */
export type Instances = {
  /** The instance, strongly consistent. An unknown instance has an empty history. */
  readonly read: (id: string) => Promise<InstanceItem>;
  /**
   * Appends the events that the history does not have, each once and in order. Stores the token and the status if
   * they are given. Answers the item with its whole history. All of this is atomic: of two concurrent calls, the
   * later one answers the events of both.
   */
  readonly append: (
    id: string,
    events: readonly RecordedEvent[],
    beside?: AppendOptions,
  ) => Promise<InstanceItem>;
  /** Stores the status, unless the history has more than `count` events, because then a later writer knows more. */
  readonly setListedStatus: (id: string, listedStatus: ListedStatus, count: number) => Promise<void>;
  /** Stores the mark beside the history, or removes it if undefined. Answers the item. A long reason is cut. */
  readonly park: (id: string, parked: InstanceItem["parked"]) => Promise<InstanceItem>;
  /** Stores the fault beside the history, in place of an earlier one. Does nothing if the history is empty. */
  readonly fail: (id: string, fault: Fault) => Promise<void>;
  /**
   * Counts one more execution, stores the decision that started it, and answers the number of executions after the
   * first one.
   */
  readonly restart: (id: string, decision: Decision) => Promise<number>;
  /**
   * A page of the instances with this status, latest time first, eventually consistent. Answers "invalid" if `from`
   * does not come from a list of this kind.
   */
  readonly list: (request: ListRequest) => Promise<Page | "invalid">;
};
