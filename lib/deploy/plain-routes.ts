/** The routes that people can open in a browser as they are. */
import type { AnyApplication } from "../model/application.ts";
import { parametersOf, type Route } from "../model/http/route.ts";

/** A list without an index of all rows needs a query parameter. */
const needsNoQuery = (route: Route): boolean =>
  !("list" in route) || route.indexes.some((index) => route.list.indexes?.[index]?.by === undefined);

/** The GET routes that answer without a parameter in the path or in the query. */
export const plainRoutes = ({ routes }: Pick<AnyApplication, "routes">): readonly Route[] =>
  routes.filter(
    (route) => route.method === "GET" && parametersOf(route.path).length === 0 && needsNoQuery(route),
  );
