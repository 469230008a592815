/** Rules for routes. A rule ignores the kinds of routes that it is not for. */

import { parametersOf, type Route } from "../../http/route.ts";
import { isKeyedByStream } from "../../projection.ts";
import { dangling, placeOf, type Rule, unless } from "../rule.ts";

const commandExists: Rule<Route> = (route, application) =>
  "command" in route ? dangling(placeOf(route), route.command, application) : [];

const parametersAreFields: Rule<Route> = (route) => {
  if (!("command" in route)) return [];
  const { command, path, location = "/" } = route;
  return [...parametersOf(path), ...parametersOf(location)]
    .filter((parameter) => !Object.hasOwn(command.schema.shape, parameter))
    .map(
      (parameter) =>
        `${placeOf(route)}: expected path parameters that are fields of ${command.type} (${Object.keys(command.schema.shape).join(", ")}), got ${parameter}`,
    );
};

const projectionExists: Rule<Route> = (route, { projections }) => {
  const projection = "query" in route ? route.query : "list" in route ? route.list : undefined;
  if (!projection || projections.includes(projection)) return [];
  return [
    `${placeOf(route)}: expected projection ${projection.name} to be in the application; add it to projections, or use the one that is there`,
  ];
};

const deciderExists: Rule<Route> = (route, { deciders }) => {
  const decider = "query" in route ? route.versionOf : "history" in route ? route.history : undefined;
  if (!decider || deciders.includes(decider)) return [];
  return [
    `${placeOf(route)}: expected decider ${decider.name} to be in the application; add it to deciders, or use the one that is there`,
  ];
};

const rowsHaveAVersion: Rule<Route> = (route) => {
  if (!("query" in route)) return [];
  const { query, versionOf } = route;
  return unless(
    query.sources.includes(versionOf) && isKeyedByStream(query, versionOf),
    `${placeOf(route)}: expected a projection with one row per stream of ${versionOf.name}, got ${query.name}; key all its events of ${versionOf.name} by ${versionOf.identifiedBy}, or choose another versionOf`,
  );
};

/** `expected` says which parameters the path must have. */
const parametersProblem = (route: Route, expected: string): string =>
  `${placeOf(route)}: expected ${expected}, got ${parametersOf(route.path).join(", ") || "none"}`;

const oneParameterNamesWhatIsRead: Rule<Route> = (route) => {
  if (!("query" in route || "history" in route)) return [];
  const read = "query" in route ? "the key of the row" : "the id of the stream";
  return unless(
    parametersOf(route.path).length === 1,
    parametersProblem(route, `one path parameter, which is ${read}`),
  );
};

const listHasNoParameter: Rule<Route> = (route) => {
  if (!("list" in route || ("sagas" in route && route.sagas === "list"))) return [];
  return unless(
    parametersOf(route.path).length === 0,
    parametersProblem(route, "no path parameter in the path of a list"),
  );
};

const instanceIsNamed: Rule<Route> = (route) => {
  if (!("sagas" in route) || route.sagas === "list") return [];
  return unless(
    parametersOf(route.path).join() === "saga,id",
    parametersProblem(route, "the path parameters saga and id, in this order"),
  );
};

const onlyResumeIsAPost: Rule<Route> = (route) => {
  if (!("sagas" in route)) return [];
  const { sagas, method } = route;
  const expected = sagas === "resume" ? "POST" : "GET";
  return unless(
    method === expected,
    `${placeOf(route)}: expected method to be ${expected} for sagas: "${sagas}", got ${method}`,
  );
};

const documentHasNoParameter: Rule<Route> = (route) => {
  if (!("document" in route)) return [];
  return unless(
    parametersOf(route.path).length === 0,
    parametersProblem(route, "no path parameter in the path of a document"),
  );
};

const redirectLeadsToARoute: Rule<Route> = (route, { routes }) => {
  if (!("redirect" in route)) return [];
  return unless(
    routes.some(({ method, path }) => method === "GET" && path === route.redirect),
    `${placeOf(route)}: expected a redirect to a GET route of the application, got ${route.redirect}; add this route, or change redirect`,
  );
};

const listReadsAnIndex: Rule<Route> = (route) =>
  "list" in route
    ? unless(route.indexes.length > 0, `${placeOf(route)}: expected at least one index in indexes, got none`)
    : [];

const indexesExist: Rule<Route> = (route) => {
  if (!("list" in route)) return [];
  const { list, indexes } = route;
  return indexes
    .filter((index) => !Object.hasOwn(list.indexes ?? {}, index))
    .map(
      (index) =>
        `${placeOf(route)}: expected indexes of projection ${list.name} (${Object.keys(list.indexes ?? {}).join(", ") || "none"}), got ${index}`,
    );
};

const summaryMax = 120;

/** One line without control characters, and without a space at its beginning or end. */
const oneLine = /^[^\s\p{C}](?:[^\p{C}\p{Zl}\p{Zp}]*[^\s\p{C}])?$/u;

const summaryIsALine: Rule<Route> = (route) => {
  const { summary } = route;
  if (summary === undefined) return [];
  return unless(
    summary.length <= summaryMax && oneLine.test(summary),
    `${placeOf(route)}: expected the summary to be one line of 1 to ${summaryMax} characters without a space at its ends, got ${JSON.stringify(summary)}`,
  );
};

/** The rules for one route. */
export const routeRules: readonly Rule<Route>[] = [
  commandExists,
  parametersAreFields,
  projectionExists,
  deciderExists,
  rowsHaveAVersion,
  oneParameterNamesWhatIsRead,
  listHasNoParameter,
  instanceIsNamed,
  onlyResumeIsAPost,
  documentHasNoParameter,
  redirectLeadsToARoute,
  listReadsAnIndex,
  indexesExist,
  summaryIsALine,
];
