/** What endpoints read of a request besides its body. */
import { type Application, type Route, routesOf } from "../../model/application.ts";
import { idRule, isId } from "../../model/http/id.ts";
import type { NewId } from "../../ports/clock.ts";
import type { HttpRequest } from "../../ports/http.ts";
import type { Problem } from "./problem.ts";

/** The client's own, where it is well formed, else a new one. */
export const correlationIdOf = ({ headers }: HttpRequest, newId: NewId): string => {
  const given = headers["x-correlation-id"];
  return given !== undefined && isId(given) ? given : newId();
};

/** Every path parameter is an id. */
export const parameterFaults = (parameters: Readonly<Record<string, string>>): Problem | undefined => {
  const errors = Object.entries(parameters)
    .filter(([, value]) => !isId(value))
    .map(([name]) => ({ path: [name], detail: idRule }));
  return errors.length > 0 ? { kind: "schema", errors } : undefined;
};

/** A gateway decodes the query, and puts U+FFFD in place of bytes that are not UTF-8. */
export const queryFaults = (query: Readonly<Record<string, string>>): Problem | undefined => {
  const errors = Object.entries(query)
    .filter((pair) => pair.some((text) => text.includes("\ufffd")))
    .map(([name]) => ({ path: [name], detail: "must be UTF-8, percent-encoded, without U+FFFD" }));
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

/** The methods that a path has, in alphabetical order; none if there is no such path. */
export const methodsOf = (routes: readonly Route[], path: string): readonly string[] => {
  const methods = routes.filter((route) => fits(route.path, path)).map(({ method }) => method);
  if (methods.length === 0) return [];
  const head = methods.includes("GET") ? ["HEAD"] : [];
  return [...new Set([...methods, ...head, "OPTIONS"])].toSorted();
};

/** No route has this method and path: either the path is unknown, or it has other methods. */
export const notFound = (application: Pick<Application<never>, "routes">, request: HttpRequest): Problem => {
  const { method, path } = request;
  const allow = methodsOf(routesOf(application), path).join(", ");
  if (allow === "") return { kind: "not-found", detail: `no resource ${path}` };
  return { kind: "method-not-allowed", detail: `${path} has ${allow}, not ${method}`, headers: { allow } };
};
