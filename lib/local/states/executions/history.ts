/**
 * The history of the newest executions, for GetExecutionHistory. It is in memory only, and empty after a restart. The
 * number of events survives, because AWS ends an execution at the 25,000th.
 */
import { StateFailure } from "../language/failure.ts";

export type HistoryEvent = Readonly<Record<string, unknown>> & {
  readonly id: number;
  readonly previousEventId: number;
  readonly timestamp: number;
  readonly type: string;
};

export type HistoryLog = {
  /** Appends an event and returns its id. Fails the execution if the history is full. */
  readonly record: (type: string, details?: Readonly<Record<string, unknown>>) => number;
  /**
   * Appends an event even if the history is full. For the last event, and for events that are not steps of the machine.
   */
  readonly recordAlways: (type: string, details?: Readonly<Record<string, unknown>>) => number;
  readonly count: () => number;
};

const eventsMax = 25_000;
const historiesMax = 1000;

export type Histories = {
  /** Empty if the execution is not among the newest. */
  readonly of: (arn: string) => readonly HistoryEvent[];
  readonly forget: (arn: string) => void;
  /** The history of this execution, which has `count` events at this time. */
  readonly log: (arn: string, count: number) => HistoryLog;
};

export const histories = (now: () => number): Histories => {
  const kept = new Map<string, HistoryEvent[]>();

  const eventsOf = (arn: string): HistoryEvent[] => {
    const events = kept.get(arn) ?? [];
    kept.set(arn, events);
    const [oldest] = kept.keys();
    if (kept.size > historiesMax && oldest !== undefined) kept.delete(oldest);
    return events;
  };

  return {
    of: (arn) => kept.get(arn) ?? [],
    forget: (arn) => void kept.delete(arn),
    log: (arn, count) => {
      let last = count;
      const recordAlways: HistoryLog["record"] = (type, details) => {
        last += 1;
        eventsOf(arn).push({
          timestamp: now() / 1000,
          type,
          id: last,
          previousEventId: last - 1,
          ...(details && { [detailsOf(type)]: details }),
        });
        return last;
      };
      const record: HistoryLog["record"] = (type, details) => {
        if (last < eventsMax - 1) return recordAlways(type, details);
        const cause = `The execution reached the maximum number of history events (${eventsMax}).`;
        throw new StateFailure("States.Runtime", cause);
      };
      return { record, recordAlways, count: () => last };
    },
  };
};

const detailsOf = (type: string): string => {
  if (type.endsWith("StateEntered")) return "stateEnteredEventDetails";
  if (type.endsWith("StateExited")) return "stateExitedEventDetails";
  return `${type.charAt(0).toLowerCase()}${type.slice(1)}EventDetails`;
};
