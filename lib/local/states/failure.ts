/**
 * How a state fails: with an error name, which retriers and catchers match, and a cause for people.
 */
export type Failure = { readonly error: string; readonly cause: string };

/** Thrown where a state cannot go on; the interpreter turns it into a retry, a catch or the end. */
export class StateFailure extends Error {
  readonly failure: Failure;
  constructor(error: string, cause: string) {
    super(`${error}: ${cause}`);
    this.failure = { error, cause };
  }
}

/** AWS lets no wildcard match these, and States.Runtime not even its own name. */
const beyondWildcards = ["States.Runtime", "States.DataLimitExceeded"];

export const matches = (errorEquals: readonly string[], error: string): boolean =>
  errorEquals.some((name) => {
    if (error === "States.Runtime") return false;
    if (name === "States.ALL") return !beyondWildcards.includes(error);
    if (name === "States.TaskFailed") return error !== "States.Timeout" && !beyondWildcards.includes(error);
    return name === error;
  });

/** Of a state's input, output and arguments, in bytes of UTF-8. */
export const dataBytesMax = 262_144;

/** The JSON text of data that passes between states; fails the state when it is larger than AWS allows. */
export const limited = (data: unknown, what: string): string => {
  const text = JSON.stringify(data);
  if (Buffer.byteLength(text) <= dataBytesMax) return text;
  throw new StateFailure(
    "States.DataLimitExceeded",
    `The ${what} has a size exceeding the maximum number of bytes service limit (${dataBytesMax}).`,
  );
};
