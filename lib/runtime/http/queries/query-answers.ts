/** Answers a query from the stores: a row, a list, a history, a saga, a list of sagas or a document. */
import type { AnyApplication } from "../../../model/application.ts";
import { fold } from "../../../model/decider.ts";
import { currentEvents } from "../../../model/events/current.ts";
import type { DocumentRoute, HistoryRoute, ListRoute, QueryRoute, Route } from "../../../model/http/route.ts";
import { isReceipt } from "../../../model/message.ts";
import { findByName, presentNameOf } from "../../../model/names/stored-name.ts";
import { streamId } from "../../../model/stream.ts";
import type { Clock } from "../../../ports/clock.ts";
import type { EventStore } from "../../../ports/event-store.ts";
import type { HttpRequest, HttpResponse } from "../../../ports/http.ts";
import type { Instances } from "../../../ports/instances.ts";
import type { ReadModels } from "../../../ports/read-models.ts";
import { sagaReport } from "../../sagas/saga-report.ts";
import { eventsOf } from "../../streams/recorded.ts";
import { entityTagOf } from "../entity-tag.ts";
import { mayAudit, maySee, ownRowsOf } from "../ownership.ts";
import { isProblem, jsonResponse, type Problem } from "../problem.ts";
import { notFound, parameterFaults, queryFaults } from "../request.ts";
import { listOf } from "./list.ts";
import { sagaList } from "./saga-list.ts";

/** Texts that are generated from the application on request. */
type Documents = { readonly openapi: () => string; readonly page: () => string };

export type QueryPorts = {
  readonly readModels: ReadModels;
  readonly store: EventStore;
  readonly instances: Instances;
  readonly documents: Documents;
  readonly clock: Clock;
};

type Queried = Pick<AnyApplication, "routes" | "sagas">;
type Answer = HttpResponse | Problem;

/** The page contains only its own style: no script and no external resource. */
const pageHeaders = {
  "content-type": "text/html; charset=utf-8",
  "content-security-policy": "default-src 'none'; style-src 'unsafe-inline'",
};

const nothing = (detail: string): Problem => ({ kind: "not-found", detail });

/** The value of the only parameter in the path. */
const keyOf = ({ parameters }: HttpRequest): string => Object.values(parameters).join();

const row = async ({ readModels }: QueryPorts, route: QueryRoute, request: HttpRequest): Promise<Answer> => {
  const { query, versionOf } = route;
  const key = keyOf(request);
  const found = await readModels.find(query.name, key);
  const checkpoint = found?.checkpoints[streamId(versionOf.name, key)];
  // Another stream may have created the row already. Until the stream of this key has contributed, there is
  // nothing to show.
  if (!found?.row || !checkpoint || !maySee(route, request, found.row))
    return nothing(`no ${presentNameOf(query)} ${key}`);
  const response = jsonResponse(200, found.row);
  const etag = entityTagOf(response.body, checkpoint.business);
  return { ...response, headers: { ...response.headers, etag } };
};

const list = async ({ readModels }: QueryPorts, route: ListRoute, request: HttpRequest): Promise<Answer> => {
  const { query } = request;
  const own = ownRowsOf(route, request);
  const answer = queryFaults(query) ?? (await listOf(readModels, route, { query, own }));
  return isProblem(answer) ? answer : jsonResponse(200, answer);
};

/**
 * Strongly consistent: an audit trail must be complete, and a client must find what it has just done. The events have
 * today's shape, which the documents of the API describe.
 */
const history = async ({ store }: QueryPorts, route: HistoryRoute, request: HttpRequest): Promise<Answer> => {
  const decider = route.history;
  const key = keyOf(request);
  const commits = await store.read(streamId(decider.name, key), { consistency: "strong" });
  const recorded = commits.flatMap(eventsOf(currentEvents([decider])));
  const state = () =>
    fold(
      decider,
      recorded.filter((event) => !isReceipt(event)),
    );
  if (commits.length === 0 || !mayAudit(route, request, state))
    return nothing(`no ${presentNameOf(decider)} ${key}`);
  const events = recorded.map(({ type, data, metadata }) => {
    const { version, recordedAt, commandId, correlationId, causationId, sagaId, actor } = metadata;
    return { type, data, version, recordedAt, commandId, correlationId, causationId, sagaId, actor };
  });
  return jsonResponse(200, { events });
};

const saga = async (
  { instances, clock }: QueryPorts,
  { sagas }: Queried,
  { parameters: { saga: name = "", id = "" } }: HttpRequest,
): Promise<Answer> => {
  const definition = findByName(sagas, name);
  if (!definition) return nothing(`no saga ${name}`);
  const report = sagaReport(definition, await instances.read(`${definition.name}/${id}`), clock());
  return report ? jsonResponse(200, report) : nothing(`no ${name} ${id}`);
};

/**
 * Reads a missing item from every store that answers use, because a missing item costs least. A read that throws
 * means that the service is not healthy.
 */
const health = async ({ store, instances, readModels }: QueryPorts, { routes }: Queried): Promise<Answer> => {
  const rows = routes.flatMap((route) => {
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

const document = async (
  ports: QueryPorts,
  application: Queried,
  { document }: DocumentRoute,
): Promise<Answer> => {
  if (document === "health") return health(ports, application);
  return document === "openapi"
    ? { status: 200, headers: { "content-type": "application/json" }, body: ports.documents.openapi() }
    : { status: 200, headers: pageHeaders, body: ports.documents.page() };
};

export const queryAnswers = (
  application: Queried,
  ports: QueryPorts,
): ((route: Route, request: HttpRequest) => Promise<Answer>) => {
  const listSagas = sagaList(application, ports);

  const sagas = async ({ query }: HttpRequest): Promise<Answer> => {
    const answer = queryFaults(query) ?? (await listSagas(query));
    return isProblem(answer) ? answer : jsonResponse(200, answer);
  };

  return async (route, request) => {
    if ("command" in route || ("sagas" in route && route.sagas === "resume"))
      return notFound(application, request);
    if ("redirect" in route) return { status: 302, headers: { location: route.redirect }, body: "" };
    const unfit = parameterFaults(request.parameters);
    if (unfit) return unfit;
    if ("query" in route) return row(ports, route, request);
    if ("list" in route) return list(ports, route, request);
    if ("document" in route) return document(ports, application, route);
    if ("history" in route) return history(ports, route, request);
    return route.sagas === "list" ? sagas(request) : saga(ports, application, request);
  };
};
