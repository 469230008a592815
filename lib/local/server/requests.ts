/** The last requests that clients sent to the HTTP API, the newest first. */

export type HandledRequest = {
  readonly at: string;
  readonly method: string;
  readonly path: string;
  readonly status: number;
  /** By this id its trace is found. */
  readonly correlationId?: string;
};

export type Requests = {
  readonly add: (request: HandledRequest) => void;
  readonly list: () => readonly HandledRequest[];
};

export const requests = (requestsMax = 20): Requests => {
  let newest: readonly HandledRequest[] = [];
  return {
    add: (request) => {
      newest = [request, ...newest].slice(0, requestsMax);
    },
    list: () => newest,
  };
};
