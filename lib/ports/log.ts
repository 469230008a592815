/**
 * One line of structured log per thing that happened. Lines that share a `correlationId` are the causal chain
 * of one request. On AWS they are searched with Logs Insights, locally they are the live log and the trace.
 */
export type LogEntry = {
  readonly kind: "request" | "command" | "event" | "step" | "effect" | "saga" | "problem";
  /** For people: one line that says what happened. */
  readonly message: string;
  readonly correlationId?: string;
  /** The error behind a problem. Its stack is logged. */
  readonly error?: unknown;
  readonly [field: string]: unknown;
};

export type Log = {
  /** Writes the entry with the time; never throws. */
  readonly write: (entry: LogEntry) => void;
  /** Counts something an operator is alarmed by, as a metric of this name. */
  readonly count: (metric: Metric) => void;
};

/** Each has an alarm in the cloud. */
export type Metric =
  | "SagaParked"
  | "SagaDelayed"
  | "SagaStuck"
  | "StreamParked"
  | "DeliveryFailing"
  | "ForeignEventRejected"
  | "EventChanged";
