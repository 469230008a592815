/**
 * Knows the current invocation of the function, so that each log line can name it. An execution environment of
 * Lambda has one invocation at a time, so one variable is enough.
 */

/** The part of Lambda's context object that the log shows. */
type InvocationContext = { readonly awsRequestId: string };

type Current = {
  readonly requestId: string | undefined;
  /** Whether this is the first invocation of the environment. */
  readonly isCold: boolean;
};

let current: Current = { requestId: undefined, isCold: true };

/** The current invocation. Before the first one, `isCold` is true and the request id is undefined. */
export const currentInvocation = (): Current => current;

/** Wraps the handler of a function, so that its log lines name the invocation. */
export const invocation =
  <Event, Answer>(handler: (event: Event) => Answer) =>
  (event: Event, { awsRequestId }: InvocationContext): Answer => {
    current = { requestId: awsRequestId, isCold: current.requestId === undefined };
    return handler(event);
  };
