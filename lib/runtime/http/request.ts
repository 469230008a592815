/** Reads the parts of a request other than its body. */
import { type AnyApplication, routesOf } from "../../model/application.ts";
import { idRule, isId } from "../../model/http/id.ts";
import type { Route } from "../../model/http/route.ts";
import type { NewId } from "../../ports/clock.ts";
import type { HttpRequest } from "../../ports/http.ts";
import type { Problem } from "./problem.ts";

/** The client's id if it is well formed, otherwise a new one. */
export const correlationIdOf = ({ headers }: HttpRequest, newId: NewId): string => {
  const given = headers["x-correlation-id"];
  return given !== undefined && isId(given) ? given : newId();
};

/** Every path parameter must be an id. */
export const parameterFaults = (parameters: Readonly<Record<string, string>>): Problem | undefined => {
  const errors = Object.entries(parameters)
    .filter(([, value]) => !isId(value))
    .map(([name]) => ({ path: [name], detail: idRule }));
  return errors.length > 0 ? { kind: "schema", errors } : undefined;
};

/** A gateway decodes the query and replaces bytes that are not UTF-8 by U+FFFD. */
export const queryFaults = (query: Readonly<Record<string, string>>): Problem | undefined => {
  const errors = Object.entries(query)
    .filter((pair) => pair.some((text) => text.includes("\ufffd")))
    .map(([name]) => ({ path: [name], detail: "must be percent-encoded UTF-8 without U+FFFD" }));
  return errors.length > 0 ? { kind: "schema", errors } : undefined;
};

const fits = (template: string, path: string): boolean => {
  const parts = template.split("/");
  const given = path.split("/");
  return (
    parts.length === given.length &&
    parts.every((part, index) => (part.startsWith("{") ? given[index] !== "" : part === given[index]))
  );
};

/** The methods that a path supports, in alphabetical order. Empty if no route has this path. */
export const methodsOf = (routes: readonly Route[], path: string): readonly string[] => {
  const methods = routes.filter((route) => fits(route.path, path)).map(({ method }) => method);
  if (methods.length === 0) return [];
  const head = methods.includes("GET") ? ["HEAD"] : [];
  return [...new Set([...methods, ...head, "OPTIONS"])].toSorted();
};

/** The problem if no route has this method and path: either the path is unknown, or it supports other methods. */
export const notFound = (application: Pick<AnyApplication, "routes">, request: HttpRequest): Problem => {
  const { method, path } = request;
  const allow = methodsOf(routesOf(application), path).join(", ");
  if (allow === "") return { kind: "not-found", detail: `no resource has the path ${path}` };
  return {
    kind: "method-not-allowed",
    detail: `${path} supports ${allow}, not ${method}`,
    headers: { allow },
  };
};
