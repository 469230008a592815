/** Rules for routes. A rule that does not concern a kind of route finds nothing in it. */
import { parametersOf, type Route } from "../application.ts";
import { isKeyedByStream } from "../projection.ts";
import { dangling, type Rule, unless } from "./rule.ts";

const placeOf = ({ method, path }: Route): string => `${method} ${path}`;

const commandExists: Rule<Route> = (route, application) =>
  "command" in route ? dangling(placeOf(route), route.command, application) : [];

const parametersAreFields: Rule<Route> = (route) => {
  if (!("command" in route)) return [];
  const { command, path, location = "/" } = route;
  return [...parametersOf(path), ...parametersOf(location)]
    .filter((parameter) => !Object.hasOwn(command.schema.shape, parameter))
    .map((parameter) => `${placeOf(route)}: ${command.type} has no field ${parameter}`);
};

const projectionExists: Rule<Route> = (route, { projections }) => {
  const projection = "query" in route ? route.query : "list" in route ? route.list : undefined;
  if (!projection || projections.includes(projection)) return [];
  return [`${placeOf(route)}: projection ${projection.name} is not in the application`];
};

const deciderExists: Rule<Route> = (route, { deciders }) => {
  const decider = "query" in route ? route.versionOf : "history" in route ? route.history : undefined;
  if (!decider || deciders.includes(decider)) return [];
  return [`${placeOf(route)}: decider ${decider.name} is not in the application`];
};

const rowsHaveAVersion: Rule<Route> = (route) => {
  if (!("query" in route)) return [];
  const { query, versionOf } = route;
  return unless(
    query.sources.includes(versionOf) && isKeyedByStream(query, versionOf),
    `${placeOf(route)}: ${query.name} has no row for each stream of ${versionOf.name}`,
  );
};

const oneParameterNamesWhatIsRead: Rule<Route> = (route) => {
  if (!("query" in route || "history" in route)) return [];
  return unless(parametersOf(route.path).length === 1, `${placeOf(route)}: it has one path parameter`);
};

const listHasNoParameter: Rule<Route> = (route) => {
  if (!("list" in route || ("sagas" in route && route.sagas === "list"))) return [];
  return unless(parametersOf(route.path).length === 0, `${placeOf(route)}: a list has no path parameter`);
};

const instanceIsNamed: Rule<Route> = (route) => {
  if (!("sagas" in route) || route.sagas === "list") return [];
  return unless(
    parametersOf(route.path).join() === "saga,id",
    `${placeOf(route)}: its path parameters are saga and id`,
  );
};

const documentHasNoParameter: Rule<Route> = (route) => {
  if (!("document" in route)) return [];
  return unless(parametersOf(route.path).length === 0, `${placeOf(route)}: a document has no path parameter`);
};

const redirectLeadsToARoute: Rule<Route> = (route, { routes }) => {
  if (!("redirect" in route)) return [];
  return unless(
    routes.some(({ method, path }) => method === "GET" && path === route.redirect),
    `${placeOf(route)}: no route GET ${route.redirect}`,
  );
};

const listReadsAnIndex: Rule<Route> = (route) =>
  "list" in route ? unless(route.indexes.length > 0, `${placeOf(route)}: a list reads an index`) : [];

const indexesExist: Rule<Route> = (route) => {
  if (!("list" in route)) return [];
  const { list, indexes } = route;
  return indexes
    .filter((index) => !Object.hasOwn(list.indexes ?? {}, index))
    .map((index) => `${placeOf(route)}: ${list.name} has no index ${index}`);
};

const summaryMax = 120;

/** One line without control characters that neither begins nor ends with a blank. */
const oneLine = /^[^\s\p{C}](?:[^\p{C}\p{Zl}\p{Zp}]*[^\s\p{C}])?$/u;

const summaryIsALine: Rule<Route> = (route) => {
  const { summary } = route;
  if (summary === undefined) return [];
  return unless(
    summary.length <= summaryMax && oneLine.test(summary),
    `${placeOf(route)}: the summary must be one line of 1 to ${summaryMax} characters without a blank at its ends, but is ${JSON.stringify(summary)}`,
  );
};

export const routeRules: readonly Rule<Route>[] = [
  commandExists,
  parametersAreFields,
  projectionExists,
  deciderExists,
  rowsHaveAVersion,
  oneParameterNamesWhatIsRead,
  listHasNoParameter,
  instanceIsNamed,
  documentHasNoParameter,
  redirectLeadsToARoute,
  listReadsAnIndex,
  indexesExist,
  summaryIsALine,
];
