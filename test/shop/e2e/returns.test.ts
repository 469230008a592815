/** A return over HTTP. The saga restock is a choreography by default, because none of its steps waits. */
import { afterAll, beforeAll, expect, test } from "vitest";
import { orderOf } from "./client.ts";
import { type Shop, startShop } from "./shop.ts";

let shop: Shop;
beforeAll(async () => {
  shop = await startShop();
});
afterAll(() => shop.stop());

const view = (id: string) => shop.get<{ readonly status?: string }>(`/sagas/restock/${id}`);
const giveBack = (id: string, reason: string) => shop.post(`/orders/${id}/return`, { reason });

test("a return gives back the stock and the money of a confirmed order, and the order shows it", async () => {
  await shop.receive("fig", 5);
  await shop.receive("date", 3);
  const lines = [
    { sku: "fig", quantity: 2, unitPrice: 50 },
    { sku: "date", quantity: 3, unitPrice: 70 },
  ];
  await shop.place(orderOf("back", lines));
  expect(await giveBack("back", "too early")).toMatchObject({ status: 409, body: { code: "not-confirmed" } });
  await shop.waitForOrder("back", "confirmed");
  await shop.waitForStock("fig", { taken: 2, reserved: 0, available: 3 });
  await shop.waitForStock("date", { taken: 3, reserved: 0, available: 0 });

  expect(await giveBack("back", "too sweet")).toMatchObject({ status: 202 });
  await shop.wait("the restock to end", async () =>
    (await view("back")).body.status === "completed" ? true : undefined,
  );
  await shop.waitForStock("fig", { received: 5, taken: 0, reserved: 0, available: 5 });
  await shop.waitForStock("date", { received: 3, taken: 0, reserved: 0, available: 3 });
  expect(await shop.waitForOrder("back", "returned")).toMatchObject({ reason: "too sweet" });
  await shop.wait("the money to be released", async () =>
    (await shop.owner.get("payments", "payment-back"))?.status?.S === "released" ? true : undefined,
  );
  expect((await shop.audit("back")).map(({ type }) => type)).toEqual([
    "OrderPlaced",
    "OrderConfirmed",
    "OrderReturned",
    "ReturnClosed",
  ]);
  expect(await giveBack("back", "again")).toMatchObject({ status: 409, body: { code: "already-returned" } });
  expect(shop.problems()).toEqual([]);
});
