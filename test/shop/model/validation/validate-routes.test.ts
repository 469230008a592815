import { expect, test } from "vitest";
import type { AnyApplication } from "../../../../lib/model/application.ts";
import type { Route } from "../../../../lib/model/http/route.ts";
import { validate } from "../../../../lib/model/validation/validate.ts";
import { cancelOrder, order, placeOrder } from "../../../../lib/shop/orders/order.ts";
import { orderSummary } from "../../../../lib/shop/orders/order-summary.ts";
import { type ShopServices, shop } from "../../../../lib/shop/shop.ts";
import { inventory } from "../../../../lib/shop/stock/inventory.ts";

const access = "operator";
const owner = "none";
const withRoute = (route: Route): Partial<AnyApplication<ShopServices>> => ({ routes: [route] });

const wrong: readonly (readonly [
  what: string,
  change: Partial<AnyApplication<ShopServices>>,
  ...problems: string[],
])[] = [
  [
    "two routes that a gateway cannot distinguish",
    {
      routes: [
        { method: "GET", path: "/orders/{orderId}", access, owner, history: order },
        { method: "GET", path: "/orders/{id}", access, owner, history: order },
      ],
    },
    "routes: expected each method and path once, got GET /orders/{} twice; change or remove one",
  ],
  [
    "a command that the application does not have",
    {
      ...withRoute({ method: "POST", path: "/orders", access, owner, command: placeOrder }),
      deciders: [inventory],
      projections: [],
      effects: [],
      sagas: [],
    },
    "POST /orders: expected command PlaceOrder of decider order, got no decider order; add it to deciders",
  ],
  [
    "a path parameter that the command does not have",
    withRoute({ method: "POST", path: "/orders/{number}/cancellation", access, owner, command: cancelOrder }),
    "POST /orders/{number}/cancellation: expected path parameters that are fields of CancelOrder (orderId, reason), got number",
  ],
  [
    "a location with a parameter that the command does not have",
    withRoute({
      method: "POST",
      path: "/orders",
      access,
      owner,
      command: placeOrder,
      location: "/orders/{id}",
    }),
    "POST /orders: expected path parameters that are fields of PlaceOrder (orderId, orderedAt, customer, shipTo, paymentMethod, lines), got id",
  ],
  [
    "a query of a projection that the application does not have",
    withRoute({
      method: "GET",
      path: "/orders/{id}",
      access,
      owner,
      query: { ...orderSummary },
      versionOf: order,
    }),
    "GET /orders/{id}: expected projection order-summary to be in the application; add it to projections, or use the one that is there",
  ],
  [
    "a redirect to a path without a route",
    withRoute({ method: "GET", path: "/", access, redirect: "/docs" }),
    "GET /: expected a redirect to a GET route of the application, got /docs; add this route, or change redirect",
  ],
  [
    "a query with two parameters",
    withRoute({
      method: "GET",
      path: "/orders/{a}/{b}",
      access,
      owner,
      query: orderSummary,
      versionOf: order,
    }),
    "GET /orders/{a}/{b}: expected one path parameter, which is the key of the row, got a, b",
  ],
  [
    "a query whose version is of a stream that its row does not use",
    withRoute({
      method: "GET",
      path: "/orders/{id}",
      access,
      owner,
      query: orderSummary,
      versionOf: inventory,
    }),
    "GET /orders/{id}: expected a projection with one row per stream of inventory, got order-summary; key all its events of inventory by sku, or choose another versionOf",
  ],
  [
    "a list with a path parameter",
    withRoute({
      method: "GET",
      path: "/orders/{id}",
      access,
      owner,
      list: orderSummary,
      indexes: ["newest"],
    }),
    "GET /orders/{id}: expected no path parameter in the path of a list, got id",
  ],
  [
    "a list without an index",
    withRoute({ method: "GET", path: "/orders", access, owner, list: orderSummary, indexes: [] }),
    "GET /orders: expected at least one index in indexes, got none",
  ],
  [
    "a list with an index that the projection does not have",
    withRoute({
      method: "GET",
      path: "/orders",
      access,
      owner,
      list: orderSummary,
      indexes: ["newest", "oldest"],
    }),
    "GET /orders: expected indexes of projection order-summary (newest, byCustomer, byStatus), got oldest",
  ],
  [
    "a list of a projection that the application does not have",
    withRoute({
      method: "GET",
      path: "/orders",
      access,
      owner,
      list: { ...orderSummary },
      indexes: ["newest"],
    }),
    "GET /orders: expected projection order-summary to be in the application; add it to projections, or use the one that is there",
  ],
  [
    "a history of a decider that the application does not have",
    withRoute({ method: "GET", path: "/orders/{id}/events", access, owner, history: { ...order } }),
    "GET /orders/{id}/events: expected decider order to be in the application; add it to deciders, or use the one that is there",
  ],
  [
    "a history without a stream",
    withRoute({ method: "GET", path: "/events", access, owner, history: order }),
    "GET /events: expected one path parameter, which is the id of the stream, got none",
  ],
  [
    "a saga's status without saga and id",
    withRoute({ method: "GET", path: "/sagas/{id}", access, owner, sagas: "status" }),
    "GET /sagas/{id}: expected the path parameters saga and id, in this order, got id",
  ],
  [
    "a decision about a saga without saga and id",
    withRoute({ method: "POST", path: "/sagas/{saga}/resume", access, owner, sagas: "resume" }),
    "POST /sagas/{saga}/resume: expected the path parameters saga and id, in this order, got saga",
  ],
  [
    "a list of sagas with a path parameter",
    withRoute({ method: "GET", path: "/sagas/{saga}", access, owner, sagas: "list" }),
    "GET /sagas/{saga}: expected no path parameter in the path of a list, got saga",
  ],
  [
    "a document with a path parameter",
    withRoute({ method: "GET", path: "/docs/{page}", access, document: "page" }),
    "GET /docs/{page}: expected no path parameter in the path of a document, got page",
  ],
];

const summary =
  "POST /orders: expected the summary to be one line of 1 to 120 characters without a space at its ends";

const problemsOf = (summary: string) =>
  validate({
    ...shop,
    ...withRoute({ method: "POST", path: "/orders", access, owner, summary, command: placeOrder }),
  });

test.each([
  ["is empty", ""],
  ["begins with a space", " Place an order"],
  ["ends with a space", "Place an order "],
  ["has two lines", "Place\nan order"],
  ["has a line separator", "Place\u2028an order"],
  ["has a control character", "Place\u0000an order"],
  ["is too long", "x".repeat(121)],
])("a summary that %s is refused", (_, given) => {
  expect(problemsOf(given)).toEqual([`${summary}, got ${JSON.stringify(given)}`]);
});

test.each([["?"], ["Place an order"], ["x".repeat(120)]])("a summary may be %s", (given) => {
  expect(problemsOf(given)).toEqual([]);
});

test.each(wrong.map(([what, change, ...problems]) => ({ what, change, problems })))(
  "reports $what",
  ({ change, problems }) => expect(validate({ ...shop, ...change })).toEqual(problems),
);
