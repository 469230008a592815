/** The failure of a state. Retriers and catchers match its error name. The cause is for people. */
/** A timeout has no cause. */
export type Failure = { readonly error: string; readonly cause?: string };

export const timedOut: Failure = { error: "States.Timeout" };

/** Thrown if a state cannot continue. The interpreter turns it into a retry, a catch or the end. */
export class StateFailure extends Error {
  readonly failure: Failure;
  constructor(error: string, cause: string) {
    super(`${error}: ${cause}`);
    this.failure = { error, cause };
  }
}

/** The expression of a field cannot be evaluated, or has the wrong type. `location` names the field. */
export class EvaluationFailure extends StateFailure {
  readonly location: string;
  constructor(location: string, cause: string) {
    super("States.QueryEvaluationError", cause);
    this.location = location;
  }
}

/** Ends the execution. Retriers and catchers of the state do not see it. */
export class TerminalFailure extends StateFailure {}

/**
 * Nothing matches States.Runtime. States.ALL matches States.DataLimitExceeded, although AWS's page "Handling errors"
 * says otherwise. Recorded answers of AWS show that it catches a result that is too large (localstack/localstack,
 * test_states_errors.snapshot.json, test_service_task_lambada_catch_state_all_data_limit_exceeded…, 2024-03-21).
 */
export const matches = (errorEquals: readonly string[], error: string): boolean =>
  errorEquals.some((name) => {
    if (error === "States.Runtime") return false;
    if (name === "States.ALL") return true;
    if (name === "States.TaskFailed") return error !== "States.Timeout";
    return name === error;
  });

/** The maximum size of a state's input, output or arguments, in bytes of UTF-8. */
export const dataBytesMax = 262_144;

/**
 * The JSON text of data that passes between states. Data that exceeds AWS's limit ends the execution. AWS does not
 * report a failure of the state, so its catchers do not see it (cdklabs/construct-hub#1885).
 */
export const limited = (data: unknown, what: string): string => {
  const text = JSON.stringify(data);
  if (Buffer.byteLength(text) <= dataBytesMax) return text;
  throw new TerminalFailure(
    "States.DataLimitExceeded",
    `The ${what} has a size exceeding the maximum number of bytes service limit (${dataBytesMax}).`,
  );
};
