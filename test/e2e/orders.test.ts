/** What becomes of an order, as its customer and the shop's operators see it. */
import { afterAll, beforeAll, expect, test } from "vitest";
import { orderOf } from "./client.ts";
import { type Shop, startShop } from "./shop.ts";

let shop: Shop;

beforeAll(async () => {
  shop = await startShop();
});
afterAll(() => shop?.stop());

test("an order is confirmed: stock taken, one mail, an audit trail", async () => {
  expect(await shop.receive("pear", 10)).toMatchObject({ status: 202 });
  const placed = await shop.place(orderOf("happy", [{ sku: "pear", quantity: 3, unitPrice: 150 }]));
  expect(placed).toMatchObject({ status: 202, body: { id: "happy", version: 1 } });
  expect(placed.headers.get("etag")).toBe('"1"');
  expect(placed.headers.get("location")).toBe("/orders/happy");

  expect(await shop.waitForSaga("happy")).toMatchObject({ status: "completed" });
  expect(await shop.waitForOrder("happy", "confirmed")).toMatchObject({
    customerId: "customer-happy",
    total: 450,
    lines: [{ sku: "pear", quantity: 3, unitPrice: 150 }],
    shipment: "arranged",
  });
  expect((await shop.get("/orders/happy")).headers.get("etag")).toBe('"2"');
  await shop.waitForStock("pear", { received: 10, reserved: 0, taken: 3, available: 7 });

  const mail = await shop.wait("a mail", async () => (await shop.mailsTo("happy"))[0]);
  expect(mail.subject).toBe("Your order happy");
  expect(mail.text).toContain("We charge 4.50.");
  const audit = await shop.audit("happy");
  expect(audit.map(({ type, version }) => [type, version])).toEqual([
    ["OrderPlaced", 1],
    ["OrderConfirmed", 2],
  ]);
  expect(audit[1]).toMatchObject({
    sagaId: "checkout/happy",
    commandId: "checkout/happy/confirm-order/order-happy#1",
  });
  expect(await shop.mailsTo("happy")).toHaveLength(1);
});
