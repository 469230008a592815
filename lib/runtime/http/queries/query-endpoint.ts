/**
 * Queries over HTTP: rows, lists, histories, sagas and documents, as well as HEAD, OPTIONS and unknown routes. Each
 * answer that a cache may store has a strong ETag and obeys the preconditions of its request.
 */
import { type AnyApplication, routesOf } from "../../../model/application.ts";
import type { Route } from "../../../model/http/route.ts";
import type { NewId } from "../../../ports/clock.ts";
import type { HttpRequest, HttpResponse } from "../../../ports/http.ts";
import type { Log } from "../../../ports/log.ts";
import { type Endpoint, endpoint, problemReply } from "../endpoint.ts";
import { conditional, entityTagOf } from "../entity-tag.ts";
import { isProblem, type Problem } from "../problem.ts";
import { methodsOf, notFound } from "../request.ts";
import { type QueryPorts, queryAnswers } from "./query-answers.ts";

/** Read models change at any time, so a cache must revalidate before it reuses an answer. */
const cacheControlOf = ({ access }: Route): string =>
  access === "public" ? "no-cache" : "private, no-cache";

/** Adds the headers that a cache needs to store the answer. */
const validated = (route: Route, response: HttpResponse): HttpResponse => {
  if (response.status !== 200) return response;
  const headers = { etag: entityTagOf(response.body), "cache-control": cacheControlOf(route) };
  return { ...response, headers: { ...headers, ...response.headers } };
};

type QueryEndpointPorts = QueryPorts & { readonly newId: NewId; readonly log: Log };

export const queryEndpoint = (
  application: Pick<AnyApplication, "routes" | "sagas">,
  ports: QueryEndpointPorts,
): Endpoint => {
  const routes = routesOf(application);
  const answerQuery = queryAnswers(application, ports);

  /** The methods that a path supports. A browser needs a successful answer before it sends a cross-origin request. */
  const options = (request: HttpRequest): HttpResponse | Problem => {
    const allow = methodsOf(routes, request.path).join(", ");
    return allow === "" ? notFound(application, request) : { status: 204, headers: { allow }, body: "" };
  };

  /**
   * HEAD is answered like GET. Only a route that has its own path leads here, so the same access check has passed.
   */
  const routeOf = ({ method, route }: HttpRequest): Route | undefined =>
    routes.find((each) => each.method === (method === "HEAD" ? "GET" : method) && each.path === route);

  const answer = async (request: HttpRequest): Promise<HttpResponse | Problem> => {
    if (request.method === "OPTIONS") return options(request);
    const route = routeOf(request);
    if (!route) return notFound(application, request);
    const given = await answerQuery(route, request);
    return isProblem(given) ? given : conditional(request, validated(route, given));
  };

  return endpoint(ports, async (request) => {
    const given = await answer(request);
    return isProblem(given) ? problemReply(given) : { response: given };
  });
};
