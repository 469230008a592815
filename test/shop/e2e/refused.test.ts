/** Events that do not fit their schema: each stops only its own stream. */
import { afterAll, beforeAll, expect, test } from "vitest";
import { orderOf } from "./client.ts";
import { type Shop, startShop } from "./shop.ts";

let shop: Shop;

beforeAll(async () => {
  shop = await startShop();
});
afterAll(() => shop?.stop());

const others = Array.from({ length: 24 }, (_, index) => `other-${index}`);

const cancelled = (orderId: string, reason: string) => ({
  type: "OrderCancelled",
  data: { orderId, reason },
});

const placed = (orderId: string, customer: { readonly id: string; readonly name: string }) => ({
  type: "OrderPlaced",
  data: { ...orderOf(orderId, []), customer: { ...customer, email: "ada@example.com" }, total: 0 },
});

test("events that do not fit their schema park their streams; 24 other orders appear", async () => {
  await shop.receive("plum", others.length);
  await shop.owner.append("order-huge", cancelled("huge", "x".repeat(300_000)));
  await shop.owner.append("order-huge", placed("huge", { id: "ada", name: "Ada" }));
  await shop.owner.append("order-long", cancelled("k".repeat(2049), "no"));
  await shop.owner.append("order-mangled", cancelled("\ud800", "no"));
  for (const id of others) await shop.place(orderOf(id, [{ sku: "plum", quantity: 1, unitPrice: 10 }]));

  for (const id of others) await shop.waitForOrder(id, "confirmed");
  await shop.waitForStock("plum", { taken: others.length });
  const streams = await shop.wait("three streams to be parked", async () => {
    const { streams } = await shop.owner.operate({ action: "parked" });
    const found = [streams].flat().filter((each) => Object(each).consumer === "order-summary");
    return found.length >= 3 ? found : undefined;
  });
  const parked = (streamId: string, error: string) => ({
    consumer: "order-summary",
    streamId,
    version: 1,
    payload: expect.stringContaining(`"streamId":"${streamId}"`),
    error: expect.stringContaining(error),
    at: expect.any(String),
  });
  const ofStream = (each: unknown): string => Object(each).streamId;
  expect(streams.toSorted((one, other) => (ofStream(one) < ofStream(other) ? -1 : 1))).toEqual([
    parked("order-huge", "/reason must have at most 500 characters"),
    parked("order-long", "/orderId must be 1 to 64 characters"),
    parked("order-mangled", "/orderId must be 1 to 64 characters"),
  ]);
  expect(await shop.order("huge")).toBeUndefined();
});
