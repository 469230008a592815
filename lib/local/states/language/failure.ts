/**
 * How a state fails: with an error name, which retriers and catchers match, and a cause for people.
 */
/** A time-out has no cause. */
export type Failure = { readonly error: string; readonly cause?: string };

export const timedOut: Failure = { error: "States.Timeout" };

/** Thrown if a state cannot go on; the interpreter turns it into a retry, a catch or the end. */
export class StateFailure extends Error {
  readonly failure: Failure;
  constructor(error: string, cause: string) {
    super(`${error}: ${cause}`);
    this.failure = { error, cause };
  }
}

/** A field whose expression cannot be evaluated, or evaluates to the wrong type. `location` names the field. */
export class EvaluationFailure extends StateFailure {
  readonly location: string;
  constructor(location: string, cause: string) {
    super("States.QueryEvaluationError", cause);
    this.location = location;
  }
}

/** Ends the execution: neither a retrier nor a catcher of the state sees it. */
export class TerminalFailure extends StateFailure {}

/**
 * States.Runtime is matched by nothing. States.ALL matches States.DataLimitExceeded, although AWS's page "Handling
 * errors" says otherwise: AWS's own answers show a result that is too large caught by it (localstack/localstack,
 * test_states_errors.snapshot.json, test_service_task_lambada_catch_state_all_data_limit_exceeded…, 2024-03-21).
 */
export const matches = (errorEquals: readonly string[], error: string): boolean =>
  errorEquals.some((name) => {
    if (error === "States.Runtime") return false;
    if (name === "States.ALL") return true;
    if (name === "States.TaskFailed") return error !== "States.Timeout";
    return name === error;
  });

/** Of a state's input, output and arguments, in bytes of UTF-8. */
export const dataBytesMax = 262_144;

/**
 * The JSON text of data that passes between states. Data that is larger than AWS allows ends the execution: AWS
 * reports no failure of the state, so that its catchers see nothing (cdklabs/construct-hub#1885).
 */
export const limited = (data: unknown, what: string): string => {
  const text = JSON.stringify(data);
  if (Buffer.byteLength(text) <= dataBytesMax) return text;
  throw new TerminalFailure(
    "States.DataLimitExceeded",
    `The ${what} has a size exceeding the maximum number of bytes service limit (${dataBytesMax}).`,
  );
};
