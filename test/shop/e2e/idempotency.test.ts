/** An Idempotency-Key belongs to its caller, on all routes. */
import { request as httpRequest } from "node:http";
import { afterAll, beforeAll, expect, test } from "vitest";
import { orderOf } from "./client.ts";
import { type Shop, startShop } from "./shop.ts";

let shop: Shop;

beforeAll(async () => {
  shop = await startShop();
});
afterAll(() => shop?.stop());

const line = [{ sku: "pear", quantity: 1, unitPrice: 150 }];
const reused = { status: 422, body: { type: "urn:eventfold:problem:key-reused" } };
const keyOf = (key: string) => ({ "idempotency-key": key });

test("with another order it is refused, and only the first order is charged", async () => {
  await shop.receive("pear", 50);
  const key = keyOf("one-order");
  expect(await shop.place(orderOf("first", line), key)).toMatchObject({ status: 202, body: { id: "first" } });
  expect(await shop.place(orderOf("second", line), key)).toMatchObject(reused);
  await shop.waitForSaga("first");
  expect(await shop.owner.stream("order-second")).toEqual([]);
  expect(await shop.owner.get("payments", "payment-second")).toBeUndefined();
});

test("with another cancellation, another receipt or another route it is refused", async () => {
  for (const id of ["cancel-1", "cancel-2"])
    await shop.place(orderOf(id, [{ sku: "unknown", quantity: 1, unitPrice: 1 }], "pm_card_timeout"));
  const key = keyOf("one-request");
  expect(await shop.cancel("cancel-1", "a mistake", key)).toMatchObject({ status: 202 });
  expect(await shop.cancel("cancel-2", "a mistake", key)).toMatchObject(reused);
  expect(await shop.post("/stock/fig/receipts", { quantity: 1 }, key)).toMatchObject(reused);
  expect(await shop.post("/sagas/checkout/cancel-1/resume", { action: "retry" }, key)).toMatchObject(reused);

  const receipt = keyOf("one-receipt");
  expect(await shop.post("/stock/fig/receipts", { quantity: 1 }, receipt)).toMatchObject({ status: 202 });
  expect(await shop.post("/stock/date/receipts", { quantity: 1 }, receipt)).toMatchObject(reused);
  expect(await shop.owner.stream("inventory-date")).toEqual([]);
});

test("twelve equal requests at once get twelve equal responses and place one order", async () => {
  const { orderId: _, ...body } = orderOf("unnamed", line);
  const before = await shop.owner.items("events");
  const all = await Promise.all(Array.from({ length: 12 }, () => shop.place(body, keyOf("twelve"))));
  const [first] = all;
  expect(first).toMatchObject({ status: 202, body: { version: 1 } });
  for (const each of all) {
    expect({ status: each.status, body: each.body }).toEqual({ status: 202, body: first?.body });
    for (const name of ["etag", "location", "content-type"])
      expect(each.headers.get(name)).toBe(first?.headers.get(name));
  }
  expect(new Set(all.map(({ headers }) => headers.get("x-correlation-id"))).size).toBe(12);
  await shop.waitForSaga(String(first?.body.id));
  const placed = (await shop.owner.items("events")).filter(
    ({ id, pk }) => id?.S?.startsWith("http/") && pk?.S?.startsWith("order-"),
  );
  const known = new Set(before.map(({ id }) => id?.S));
  expect(placed.filter(({ id }) => !known.has(id?.S))).toHaveLength(1);
});

test("a rejection is stored under the key, but a failed If-Match is not", async () => {
  const rejected = await shop.cancel("not-yet", "a mistake", keyOf("early"));
  expect(rejected).toMatchObject({ body: { code: "unknown-order" } });
  await shop.place(orderOf("not-yet", line, "pm_card_timeout"));
  const again = await shop.cancel("not-yet", "a mistake", keyOf("early"));
  expect({ status: again.status, body: again.body }).toEqual({
    status: rejected.status,
    body: rejected.body,
  });

  const key = keyOf("stale");
  expect(await shop.cancel("not-yet", "a mistake", { ...key, "if-match": '"7"' })).toMatchObject({
    status: 412,
  });
  expect(await shop.cancel("not-yet", "a mistake", { ...key, "if-match": '"1"' })).toMatchObject({
    status: 202,
  });
  expect(await shop.cancel("not-yet", "a mistake", { ...key, "if-match": '"1"' })).toMatchObject({
    status: 202,
  });
});

test("for 24 hours the same request gets the same response; after that the key is new", async () => {
  const key = keyOf("a-day");
  const first = await shop.place(orderOf("day-1", line), key);
  await shop.waitForSaga("day-1");
  await shop.advance(23 * 3600);
  expect((await shop.place(orderOf("day-1", line), key)).body).toEqual(first.body);
  expect(await shop.place(orderOf("day-2", line), key)).toMatchObject(reused);
  await shop.advance(3600);
  expect(await shop.place(orderOf("day-2", line), key)).toMatchObject({ status: 202 });
});

/** Fetch joins headers with the same name. */
const statusOf = (headers: readonly string[]): Promise<number | undefined> =>
  new Promise((resolve, reject) => {
    const sent = httpRequest(`${shop.url}/stock/fig/receipts`, { method: "POST", headers: [...headers] });
    sent.on("error", reject);
    sent.on("response", (response) => {
      response.resume();
      response.on("end", () => resolve(response.statusCode));
    });
    sent.end('{"quantity":1}');
  });

test("a header that is sent twice is refused, even if both are equal", async () => {
  const json = ["host", "shop", "content-type", "application/json", "content-length", "14"];
  const key = (value: string) => ["idempotency-key", value];
  expect(await statusOf([...json, ...key("twice-a"), ...key("twice-b")])).toBe(400);
  expect(await statusOf([...json, ...key("twice-a"), ...key("twice-a")])).toBe(400);
  expect(await statusOf([...json, ...key("twice-a,twice-a")])).toBe(400);
  expect(await statusOf([...json, ...key("twice-a")])).toBe(202);
});

test("the stored item of a key needs one write unit, and has neither the caller nor the key", async () => {
  await shop.place(orderOf("kept", line), keyOf("secret-key"));
  const items = await shop.owner.items("idempotencyKeys");
  expect(items.length).toBeGreaterThan(0);
  for (const item of items) {
    expect(JSON.stringify(item)).not.toContain("secret-key");
    expect(JSON.stringify(item).length).toBeLessThan(1024);
    expect(Object.keys(item)).toContain("expires");
  }
});
