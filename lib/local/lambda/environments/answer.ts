/** What an invocation of a function returns. */

export type Answer = {
  /** JSON text. */
  readonly payload: string;
  /** Set if the function failed. The payload is then the error document. */
  readonly functionError?: "Unhandled";
};

/** The answer of an invocation that failed. `payload` is an error document. */
export const failedWith = (payload: string): Answer => ({ payload, functionError: "Unhandled" });

export const failed = (errorType: string, errorMessage: string): Answer =>
  failedWith(JSON.stringify({ errorType, errorMessage }));
