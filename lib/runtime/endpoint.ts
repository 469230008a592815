/** What every endpoint does around its reply: it gives the correlation id back and logs one line a request. */
import type { NewId } from "../ports/clock.ts";
import type { HttpRequest, HttpResponse } from "../ports/http.ts";
import type { Log } from "../ports/log.ts";
import { type Problem, problemResponse } from "./problem.ts";
import { correlationIdOf } from "./request.ts";

export type Endpoint = (request: HttpRequest) => Promise<HttpResponse>;

/** `about` is for the log: what it was, or what was wrong. */
export type Reply = { readonly response: HttpResponse; readonly about?: string };

export const problemReply = (problem: Problem): Reply => ({
  response: problemResponse(problem),
  about: problem.code ?? problem.kind,
});

/** What `respond` throws is a bug, and is left to whoever called the endpoint. */
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
