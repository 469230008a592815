/**
 * One structured log line per thing that happened. Lines with the same `correlationId` are the causal chain of one
 * request. On AWS, Logs Insights searches them; locally they are the live log and the trace.
 */
export type LogEntry = {
  readonly kind: "request" | "command" | "event" | "step" | "effect" | "saga" | "problem";
  /** One line for people that says what happened. */
  readonly message: string;
  readonly correlationId?: string;
  /** The error that caused a problem. Its stack is logged. */
  readonly error?: unknown;
  readonly [field: string]: unknown;
};

/** The log and the metrics. */
export type Log = {
  /** Writes the entry with the time. Never throws. */
  readonly write: (entry: LogEntry) => void;
  /** Increments a metric that raises an alarm. */
  readonly count: (metric: Metric) => void;
};

/** The metrics. Each has an alarm in the cloud. */
export type Metric =
  | "RequestFailed"
  | "SagaParked"
  | "SagaDelayed"
  | "SagaStuck"
  | "StreamParked"
  | "DeliveryFailing"
  | "ForeignEventRejected"
  | "EventChanged";
