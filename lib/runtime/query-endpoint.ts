/** Queries over HTTP: rows, lists, histories, where a saga stands; and what no route is there for. */
import type { Application, HistoryRoute, ListRoute, QueryRoute, Route } from "../model/application.ts";
import { instanceIn } from "../model/instance.ts";
import { status } from "../model/status.ts";
import { streamId } from "../model/stream.ts";
import type { NewId } from "../ports/clock.ts";
import type { EventStore } from "../ports/event-store.ts";
import type { HttpRequest, HttpResponse } from "../ports/http.ts";
import type { Instances } from "../ports/instances.ts";
import type { Log } from "../ports/log.ts";
import type { ReadModels } from "../ports/read-models.ts";
import { listOf } from "./list.ts";
import { isProblem, jsonResponse, type Problem, problemResponse } from "./problem.ts";
import { recordedEvents } from "./recorded.ts";
import { correlationIdOf, notFound, parameterFaults } from "./request.ts";
import { wordsOf } from "./settle.ts";

export type QueryEndpointPorts = {
  readonly readModels: ReadModels;
  readonly store: EventStore;
  readonly instances: Instances;
  readonly newId: NewId;
  readonly log: Log;
};

const nothing = (detail: string): HttpResponse => problemResponse({ kind: "not-found", detail });

/** The value of the path's only parameter. */
const keyOf = ({ parameters }: HttpRequest): string => Object.values(parameters).join();

export const queryEndpoint = (
  application: Pick<Application<never>, "routes" | "sagas">,
  { readModels, store, instances, newId, log }: QueryEndpointPorts,
): ((request: HttpRequest) => Promise<HttpResponse>) => {
  const row = async ({ query, versionOf }: QueryRoute, request: HttpRequest) => {
    const key = keyOf(request);
    const found = await readModels.find(query.name, key);
    const gate = found?.gates[streamId(versionOf.name, key)];
    // Other streams may have made the row already; without its own there is nothing to show yet.
    if (!found?.row || !gate) return nothing(`no ${query.name} ${key}`);
    const etag = `"${gate.business}"`;
    if (request.headers["if-none-match"] === etag) return { status: 304, headers: { etag }, body: "" };
    return jsonResponse(200, found.row, { etag });
  };

  const list = async (route: ListRoute, request: HttpRequest) => {
    const answer = await listOf(readModels, route, request.query);
    return isProblem(answer) ? problemResponse(answer) : jsonResponse(200, answer);
  };

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
    const item = await instances.read(`${name}/${id}`);
    const instance = instanceIn(definition, item.id, item.notes);
    if (!instance) return nothing(`no ${name} ${id}`);
    const stands = status(instance, item.notes);
    const isOver = stands.kind === "completed" || stands.kind === "compensated";
    const reason = "reason" in stands ? wordsOf(stands.reason) : undefined;
    const parked = isOver ? undefined : item.parked;
    const events = item.notes.map(({ type, metadata }) => ({
      type,
      id: metadata.id,
      recordedAt: metadata.recordedAt,
      commandId: metadata.commandId,
    }));
    return jsonResponse(200, {
      saga: name,
      id,
      status: parked ? "parked" : stands.kind,
      step: "step" in stands ? stands.step : undefined,
      since: parked?.at ?? stands.since,
      reason: parked?.because ?? reason,
      correlationId: instance.start.metadata.correlationId,
      events,
    });
  };

  const answer = async (route: Route, request: HttpRequest): Promise<HttpResponse | Problem> => {
    const faults = parameterFaults(request.parameters);
    if (faults) return faults;
    if ("query" in route) return row(route, request);
    if ("list" in route) return list(route, request);
    if ("history" in route) return history(route, request);
    if ("sagas" in route) return saga(request);
    return notFound(application.routes, request);
  };

  return async (request) => {
    const { method, path, route } = request;
    const matched = application.routes.find((each) => each.path === route && each.method === method);
    const given = matched ? await answer(matched, request) : notFound(application.routes, request);
    const response = "kind" in given ? problemResponse(given) : given;
    const correlationId = correlationIdOf(request, newId);
    if (response.status >= 400)
      log.write({
        kind: "request",
        message: `${method} ${path} → ${response.status}`,
        correlationId,
        status: response.status,
      });
    return { ...response, headers: { ...response.headers, "x-correlation-id": correlationId } };
  };
};
