/** What each route does, and for whom. Routes are keyed by method and path, without the names of path parameters. */
import { callersOf, hasOwner, type Route } from "../../../model/http/route.ts";
import { storedNameOf } from "../../../model/names/stored-name.ts";
import type { AnyProjection } from "../../../model/projection.ts";
import type { Facts } from "./contract.ts";
import { labelOf } from "./label.ts";

export const routeKey = ({ method, path }: Route): string => `${method} ${path.replaceAll(/\{\w+\}/g, "{}")}`;

/** The fields that are query parameters of a list. */
const queryFields = ({ indexes: all = {} }: AnyProjection, indexes: readonly string[]): string[] =>
  [...new Set(indexes.flatMap((name) => all[name]?.by ?? []))].sort();

const meaningOf = (route: Route): Facts => {
  if ("command" in route)
    return { does: `sends ${labelOf(route.command)}`, key: route.key === undefined ? [] : [route.key] };
  if ("query" in route)
    return {
      does: `shows a row of ${storedNameOf(route.query)}`,
      version: storedNameOf(route.versionOf),
    };
  if ("list" in route)
    return {
      does: `lists rows of ${storedNameOf(route.list)}`,
      filters: queryFields(route.list, route.indexes),
    };
  if ("history" in route) return { does: `shows the events of ${storedNameOf(route.history)}` };
  if ("sagas" in route) return { does: `sagas: ${route.sagas}` };
  if ("document" in route) return { does: `document: ${route.document}` };
  return { does: `redirects to ${route.redirect}` };
};

/** A fact is a function, so only its presence is compared. */
const ownerOf = (route: Route): string[] => {
  if (!hasOwner(route)) return [];
  const { owner } = route;
  return [
    ...("field" in owner ? [`field ${owner.field}`] : []),
    ...("fact" in owner && owner.fact ? ["fact of the stream"] : []),
  ];
};

export const routeFacts = (route: Route): Facts => ({
  ...meaningOf(route),
  callers: [...new Set(callersOf(route))].sort(),
  owner: ownerOf(route),
  exempt: hasOwner(route) ? [...route.owner.exempt].sort() : [],
});
