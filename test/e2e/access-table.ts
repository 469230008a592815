/** The table of routes, methods and callers: the status of each request follows from the routes of the application. */
import { randomUUID } from "node:crypto";
import { type AnyApplication, deciderOf, routesOf } from "../../lib/model/application.ts";
import { callersOf, parametersOf, type Route } from "../../lib/model/http/route.ts";

export type Caller = {
  /** What a failure calls the caller. */
  readonly name: string;
  readonly token: string | undefined;
  /** The scopes, if the token is valid. */
  readonly scopes?: readonly string[];
  readonly isOwner?: true;
};

export type Things = {
  /** The values of path parameters. They lead to things of the owner. */
  readonly parameters: Readonly<Record<string, string>>;
  /** The query of a list, by the path of its route, if the list needs one. */
  readonly queries?: Readonly<Record<string, string>>;
  /** The body of each command, and of a resume. A command that begins a stream names the owner. */
  readonly bodies: Readonly<Record<string, object>>;
  /** The status of each command, and of a resume, for a caller who may send it. Default: 202. */
  readonly statuses: Readonly<Record<string, number>>;
};

/** A request of the table. `path` has parameters in braces. */
export type Cell = { readonly path: string; readonly method: string };

const methods = ["GET", "HEAD", "POST", "PUT", "DELETE", "PATCH", "OPTIONS"];

type Routed = Pick<AnyApplication, "routes" | "deciders" | "name">;

/** Every path of the application and a path that it does not have, with every method. */
export const cellsOf = (application: Routed): readonly Cell[] =>
  [...new Set(routesOf(application).map(({ path }) => path)), "/no/such/path"].flatMap((path) =>
    methods.map((method) => ({ path, method })),
  );

const routeOf = (application: Routed, { path, method }: Cell): Route | undefined =>
  routesOf(application).find(
    (route) => route.path === path && route.method === (method === "HEAD" ? "GET" : method),
  );

/** The name of a command, or `resume`. */
const actionOf = (route: Route): string | undefined => {
  if ("command" in route) return route.command.type;
  return "sagas" in route && route.sagas === "resume" ? "resume" : undefined;
};

/** The request of a cell: the path and the options of `fetch`. Only commands and resumes have a body, and a key. */
export const requestOf = (
  application: Routed,
  cell: Cell,
  { token, things: { parameters, queries, bodies } }: Pick<Caller, "token"> & { readonly things: Things },
) => {
  const path = parametersOf(cell.path).reduce(
    (text, name) => text.replace(`{${name}}`, parameters[name] ?? ""),
    cell.path,
  );
  const route = routeOf(application, cell);
  const action = route && actionOf(route);
  const query = queries?.[cell.path];
  const body = action === undefined ? undefined : JSON.stringify(bodies[action]);
  const headers = {
    ...(body && { "content-type": "application/json", "idempotency-key": randomUUID() }),
    ...(token !== undefined && { authorization: `Bearer ${token}` }),
  };
  return {
    path: query === undefined ? path : `${path}?${query}`,
    init: { method: cell.method, headers, redirect: "manual", ...(body && { body }) } as const,
  };
};

/** API Gateway sends every request without a route to the default route, which needs no token. */
const withoutRoute = (application: Routed, { path, method }: Cell): number => {
  if (!routesOf(application).some((route) => route.path === path)) return 404;
  return method === "OPTIONS" ? 204 : 405;
};

const allowed = (route: Route, { statuses }: Things): number => {
  if ("redirect" in route) return 302;
  const action = actionOf(route);
  return action === undefined ? 200 : (statuses[action] ?? 202);
};

/** For a caller who is neither exempt nor the owner. */
const ofAnother = (application: Routed, route: Route): number => {
  if ("list" in route) return 200;
  if (!("command" in route)) return 404;
  const { category, type } = route.command;
  return deciderOf(application, category).begins?.includes(type) ? 403 : 404;
};

/**
 * Public routes need no token. The others need a valid token (401) with one of the route's access names as scope (403). A
 * thing with an owner is for its owner and for exempt access names.
 */
export const statusOf = (
  application: Routed,
  cell: Cell,
  {
    caller,
    things,
  }: {
    readonly caller: Caller;
    readonly things: Things;
  },
): number => {
  const route = routeOf(application, cell);
  if (!route) return withoutRoute(application, cell);
  if (route.access === "public") return allowed(route, things);
  const { scopes, isOwner } = caller;
  if (scopes === undefined) return 401;
  if (!callersOf(route).some((name) => scopes.includes(name))) return 403;
  if (!("owner" in route) || route.owner === "none" || isOwner) return allowed(route, things);
  return route.owner.exempt.some((name) => scopes.includes(name))
    ? allowed(route, things)
    : ofAnother(application, route);
};
