/** How requests of the AWS SDKs become calls of services, and how outputs and errors become answers. */
import type { IncomingHttpHeaders } from "node:http";
import type { Input, ServiceError } from "../service/service.ts";

export type Request = {
  readonly method: string;
  /** Path and query, as sent. */
  readonly url: URL;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
};

export type Call = { readonly operation: string; readonly input: Input };

export type Answer = {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | Uint8Array;
};

export type Protocol = {
  /** Throws ServiceError if the request is not a call of an operation. */
  readonly read: (request: Request) => Call;
  readonly answer: (output: unknown, call: Call, request: Request) => Answer;
  readonly refuse: (error: ServiceError, request: Request) => Answer;
};
