/** Events whose rows the database always refuses: each stops only its own stream, and only for one projection. */
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

test("a row over 400 KB and invalid keys park their streams; 24 other orders appear", async () => {
  await shop.receive("plum", others.length);
  await shop.owner.append("order-huge", cancelled("huge", "x".repeat(300_000)));
  await shop.owner.append("order-huge", placed("huge", { id: "ada", name: "y".repeat(150_000) }));
  await shop.owner.append("order-long", cancelled("k".repeat(2049), "no"));
  await shop.owner.append("order-mangled", cancelled("\ud800", "no"));
  for (const id of others) await shop.place(orderOf(id, [{ sku: "plum", quantity: 1, unitPrice: 10 }]));

  for (const id of others) await shop.waitForOrder(id, "confirmed");
  await shop.waitForStock("plum", { taken: others.length });
  const streams = await shop.wait("three streams to be parked", async () => {
    const { streams } = await shop.owner.operate({ action: "parked" });
    return Array.isArray(streams) && streams.length >= 3 ? streams : undefined;
  });
  const parked = (streamId: string, version: number, error: string) => ({
    consumer: "order-summary",
    streamId,
    version,
    payload: expect.stringContaining(`"streamId":"${streamId}"`),
    error: expect.stringContaining(error),
    at: expect.any(String),
  });
  expect(streams.toSorted((one, other) => (one.streamId < other.streamId ? -1 : 1))).toEqual([
    parked("order-huge", 2, "Item size has exceeded the maximum allowed size"),
    parked("order-long", 1, "Size of hashkey has exceeded the maximum size limit"),
    parked("order-mangled", 1, "UTF-8 cannot encode it"),
  ]);
  expect(await shop.order("huge")).toMatchObject({ status: "cancelled" });
});

test("a row with an index key over the limit is found by its key, and is missing only from that list", async () => {
  const id = "c".repeat(2049);
  await shop.owner.append("order-unlisted", placed("unlisted", { id, name: "Ada" }));
  await shop.owner.append("order-listed", placed("listed", { id: "ada", name: "Ada" }));
  await shop.wait("both orders", async () => (await shop.order("unlisted")) && (await shop.order("listed")));
  expect((await shop.get("/orders?customerId=ada")).body).toMatchObject({ items: [{ orderId: "listed" }] });
  expect((await shop.get("/orders")).body).toMatchObject({
    items: expect.arrayContaining([expect.objectContaining({ orderId: "unlisted" })]),
  });
});
