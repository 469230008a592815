/**
 * Commands over HTTP: a request is checked whole before anything is asked of the business. 202 with the version as
 * ETag where a command is accepted, also when there was nothing to do; a problem document else.
 */
import { createHash } from "node:crypto";
import { type Application, type CommandRoute, deciderOf, parametersOf } from "../model/application.ts";
import type { SentCommand } from "../model/message.ts";
import { streamId } from "../model/stream.ts";
import type { Clock, NewId } from "../ports/clock.ts";
import type { HttpRequest, HttpResponse } from "../ports/http.ts";
import type { Log } from "../ports/log.ts";
import type { Answer, HandleCommand } from "./handle-command.ts";
import { isProblem, jsonResponse, type Problem, problemResponse } from "./problem.ts";
import { correlationIdOf, notFound, traceparentOf } from "./request.ts";
import { bodyOf, canonical, pointerOf, unknownFields } from "./request-body.ts";

export type CommandEndpointPorts = {
  readonly handle: HandleCommand;
  readonly newId: NewId;
  readonly clock: Clock;
  readonly log: Log;
};

type Data = Readonly<Record<string, unknown>>;

const hash = (...parts: readonly string[]): string =>
  createHash("sha256").update(JSON.stringify(parts)).digest("hex");

const keyOf = (route: CommandRoute, { headers }: HttpRequest): string | undefined | Problem => {
  const key = headers["idempotency-key"];
  if (key === undefined)
    return route.key === "required"
      ? { kind: "key-required", detail: "send an Idempotency-Key header" }
      : undefined;
  return /^[\x21-\x7e]{1,255}$/.test(key)
    ? key
    : { kind: "header", detail: "Idempotency-Key is 1 to 255 visible ASCII characters" };
};

/** One strong ETag as we give them; nothing where the header is absent. */
const ifMatchOf = ({ headers }: HttpRequest): number | undefined | Problem => {
  const given = headers["if-match"];
  if (given === undefined) return undefined;
  const [, version] = /^"(\d{1,15})"$/.exec(given) ?? [];
  return version === undefined
    ? { kind: "header", detail: 'If-Match is one strong ETag, as in "3"' }
    : Number(version);
};

/** Body and path parameters together, as the command's schema takes them. */
const dataOf = (
  { command }: CommandRoute,
  body: Data,
  parameters: Data,
  identity: Data,
): { readonly data: Data } | Problem => {
  const errors = Object.entries(parameters)
    .filter(([name, value]) => Object.hasOwn(body, name) && body[name] !== value)
    .map(([name]) => ({ pointer: pointerOf([name]), detail: "the path says otherwise" }));
  const given = { ...identity, ...body, ...parameters };
  const result = command.schema.safeParse(given);
  const faults = result.success
    ? unknownFields(body, result.data)
    : result.error.issues.map(({ path, message }) => ({ pointer: pointerOf(path), detail: message }));
  if (errors.length + faults.length > 0) return { kind: "schema", errors: [...errors, ...faults] };
  return { data: result.success ? result.data : given };
};

/** The path with the command's own values. */
const locationOf = ({ location }: CommandRoute, data: Data): Readonly<Record<string, string>> => {
  if (!location) return {};
  const path = parametersOf(location).reduce<string>(
    (text, name) => text.replace(`{${name}}`, encodeURIComponent(String(data[name]))),
    location,
  );
  return { location: path };
};

const responseTo = (route: CommandRoute, command: SentCommand, id: string, answer: Answer): HttpResponse => {
  const etag = `"${answer.version}"`;
  const { correlationId } = command.metadata;
  switch (answer.kind) {
    case "accepted":
      return jsonResponse(
        202,
        { id, version: answer.version, correlationId },
        { etag, ...locationOf(route, command.data) },
      );
    case "rejected":
      return problemResponse({
        kind: "refused",
        code: answer.code,
        detail: answer.because,
        headers: { etag },
      });
    case "expired":
      return problemResponse({ kind: "expired" });
    case "stale":
      return problemResponse({
        kind: "stale",
        detail: `its version is ${answer.version}`,
        headers: { etag },
      });
    case "reused":
      return problemResponse({ kind: "key-reused" });
    case "contended":
      return problemResponse({ kind: "contended", detail: "try again", headers: { "retry-after": "1" } });
  }
};

export const commandEndpoint = (
  application: Pick<Application<never>, "name" | "deciders" | "routes">,
  { handle, newId, clock, log }: CommandEndpointPorts,
): ((request: HttpRequest) => Promise<HttpResponse>) => {
  const routeOf = ({ method, route }: HttpRequest): CommandRoute | undefined =>
    application.routes.find(
      (each): each is CommandRoute => "command" in each && each.method === method && each.path === route,
    );

  /** The command of a request, and the version that its client has seen; or what is wrong with the request. */
  const commandOf = (route: CommandRoute, request: HttpRequest) => {
    const key = keyOf(route, request);
    if (typeof key === "object") return key;
    const ifMatch = ifMatchOf(request);
    if (typeof ifMatch === "object") return ifMatch;
    const body = bodyOf(request);
    if (isProblem(body)) return body;
    const scope = [request.actor ?? "", `${route.method} ${route.path}`];
    const { name, identifiedBy } = deciderOf(application, route.command.category);
    const identity = { [identifiedBy]: key === undefined ? newId() : hash("id", ...scope, key) };
    const known = dataOf(route, body.object, request.parameters, identity);
    if (isProblem(known)) return known;
    const id = `http/${key === undefined ? newId() : hash(...scope, key)}`;
    const streamKey = String(known.data[identifiedBy]);
    const command: SentCommand = {
      type: route.command.type,
      data: known.data,
      streamId: streamId(name, streamKey),
      metadata: {
        id,
        causationId: id,
        correlationId: correlationIdOf(request, newId),
        issuedAt: clock().toISOString(),
        receipt: false,
        actor: request.actor,
        bodyHash: hash(canonical(body.object)),
        traceparent: traceparentOf(request),
      },
    };
    return { command, ifMatch, streamKey };
  };

  const respond = async (
    request: HttpRequest,
  ): Promise<{ response: HttpResponse; correlationId?: string }> => {
    const route = routeOf(request);
    if (!route) return { response: problemResponse(notFound(application.routes, request)) };
    const made = commandOf(route, request);
    if ("kind" in made) return { response: problemResponse(made) };
    const { command, ifMatch, streamKey } = made;
    const answer = await handle(command, ifMatch === undefined ? {} : { ifMatch });
    return {
      response: responseTo(route, command, streamKey, answer),
      correlationId: command.metadata.correlationId,
    };
  };

  return async (request) => {
    const { response, correlationId = correlationIdOf(request, newId) } = await respond(request);
    const { method, path, actor } = request;
    const { status } = response;
    log.write({ kind: "request", message: `${method} ${path} → ${status}`, correlationId, actor, status });
    return { ...response, headers: { ...response.headers, "x-correlation-id": correlationId } };
  };
};
