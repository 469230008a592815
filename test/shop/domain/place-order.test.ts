import { expect, test } from "vitest";
import { cancelOrder, placeOrder } from "../../../lib/shop/orders/order.ts";
import { receiveStock } from "../../../lib/shop/stock/inventory.ts";
import { northwind, placeable } from "./orders.ts";

const [line] = placeable.lines;
const lines = (count: number) =>
  Array.from({ length: count }, (_, index) => ({ ...line, sku: `nw-${index}` }));
const customer = (change: object) => ({ customer: { ...placeable.customer, ...change } });
const shipTo = (change: object) => ({ shipTo: { ...placeable.shipTo, ...change } });

test("the 830 orders of Northwind are placed unchanged", () => {
  const orders = northwind("orders");
  expect(orders).toHaveLength(830);
  for (const order of orders) expect(placeOrder.schema.parse(order)).toEqual(order);
});

test("the stock of Northwind is received unchanged", () => {
  const products = northwind("stock");
  expect(products).toHaveLength(77);
  // A product that is out of stock has no receipt.
  for (const product of products) {
    const parsed = receiveStock.schema.safeParse(product);
    expect(parsed.success).toBe(!JSON.stringify(product).includes('"quantity":0}'));
  }
});

const accepted: readonly (readonly [what: string, change: object])[] = [
  ["a date-time as the time of the order", { orderedAt: "1996-07-04T08:15:00+02:00" }],
  ["no postal code", shipTo({ postalCode: null })],
  ["letters of every script", customer({ name: "Łódź 東京 😀" })],
  ["a hundred lines", { lines: lines(100) }],
  ["a price of nothing", { lines: [{ ...line, unitPrice: 0 }] }],
  ["the largest total", { lines: [{ ...line, quantity: 1, unitPrice: Number.MAX_SAFE_INTEGER }] }],
  ["an id of 64 characters", { orderId: "x".repeat(64) }],
  ["an id that is a name of JavaScript's", { orderId: "__proto__" }],
];

test.each(accepted)("an order may have %s", (_, change) => {
  expect(placeOrder.schema.parse({ ...placeable, ...change })).toEqual({ ...placeable, ...change });
});

const refused: readonly (readonly [what: string, change: object, pointers: string])[] = [
  ["no id", { orderId: "" }, "orderId"],
  ["an id of 65 characters", { orderId: "x".repeat(65) }, "orderId"],
  ["a slash in its id", { orderId: "1/2" }, "orderId"],
  ["a line break after its id", { orderId: "1\n" }, "orderId"],
  ["a time of order that is none", { orderedAt: "4 July 1996" }, "orderedAt"],
  ["a day that never was as its time", { orderedAt: "1996-02-30" }, "orderedAt"],
  ["a line break in a name", customer({ name: "Ada\r\nBcc: all" }), "customer/name"],
  ["half a character in a name", customer({ name: "Ada \ud83d" }), "customer/name"],
  ["a blank name", customer({ name: "  " }), "customer/name"],
  ["a name of 201 characters", customer({ name: "x".repeat(201) }), "customer/name"],
  ["a line break in an e-mail address", customer({ email: "ada@example.com\nx" }), "customer/email"],
  ["two e-mail addresses", customer({ email: "ada@example.com,bob@example.com" }), "customer/email"],
  ["no postal code, not even null", shipTo({ postalCode: undefined }), "shipTo/postalCode"],
  ["no lines", { lines: [] }, "lines"],
  ["101 lines", { lines: lines(101) }, "lines"],
  ["two lines of an article", { lines: [line, ...lines(2), line, line] }, "lines/3/sku lines/4/sku"],
  ["a quantity of nothing", { lines: [{ ...line, quantity: 0 }] }, "lines/0/quantity"],
  ["half a quantity", { lines: [{ ...line, quantity: 0.5 }] }, "lines/0/quantity"],
  ["a quantity that is rounded", { lines: [{ ...line, quantity: 2 ** 53 }] }, "lines/0/quantity lines"],
  ["a price below nothing", { lines: [{ ...line, unitPrice: -1 }] }, "lines/0/unitPrice"],
  ["a total that is rounded", { lines: [{ ...line, quantity: 2, unitPrice: 2 ** 52 }] }, "lines"],
];

test.each(refused)("an order may not have %s", (_, change, pointers) => {
  const { error } = placeOrder.schema.safeParse({ ...placeable, ...change });
  const paths = error?.issues.map(({ path }) => path.join("/")) ?? [];
  expect([...new Set(paths)].join(" ")).toBe(pointers);
});

test("a cancellation has a reason, in one line", () => {
  const isAccepted = (reason: unknown) => cancelOrder.schema.safeParse({ orderId: "1", reason }).success;
  expect(["rain", "x".repeat(500), "reserve-stock-timed-out"].map(isAccepted)).toEqual([true, true, true]);
  expect(["", "\n", "a\u0000b", "x".repeat(501), undefined].map(isAccepted)).not.toContain(true);
});
