/**
 * The part that all endpoints share: it returns the correlation id, logs one line per request, and answers requests
 * that need an unreadable event.
 */
import { UnreadableEvent } from "../../model/events/current.ts";
import { isUnreadableForNow } from "../../model/events/unreadable-for-now.ts";
import type { Clock, NewId } from "../../ports/clock.ts";
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

const retrySeconds = 10;

/** While a deployment is under way, a function with newer code may answer the next request. */
const problemOfEvent = (error: UnreadableEvent, now: Date): Problem =>
  isUnreadableForNow(error, now)
    ? {
        kind: "not-yet-readable",
        detail: `newer code may have recorded ${error.event.metadata.id}: send the request again`,
        headers: { "retry-after": `${retrySeconds}` },
      }
    : {
        kind: "unreadable-event",
        detail: `${error.event.metadata.id} cannot be read, and nothing was changed`,
      };

type EndpointPorts = { readonly newId: NewId; readonly clock: Clock; readonly log: Log };

/** Any other error thrown by `respond` is a bug. It is passed on to the caller. */
export const endpoint =
  (
    { newId, clock, log }: EndpointPorts,
    respond: (request: HttpRequest, correlationId: string) => Promise<Reply>,
  ): Endpoint =>
  async (request) => {
    const correlationId = correlationIdOf(request, newId);
    const { method, path, actor } = request;
    const { response, about } = await respond(request, correlationId).catch((error: unknown) => {
      if (!(error instanceof UnreadableEvent)) throw error;
      log.count("RequestFailed");
      log.write({ kind: "problem", message: `${method} ${path}: ${error.message}`, correlationId, error });
      return problemReply(problemOfEvent(error, clock()));
    });
    const { status, headers } = response;
    const message = `${method} ${path} → ${status}${about === undefined ? "" : ` ${about}`}`;
    log.write({ kind: "request", message, correlationId, actor, status });
    return { ...response, headers: { ...headers, "x-correlation-id": correlationId } };
  };
