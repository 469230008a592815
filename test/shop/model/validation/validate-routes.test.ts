import { expect, test } from "vitest";
import type { Application, Route } from "../../../../lib/model/application.ts";
import { validate } from "../../../../lib/model/validation/validate.ts";
import { cancelOrder, order, placeOrder } from "../../../../lib/shop/orders/order.ts";
import { orderSummary } from "../../../../lib/shop/orders/order-summary.ts";
import { type ShopServices, shop } from "../../../../lib/shop/shop.ts";
import { inventory } from "../../../../lib/shop/stock/inventory.ts";

const access = "public";
const withRoute = (route: Route): Partial<Application<ShopServices>> => ({ routes: [route] });

const wrong: readonly (readonly [
  what: string,
  change: Partial<Application<ShopServices>>,
  ...problems: string[],
])[] = [
  [
    "two routes that no gateway tells apart",
    {
      routes: [
        { method: "GET", path: "/orders/{orderId}", access, history: order },
        { method: "GET", path: "/orders/{id}", access, history: order },
      ],
    },
    "there are two routes named GET /orders/{}",
  ],
  [
    "a command that is not there",
    {
      ...withRoute({ method: "POST", path: "/orders", access, command: placeOrder }),
      deciders: [inventory],
      projections: [],
      effects: [],
      sagas: [],
    },
    "POST /orders: command PlaceOrder of order is not in the application",
  ],
  [
    "a path parameter that the command does not have",
    withRoute({ method: "POST", path: "/orders/{number}/cancellation", access, command: cancelOrder }),
    "POST /orders/{number}/cancellation: CancelOrder has no field number",
  ],
  [
    "a location that the command does not tell",
    withRoute({ method: "POST", path: "/orders", access, command: placeOrder, location: "/orders/{id}" }),
    "POST /orders: PlaceOrder has no field id",
  ],
  [
    "a query of a projection that is not there",
    withRoute({ method: "GET", path: "/orders/{id}", access, query: { ...orderSummary }, versionOf: order }),
    "GET /orders/{id}: projection order-summary is not in the application",
  ],
  [
    "a path that leads to nothing",
    withRoute({ method: "GET", path: "/", access, redirect: "/docs" }),
    "GET /: no route GET /docs",
  ],
  [
    "a query by two parameters",
    withRoute({ method: "GET", path: "/orders/{a}/{b}", access, query: orderSummary, versionOf: order }),
    "GET /orders/{a}/{b}: it has one path parameter",
  ],
  [
    "a query whose version is of a stream that its row does not follow",
    withRoute({ method: "GET", path: "/orders/{id}", access, query: orderSummary, versionOf: inventory }),
    "GET /orders/{id}: order-summary has no row for each stream of inventory",
  ],
  [
    "a list by a path parameter",
    withRoute({ method: "GET", path: "/orders/{id}", access, list: orderSummary, indexes: ["newest"] }),
    "GET /orders/{id}: a list has no path parameter",
  ],
  [
    "a list without an index",
    withRoute({ method: "GET", path: "/orders", access, list: orderSummary, indexes: [] }),
    "GET /orders: a list reads an index",
  ],
  [
    "a list by an index that the projection does not have",
    withRoute({ method: "GET", path: "/orders", access, list: orderSummary, indexes: ["newest", "oldest"] }),
    "GET /orders: order-summary has no index oldest",
  ],
  [
    "a list of a projection that is not there",
    withRoute({ method: "GET", path: "/orders", access, list: { ...orderSummary }, indexes: ["newest"] }),
    "GET /orders: projection order-summary is not in the application",
  ],
  [
    "a history of a decider that is not there",
    withRoute({ method: "GET", path: "/orders/{id}/events", access, history: { ...order } }),
    "GET /orders/{id}/events: decider order is not in the application",
  ],
  [
    "a history of no stream",
    withRoute({ method: "GET", path: "/events", access, history: order }),
    "GET /events: it has one path parameter",
  ],
  [
    "a saga's status without saga and id",
    withRoute({ method: "GET", path: "/sagas/{id}", access, sagas: "status" }),
    "GET /sagas/{id}: its path parameters are saga and id",
  ],
  [
    "a decision about a saga without saga and id",
    withRoute({ method: "POST", path: "/sagas/{saga}/resume", access, sagas: "resume" }),
    "POST /sagas/{saga}/resume: its path parameters are saga and id",
  ],
  [
    "a list of sagas by a path parameter",
    withRoute({ method: "GET", path: "/sagas/{saga}", access, sagas: "list" }),
    "GET /sagas/{saga}: a list has no path parameter",
  ],
  [
    "a document of something",
    withRoute({ method: "GET", path: "/docs/{page}", access, document: "page" }),
    "GET /docs/{page}: a document has no path parameter",
  ],
];

const summary =
  "POST /orders: the summary must be one line of 1 to 120 characters without a blank at its ends";

test.each([
  ["is empty", ""],
  ["begins with a blank", " Place an order"],
  ["ends with a blank", "Place an order "],
  ["has two lines", "Place\nan order"],
  ["has a line separator", "Place\u2028an order"],
  ["has a control character", "Place\u0000an order"],
  ["is too long", "x".repeat(121)],
])("a summary that %s is refused", (_, given) => {
  const route: Route = { method: "POST", path: "/orders", access, summary: given, command: placeOrder };
  expect(validate({ ...shop, ...withRoute(route) })).toEqual([`${summary}, but is ${JSON.stringify(given)}`]);
});

test.each([["?"], ["Place an order"], ["x".repeat(120)]])("a summary may be %s", (given) => {
  const route: Route = { method: "POST", path: "/orders", access, summary: given, command: placeOrder };
  expect(validate({ ...shop, ...withRoute(route) })).toEqual([]);
});

test.each(wrong.map(([what, change, ...problems]) => ({ what, change, problems })))(
  "$what is told in words",
  ({ change, problems }) => expect(validate({ ...shop, ...change })).toEqual(problems),
);
