/** Requests as a gateway passes them on: with the matching route and its decoded parameters. */
import { type AnyApplication, routesOf } from "../../lib/model/application.ts";
import type { Route } from "../../lib/model/http/route.ts";
import type { HttpRequest, HttpResponse } from "../../lib/ports/http.ts";

/** A client's request. `path` is encoded. A `body` that is neither text nor bytes is sent as JSON. */
export type Asked = {
  readonly method: string;
  readonly path: string;
  readonly query?: Readonly<Record<string, string>>;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: unknown;
  /** Who signs the request. With `scopes`, by a token; otherwise, the caller is exempt from owners. */
  readonly actor?: string;
  readonly scopes?: readonly string[];
};

export type Routed = Pick<AnyApplication, "routes">;

const parametersIn = (template: string, path: string): Readonly<Record<string, string>> | undefined => {
  const parts = template.split("/");
  const given = path.split("/");
  const fits =
    parts.length === given.length &&
    parts.every((part, index) => (part.startsWith("{") ? given[index] !== "" : part === given[index]));
  if (!fits) return undefined;
  return Object.fromEntries(
    parts.flatMap((part, index) => {
      const value = decodeURIComponent(given[index] ?? "");
      return part.startsWith("{") ? [[part.slice(1, -1), value]] : [];
    }),
  );
};

/** Routes with fixed parts come first. Each GET has a HEAD. */
const routeOf = (application: Routed, method: string, path: string): Route | undefined =>
  routesOf(application)
    .filter(
      (route) => route.method === (method === "HEAD" ? "GET" : method) && parametersIn(route.path, path),
    )
    .toSorted((one, other) => one.path.split("{").length - other.path.split("{").length)[0];

const bytesOf = (body: unknown): Uint8Array => {
  if (body instanceof Uint8Array) return body;
  if (body === undefined) return new Uint8Array();
  return new TextEncoder().encode(typeof body === "string" ? body : JSON.stringify(body));
};

export const toRequest = (application: Routed, asked: Asked): HttpRequest => {
  const { method, path, query = {}, headers = {}, body, actor, scopes } = asked;
  const route = routeOf(application, method, path);
  return {
    method,
    route: route?.path,
    path: decodeURI(path),
    parameters: (route && parametersIn(route.path, path)) ?? {},
    query,
    headers,
    body: bytesOf(body),
    actor,
    caller: actor === undefined ? undefined : { subject: actor, scopes: scopes ?? [] },
    isExempt: scopes === undefined,
    requestId: "request",
  };
};

/** A response without the headers that every response has. */
export const shown = ({ status, headers, body }: HttpResponse) => {
  const { "x-correlation-id": _, "content-type": contentType, ...others } = headers;
  const answer: unknown = body === "" ? undefined : JSON.parse(body);
  return { status, contentType, headers: others, body: answer };
};
