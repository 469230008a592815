/**
 * Queries over HTTP: rows, lists, histories, sagas and documents, as well as HEAD, OPTIONS and unknown routes. Each
 * answer that a cache may store has a strong ETag and obeys the preconditions of its request.
 */
import {
  type Application,
  type DocumentRoute,
  type HistoryRoute,
  type ListRoute,
  type QueryRoute,
  type Route,
  routesOf,
} from "../../model/application.ts";
import { streamId } from "../../model/stream.ts";
import type { Clock, NewId } from "../../ports/clock.ts";
import type { EventStore } from "../../ports/event-store.ts";
import type { HttpRequest, HttpResponse } from "../../ports/http.ts";
import type { Instances } from "../../ports/instances.ts";
import type { Log } from "../../ports/log.ts";
import type { ReadModels } from "../../ports/read-models.ts";
import { sagaReport } from "../sagas/saga-report.ts";
import { recordedEvents } from "../streams/recorded.ts";
import { type Endpoint, endpoint, problemReply } from "./endpoint.ts";
import { conditional, entityTagOf } from "./entity-tag.ts";
import { listOf } from "./list.ts";
import { isProblem, jsonResponse, type Problem } from "./problem.ts";
import { methodsOf, notFound, parameterFaults, queryFaults } from "./request.ts";
import { sagaList } from "./saga-list.ts";

/** Texts that are generated from the application on request. */
type Documents = { readonly openapi: () => string; readonly page: () => string };

type QueryEndpointPorts = {
  readonly readModels: ReadModels;
  readonly store: EventStore;
  readonly instances: Instances;
  readonly documents: Documents;
  readonly clock: Clock;
  readonly newId: NewId;
  readonly log: Log;
};

/** The page contains only its own style: no script and no external resource. */
const pageHeaders = {
  "content-type": "text/html; charset=utf-8",
  "content-security-policy": "default-src 'none'; style-src 'unsafe-inline'",
};

const nothing = (detail: string): Problem => ({ kind: "not-found", detail });

/** The value of the only parameter in the path. */
const keyOf = ({ parameters }: HttpRequest): string => Object.values(parameters).join();

/** Read models change at any time, so a cache must revalidate before it reuses an answer. */
const cacheControlOf = ({ access }: Route): string =>
  access === "public" ? "no-cache" : "private, no-cache";

/** Adds the headers that a cache needs to store the answer. */
const validated = (route: Route, response: HttpResponse): HttpResponse => {
  if (response.status !== 200) return response;
  const headers = { etag: entityTagOf(response.body), "cache-control": cacheControlOf(route) };
  return { ...response, headers: { ...headers, ...response.headers } };
};

export const queryEndpoint = (
  application: Pick<Application<never>, "routes" | "sagas">,
  { readModels, store, instances, documents, clock, newId, log }: QueryEndpointPorts,
): Endpoint => {
  const listSagas = sagaList(application, { instances, clock });
  const routes = routesOf(application);

  const row = async ({ query, versionOf }: QueryRoute, request: HttpRequest) => {
    const key = keyOf(request);
    const found = await readModels.find(query.name, key);
    const checkpoint = found?.checkpoints[streamId(versionOf.name, key)];
    // Another stream may have created the row already. Until the stream of this key has contributed, there is
    // nothing to show.
    if (!found?.row || !checkpoint) return nothing(`no ${query.name} ${key}`);
    const response = jsonResponse(200, found.row);
    const etag = entityTagOf(response.body, checkpoint.business);
    return { ...response, headers: { ...response.headers, etag } };
  };

  const list = async (route: ListRoute, { query }: HttpRequest) => {
    const answer = queryFaults(query) ?? (await listOf(readModels, route, query));
    return isProblem(answer) ? answer : jsonResponse(200, answer);
  };

  /** Strongly consistent: an audit trail must be complete, and a client must find what it has just done. */
  const history = async ({ history: { name } }: HistoryRoute, request: HttpRequest) => {
    const key = keyOf(request);
    const commits = await store.read(streamId(name, key), { consistency: "strong" });
    if (commits.length === 0) return nothing(`no ${name} ${key}`);
    const events = commits.flatMap(recordedEvents).map(({ type, data, metadata }) => {
      const { version, recordedAt, commandId, correlationId, causationId, sagaId, actor } = metadata;
      return { type, data, version, recordedAt, commandId, correlationId, causationId, sagaId, actor };
    });
    return jsonResponse(200, { events });
  };

  const saga = async ({ parameters: { saga: name = "", id = "" } }: HttpRequest) => {
    const definition = application.sagas.find((each) => each.name === name);
    if (!definition) return nothing(`no saga ${name}`);
    const report = sagaReport(definition, await instances.read(`${name}/${id}`), clock());
    return report ? jsonResponse(200, report) : nothing(`no ${name} ${id}`);
  };

  const sagas = async ({ query }: HttpRequest) => {
    const answer = queryFaults(query) ?? (await listSagas(query));
    return isProblem(answer) ? answer : jsonResponse(200, answer);
  };

  /**
   * Reads a missing item from every store that answers use, because a missing item costs least. A read that throws
   * means that the service is not healthy.
   */
  const health = async () => {
    const rows = application.routes.flatMap((route) => {
      if ("query" in route) return [route.query.name];
      return "list" in route ? [route.list.name] : [];
    });
    await Promise.all([
      store.read(streamId("health", "check"), { consistency: "eventual" }),
      instances.read("health/check"),
      ...[...new Set(rows)].map((name) => readModels.find(name, "health-check")),
    ]);
    return jsonResponse(200, { status: "ok" });
  };

  const document = async ({ document }: DocumentRoute): Promise<HttpResponse> => {
    if (document === "health") return health();
    return document === "openapi"
      ? { status: 200, headers: { "content-type": "application/json" }, body: documents.openapi() }
      : { status: 200, headers: pageHeaders, body: documents.page() };
  };

  const read = async (route: Route, request: HttpRequest): Promise<HttpResponse | Problem> => {
    if ("command" in route || ("sagas" in route && route.sagas === "resume"))
      return notFound(application, request);
    if ("redirect" in route) return { status: 302, headers: { location: route.redirect }, body: "" };
    const unfit = parameterFaults(request.parameters);
    if (unfit) return unfit;
    if ("query" in route) return row(route, request);
    if ("list" in route) return list(route, request);
    if ("document" in route) return document(route);
    if ("history" in route) return history(route, request);
    return route.sagas === "list" ? sagas(request) : saga(request);
  };

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
    const given = await read(route, request);
    return isProblem(given) ? given : conditional(request, validated(route, given));
  };

  return endpoint({ newId, log }, async (request) => {
    const given = await answer(request);
    return isProblem(given) ? problemReply(given) : { response: given };
  });
};
