/** Callers of a shop, and the routes that API Gateway lets them call. */
import { routesOf } from "../../../../../lib/model/application.ts";
import { callersOf, type Route } from "../../../../../lib/model/http/route.ts";
import { customerOf } from "../../../../../lib/shop/orders/order.ts";
import { shop } from "../../../../../lib/shop/shop.ts";

/** The shop, except that customers may see the history of their orders. So it has every kind of owner. */
export const application = {
  ...shop,
  routes: shop.routes.map(
    (route): Route<(typeof shop.access)[number]> =>
      "history" in route
        ? { ...route, access: "customer", owner: { fact: customerOf, exempt: ["operator"] } }
        : route,
  ),
};

/** `actor` is the subject. A token may have none. */
export type Caller = { readonly actor?: string; readonly scopes: readonly string[] };

export const customers = ["ada", "bob", "carol"] as const;

const callers: readonly Caller[] = [
  ...customers.map((actor): Caller => ({ actor, scopes: ["customer"] })),
  { actor: "ada", scopes: [] },
  { actor: "dan", scopes: [] },
  { scopes: ["customer"] },
  { scopes: ["operator"] },
  { actor: "grace", scopes: ["operator"] },
];

/** A subject with the scope of operators. */
export const isExempt = ({ actor, scopes }: Caller): boolean =>
  actor !== undefined && scopes.includes("operator");

/** Every caller tries the routes with an owner, because these must not depend on the gateway. */
const mayTry = ({ scopes }: Caller, route: Route): boolean =>
  callersOf(route).some((name) => name === "public" || scopes.includes(name)) ||
  ("owner" in route && route.owner !== "none");

/** Each caller with each route that they may try. */
export const attempts = callers.flatMap((caller) =>
  routesOf(application)
    .filter((route) => mayTry(caller, route))
    .map((route) => ({ caller, route })),
);

/** The data of a customer that no other customer may see. */
export const secretOf = (customer: string) => `secret-of-${customer}`;
