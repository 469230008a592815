/** The part that all endpoints share: it returns the correlation id and logs one line per request. */
import type { NewId } from "../../ports/clock.ts";
import type { HttpRequest, HttpResponse } from "../../ports/http.ts";
import type { Log } from "../../ports/log.ts";
import { type Problem, pointerOf, problemResponse } from "./problem.ts";
import { correlationIdOf } from "./request.ts";

export type Endpoint = (request: HttpRequest) => Promise<HttpResponse>;

/** `about` is for the log: what was done, or what was wrong. */
export type Reply = { readonly response: HttpResponse; readonly about?: string };

/** A log line names at most this number of fields. */
const namedMax = 5;

/** For example `schema /lines/0/sku, /customer`: the kind of problem and the fields that have it. */
const aboutProblem = ({ code, kind, errors = [] }: Problem): string => {
  const fields = [...new Set(errors.map(({ path }) => pointerOf(path) || "/"))];
  const named = fields.slice(0, namedMax).join(", ");
  const more = fields.length > namedMax ? ` and ${fields.length - namedMax} more` : "";
  return `${code ?? kind}${named === "" ? "" : ` ${named}${more}`}`;
};

export const problemReply = (problem: Problem): Reply => ({
  response: problemResponse(problem),
  about: aboutProblem(problem),
});

/** An error thrown by `respond` is a bug. It is passed on to the caller. */
export const endpoint =
  (
    { newId, log }: { readonly newId: NewId; readonly log: Log },
    respond: (request: HttpRequest, correlationId: string) => Promise<Reply>,
  ): Endpoint =>
  async (request) => {
    const correlationId = correlationIdOf(request, newId);
    const { response, about } = await respond(request, correlationId);
    const { method, path, actor } = request;
    const { status, headers } = response;
    const message = `${method} ${path} → ${status}${about === undefined ? "" : ` ${about}`}`;
    log.write({ kind: "request", message, correlationId, actor, status });
    return { ...response, headers: { ...headers, "x-correlation-id": correlationId } };
  };
