/**
 * Knows which invocation of the function is under way, so that each line of the log can name it. An execution
 * environment of Lambda has one invocation at a time, so one variable is enough.
 */

/** The part of Lambda's context object that the log shows. */
type InvocationContext = { readonly awsRequestId: string };

type Current = {
  readonly requestId: string | undefined;
  /** Whether this is the first invocation of the environment. */
  readonly isCold: boolean;
};

let current: Current = { requestId: undefined, isCold: true };

/** The invocation under way. Before the first one it is cold and has no request id. */
export const currentInvocation = (): Current => current;

/** Wraps the handler of a function, so that what it logs names its invocation. */
export const invocation =
  <Event, Answer>(handler: (event: Event) => Answer) =>
  (event: Event, { awsRequestId }: InvocationContext): Answer => {
    current = { requestId: awsRequestId, isCold: current.requestId === undefined };
    return handler(event);
  };
