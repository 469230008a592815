/** Invalid input gets a precise error and stores no event. To add a case, add a row. */
import { afterAll, beforeAll, expect, test } from "vitest";
import { orderOf } from "./client.ts";
import { type Shop, startShop } from "./shop.ts";

let shop: Shop;

beforeAll(async () => {
  shop = await startShop();
});
afterAll(() => shop?.stop());

const line = { sku: "pear", quantity: 1, unitPrice: 150 };
const order = orderOf("bad", [line]);
const linesOf = (count: number) =>
  Array.from({ length: count }, (_, index) => ({ ...line, sku: `sku-${index}` }));
const withLine = (change: object) => ({ ...order, lines: [{ ...line, ...change }] });
const withCustomer = (change: object) => ({ ...order, customer: { ...order.customer, ...change } });
const without = (name: string) => Object.fromEntries(Object.entries(order).filter(([key]) => key !== name));

type Expected = { readonly status: number; readonly type: string; readonly pointers?: readonly string[] };
type Row = readonly [name: string, path: string, init: RequestInit, expected: Expected];

const post = (body: string, headers: Readonly<Record<string, string>> = {}): RequestInit => ({
  method: "POST",
  body,
  headers: { "content-type": "application/json", ...headers },
});
const at = (...pointers: readonly string[]): Expected => ({ status: 400, type: "schema", pointers });

/** Bodies of orders as JSON text, and the pointers of their errors. */
const orders: readonly (readonly [name: string, body: string, expected: Expected])[] = [
  ["JSON that is cut off", '{"orderId": ', { status: 400, type: "malformed-json" }],
  [
    "a duplicate key",
    JSON.stringify(order).replace('"unitPrice":150', '"unitPrice":150,"unitPrice":1'),
    at("/lines/0/unitPrice"),
  ],
  [
    "U+FFFD in a string",
    JSON.stringify(withCustomer({ name: "caf\ufffd" })),
    { status: 400, type: "malformed-json" },
  ],
  ["text that is not JSON", "order=1", { status: 400, type: "malformed-json" }],
  ["a comment in JSON", "{} // order", { status: 400, type: "malformed-json" }],
  ["NaN", '{"lines": NaN}', { status: 400, type: "malformed-json" }],
  ["an array", "[]", at("")],
  ["a string", '"order"', at("")],
  ["null", "null", at("")],
  ["JSON that is nested too deeply", `{"lines": ${"[".repeat(100)}${"]".repeat(100)}}`, at("")],
  ["an empty object", "{}", at("/customer", "/shipTo", "/paymentMethod", "/lines")],
  ...["customer", "shipTo", "paymentMethod", "lines"].map(
    (name) => [`no ${name}`, JSON.stringify(without(name)), at(`/${name}`)] as const,
  ),
  ["a customer without a name", JSON.stringify(withCustomer({ name: undefined })), at("/customer/name")],
  ["a customer with a number for a name", JSON.stringify(withCustomer({ name: 7 })), at("/customer/name")],
  ["a blank name", JSON.stringify(withCustomer({ name: "  " })), at("/customer/name")],
  ["a line break in a name", JSON.stringify(withCustomer({ name: "Ada\nLovelace" })), at("/customer/name")],
  ["an invalid address", JSON.stringify(withCustomer({ email: "ada" })), at("/customer/email")],
  [
    "a header in an e-mail address",
    JSON.stringify(withCustomer({ email: "ada@example.com\r\nbcc: eve@example.com" })),
    at("/customer/email"),
  ],
  ["an unknown field", JSON.stringify({ ...order, discount: 100 }), at("/discount")],
  ["an unknown field of a line", JSON.stringify(withLine({ price: 1 })), at("/lines/0/price")],
  [
    "an unknown field of a customer",
    JSON.stringify(withCustomer({ isAdmin: true })),
    at("/customer/isAdmin"),
  ],
  ["a prototype as a key", `{"__proto__": {"x": 1}, ${JSON.stringify(order).slice(1)}`, at("/__proto__")],
  [
    "a prototype as a key in a line",
    JSON.stringify(order).replace('{"sku"', '{"__proto__": {}, "sku"'),
    at("/lines/0/__proto__"),
  ],
  ["a constructor as a key", JSON.stringify({ ...order, constructor: {} }), at("/constructor")],
  ["a negative quantity", JSON.stringify(withLine({ quantity: -1 })), at("/lines/0/quantity")],
  ["no quantity", JSON.stringify(withLine({ quantity: 0 })), at("/lines/0/quantity")],
  ["half a piece", JSON.stringify(withLine({ quantity: 0.5 })), at("/lines/0/quantity")],
  ["a quantity as text", JSON.stringify(withLine({ quantity: "1" })), at("/lines/0/quantity")],
  [
    "a quantity beyond 2^53",
    JSON.stringify(withLine({ quantity: 2 ** 53, unitPrice: 0 })),
    at("/lines/0/quantity"),
  ],
  [
    "a quantity beyond all numbers",
    JSON.stringify(order).replace('"quantity":1', '"quantity":1e999'),
    at("/lines/0/quantity"),
  ],
  ["a negative price", JSON.stringify(withLine({ unitPrice: -1 })), at("/lines/0/unitPrice")],
  ["a price of half a cent", JSON.stringify(withLine({ unitPrice: 1.5 })), at("/lines/0/unitPrice")],
  ["a total beyond 2^53", JSON.stringify(withLine({ quantity: 2 ** 30, unitPrice: 2 ** 30 })), at("/lines")],
  ["no lines", JSON.stringify({ ...order, lines: [] }), at("/lines")],
  ["101 lines", JSON.stringify({ ...order, lines: linesOf(101) }), at("/lines")],
  ["lines that are not a list", JSON.stringify({ ...order, lines: { 0: line } }), at("/lines")],
  ["the same article twice", JSON.stringify({ ...order, lines: [line, line] }), at("/lines/1/sku")],
  ["an id with a slash", JSON.stringify({ ...order, orderId: "a/b" }), at("/orderId")],
  ["an id that is too long", JSON.stringify({ ...order, orderId: "a".repeat(65) }), at("/orderId")],
  ["an empty id", JSON.stringify({ ...order, orderId: "" }), at("/orderId")],
  ["an id that is a number", JSON.stringify({ ...order, orderId: 1 }), at("/orderId")],
  ["an article with a space", JSON.stringify(withLine({ sku: "a pear" })), at("/lines/0/sku")],
  ["an article with an accent", JSON.stringify(withLine({ sku: "p\u00eache" })), at("/lines/0/sku")],
  ["half a surrogate pair", JSON.stringify(withCustomer({ name: "Ada \ud83d" })), at("/customer/name")],
  ["an invalid date", JSON.stringify({ ...order, orderedAt: "yesterday" }), at("/orderedAt")],
  ["February 30", JSON.stringify({ ...order, orderedAt: "2024-02-30" }), at("/orderedAt")],
  [
    "a body over 256 KB",
    JSON.stringify({ ...order, filler: "x".repeat(256 * 1024) }),
    { status: 413, type: "too-large" },
  ],
  [
    "three errors at once",
    JSON.stringify({ ...withLine({ quantity: 0, sku: "" }), orderId: "?" }),
    at("/orderId", "/lines/0/sku", "/lines/0/quantity"),
  ],
];

const valid = JSON.stringify(order);
const receipt = JSON.stringify({ quantity: 1 });
const keyed = { "idempotency-key": "k" };

const header: Expected = { status: 400, type: "header" };
const notFound: Expected = { status: 404, type: "not-found" };

const requests: readonly Row[] = [
  [
    "bytes in Latin-1",
    "/orders",
    { ...post(""), body: Buffer.from(JSON.stringify(withCustomer({ name: "café" })), "latin1") },
    { status: 400, type: "malformed-json" },
  ],
  [
    "a form",
    "/orders",
    post(valid, { "content-type": "application/x-www-form-urlencoded" }),
    { status: 415, type: "media-type" },
  ],
  [
    "JSON in Latin-1",
    "/orders",
    post(valid, { "content-type": "application/json; charset=iso-8859-1" }),
    { status: 415, type: "media-type" },
  ],
  ["a key with a space", "/orders", post(valid, { "idempotency-key": "a b" }), header],
  ["a key that is too long", "/orders", post(valid, { "idempotency-key": "k".repeat(256) }), header],
  ["an ETag without quotes", "/orders/bad/cancellation", post('{"reason":"x"}', { "if-match": "1" }), header],
  ["* with an ETag", "/orders/bad/cancellation", post('{"reason":"x"}', { "if-match": '*, "1"' }), header],
  ["a known ETag without quotes", "/orders/bad", { headers: { "if-none-match": "1" } }, notFound],
  ["an ETag of a list without quotes", "/orders", { headers: { "if-none-match": "1" } }, header],
  ...['W/"1"', "*", `"${"9".repeat(20)}"`].map(
    (tag): Row => [
      `the ETag ${tag}, which a new order does not have`,
      "/orders/bad/cancellation",
      post('{"reason":"x"}', { "if-match": tag }),
      { status: 412, type: "stale" },
    ],
  ),
  [
    "a compressed body",
    "/orders",
    post(valid, { "content-encoding": "gzip" }),
    { status: 415, type: "content-encoding" },
  ],
  ["a cancellation without a reason", "/orders/bad/cancellation", post("{}"), at("/reason")],
  ["a cancellation with a blank reason", "/orders/bad/cancellation", post('{"reason":" "}'), at("/reason")],
  [
    "a cancellation with another order than in the path",
    "/orders/bad/cancellation",
    post('{"orderId":"other","reason":"x"}'),
    at("/orderId"),
  ],
  [
    "a cancellation of an id with invalid characters",
    "/orders/b%C3%A4d/cancellation",
    post('{"reason":"x"}'),
    at("/orderId"),
  ],
  ["a receipt without a key", "/stock/pear/receipts", post(receipt), { status: 400, type: "key-required" }],
  ["a receipt without content", "/stock/pear/receipts", post('{"quantity":0}', keyed), at("/quantity")],
  ["a receipt without a quantity", "/stock/pear/receipts", post("{}", keyed), at("/quantity")],
  [
    "a receipt of an article with invalid characters",
    "/stock/a%20pear/receipts",
    post(receipt, keyed),
    at("/sku"),
  ],
  [
    "a method that the path does not support",
    "/orders",
    { method: "DELETE" },
    { status: 405, type: "method-not-allowed" },
  ],
  [
    "an unknown method",
    "/orders/1",
    { method: "PUT", body: "{}" },
    { status: 405, type: "method-not-allowed" },
  ],
  ["an unknown path", "/carts", {}, notFound],
  ["a path with an extra segment", "/orders/1/lines/1", {}, notFound],
  ["an unknown order", "/orders/nobody", {}, notFound],
  ["an unknown article", "/stock/nothing", {}, notFound],
  ["events of an unknown order", "/orders/nobody/events", {}, notFound],
  ["an unknown checkout", "/sagas/checkout/nobody", {}, notFound],
  ["an unknown saga", "/sagas/marriage/1", {}, notFound],
  ["an order id with invalid characters", "/orders/n%C3%B6", {}, at("/orderId")],
  ["an invalid cursor", "/orders?next=garbage", {}, at("/next")],
  ["an empty cursor", "/orders?next=", {}, at("/next")],
  [
    "a cursor with other content",
    `/orders?next=${Buffer.from('{"pk":1}').toString("base64url")}`,
    {},
    at("/next"),
  ],
  ["a limit of 0", "/orders?limit=0", {}, at("/limit")],
  ["a limit of 101", "/orders?limit=101", {}, at("/limit")],
  ["a limit as text", "/orders?limit=ten", {}, at("/limit")],
  ["a prototype in the query", "/stock?__proto__=1", {}, at("/__proto__")],
  ["an unknown status", "/orders?status=lost", {}, at("/status")],
  ["an unknown filter", "/orders?color=red", {}, at("/color")],
  ["an empty filter", "/orders?customerId=", {}, at("/customerId")],
  ["a filter twice", "/orders?customerId=a&customerId=b", {}, at("/customerId")],
];

const rows: readonly Row[] = [
  ...orders.map(([name, body, expected]) => [name, "/orders", post(body), expected] as const),
  ...requests,
];

test.each(rows)("%s", async (_, path, init, { status, type, pointers }) => {
  const answer = await shop.request(path, init);
  expect(answer).toMatchObject({ status, body: { type: `urn:eventfold:problem:${type}`, status } });
  expect(answer.headers.get("content-type")).toBe("application/problem+json");
  expect(answer.body.title).toEqual(expect.any(String));
  // The pointers of the errors are part of the API. The texts are for people.
  const errors = (answer.body.errors ?? []) as readonly {
    readonly pointer: string;
    readonly detail: string;
  }[];
  expect(errors.map(({ pointer }) => pointer).toSorted()).toEqual([...(pointers ?? [])].toSorted());
  for (const { detail } of errors) expect(detail).not.toBe("");
});

test("none of them stored an event or is reported as a problem", async () => {
  expect(await shop.owner.countEvents()).toBe(0);
  expect(shop.problems()).toEqual([]);
  expect(await shop.get("/orders")).toMatchObject({ body: { items: [] } });
  expect(await shop.place(order)).toMatchObject({ status: 202 });
  expect(await shop.owner.countEvents()).toBeGreaterThan(0);
});

test("a response to an unsupported method lists the supported methods", async () => {
  const answer = await shop.request("/orders", { method: "DELETE" });
  expect(answer.headers.get("allow")).toBe("GET, HEAD, OPTIONS, POST");
});
