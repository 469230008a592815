/** For a customer, the orders of others do not exist, and their own orders are theirs in every status. */
import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Answer } from "./client.ts";
import { cancelledOrder, type GuardedShop, orderBy, secret, startGuardedShop } from "./guarded-shop.ts";

let shop: GuardedShop;

beforeAll(async () => {
  shop = await startGuardedShop();
  await shop.grace.receive("apple", 10);
  await cancelledOrder(shop, "gone");
});
afterAll(() => shop?.stop());

/** These differ between two answers to the same request. */
const perRequest = ["date", "x-correlation-id", "apigw-requestid"];

const shown = ({ status, headers, body }: Answer<unknown>, id = "") => ({
  status,
  headers: [...headers].filter(([name]) => !perRequest.includes(name)),
  body: id === "" ? body : JSON.parse(JSON.stringify(body).replaceAll(id, "ID")),
});

type Headers = Readonly<Record<string, string>>;
type Client = GuardedShop["eve"];

const requests = {
  "GET of the order": ({ request }: Client, id: string, headers: Headers) =>
    request<unknown>(`/orders/${id}`, { headers }),
  "HEAD of the order": ({ request }: Client, id: string, headers: Headers) =>
    request<unknown>(`/orders/${id}`, { method: "HEAD", headers }),
  "its cancellation": ({ cancel }: Client, id: string, headers: Headers) => cancel(id, "mine", headers),
  "its cancellation without a reason": ({ post }: Client, id: string, headers: Headers) =>
    post(`/orders/${id}/cancellation`, {}, headers),
  "its return": ({ post }: Client, id: string, headers: Headers) =>
    post(`/orders/${id}/return`, { reason: "mine" }, headers),
  "its history": ({ get }: Client, id: string, headers: Headers) =>
    get<unknown>(`/orders/${id}/events`, headers),
} as const;

/** `own` is the ETag in the owner's answer. */
const headersOf = (own: string): Readonly<Record<string, Headers>> => ({
  "no precondition": {},
  "If-Match: *": { "if-match": "*" },
  "If-Match with the owner's ETag": { "if-match": own },
  "If-Match with another ETag": { "if-match": '"9"' },
  "If-Match that is not an ETag": { "if-match": "9" },
  "If-None-Match: *": { "if-none-match": "*" },
  "If-None-Match with the owner's ETag": { "if-none-match": own },
  "an Idempotency-Key": { "idempotency-key": randomUUID() },
  "an Idempotency-Key and If-Match": { "idempotency-key": randomUUID(), "if-match": own },
});

describe.each(Object.entries(requests))("%s of another customer", (_, send) => {
  test.each(Object.keys(headersOf("")))("with %s is answered as if there was no such order", async (name) => {
    const etag = (await shop.ada.get("/orders/gone")).headers.get("etag") ?? "";
    const headers = headersOf(etag)[name] ?? {};
    const before = await shop.owner.stream("order-gone");
    const another = await send(shop.eve, "gone", headers);
    expect(shown(another, "gone")).toEqual(shown(await send(shop.eve, "none", headers), "none"));
    expect([400, 403, 404]).toContain(another.status);
    expect(await shop.owner.stream("order-gone")).toEqual(before);
    expect(await shop.owner.stream("order-none")).toEqual([]);
  });
});

test("the Idempotency-Key of the owner has no answer for another customer", async () => {
  const key = { "idempotency-key": randomUUID() };
  expect(await shop.ada.cancel("gone", "mine", key)).toMatchObject({ status: 202 });
  expect(await shop.eve.cancel("gone", "mine", key)).toMatchObject({ status: 404 });
  expect(await shop.ada.cancel("gone", "mine", key)).toMatchObject({ status: 202 });
});

describe("an order with an id that is in use", () => {
  beforeAll(async () => {
    await shop.eve.place(orderBy("eve", "eves"));
  });

  test.each<readonly [string, Headers]>([
    ["no precondition", {}],
    ["If-Match: *", { "if-match": "*" }],
    ["If-Match with another ETag", { "if-match": '"9"' }],
    ["If-None-Match: *", { "if-none-match": "*" }],
  ])("with %s is 409, with the same answer for every owner", async (_, headers) => {
    const own = await shop.eve.place(orderBy("eve", "eves"), headers);
    expect(own).toMatchObject({ status: 409, body: { code: "already-placed" } });
    expect(own.headers.get("etag")).toBeNull();
    expect(shown(await shop.eve.place(orderBy("eve", "gone"), headers))).toEqual(shown(own));
  });
});

describe("an order for another customer", () => {
  test("is forbidden, whether the id is in use or not, and stores nothing", async () => {
    const before = await shop.owner.stream("order-gone");
    const forbidden = await shop.eve.place(orderBy("ada", "fake"));
    expect(forbidden).toMatchObject({
      status: 403,
      body: { detail: "customer.id must be the subject of the caller's token" },
    });
    expect(shown(await shop.eve.place(orderBy("ada", "gone")))).toEqual(shown(forbidden));
    expect(await shop.owner.stream("order-gone")).toEqual(before);
    expect(await shop.owner.stream("order-fake")).toEqual([]);
  });

  test("is accepted from an operator, and belongs to the customer", async () => {
    expect(await shop.grace.place(orderBy("ada", "phoned"))).toMatchObject({ status: 202 });
    await shop.ada.waitForOrder("phoned", "cancelled");
    expect(await shop.eve.get("/orders/phoned")).toMatchObject({ status: 404 });
  });
});

test("a list has only the orders of the caller, and no page of another caller's list", async () => {
  for (const id of ["many-1", "many-2"]) await cancelledOrder(shop, id);
  type Page = { readonly items: readonly { readonly customerId?: string }[]; readonly next?: string };
  const first = await shop.ada.get<Page>("/orders?limit=1");
  expect(JSON.stringify(first.body)).toContain(secret);
  expect(first.body.items).toHaveLength(1);
  expect(await shop.ada.get(`/orders?limit=1&next=${first.body.next}`)).toMatchObject({ status: 200 });
  expect(await shop.eve.get(`/orders?limit=1&next=${first.body.next}`)).toMatchObject({ status: 400 });
  const eves = (await shop.eve.get<Page>("/orders")).body.items.map(({ customerId }) => customerId);
  expect(new Set(eves)).toEqual(new Set(["eve"]));
  for (const query of ["customerId=ada", "customerId=ada&status=cancelled"])
    expect((await shop.eve.get<Page>(`/orders?${query}`)).body).toEqual({ items: [] });
  const all = (await shop.grace.get<Page>("/orders?status=cancelled")).body.items;
  expect(new Set(all.map(({ customerId }) => customerId))).toEqual(new Set(["ada", "eve"]));
});

test("a confirmed order and a returned order are still their owner's", async () => {
  const { ada, eve, grace } = shop;
  const isOthers = async () => {
    expect(await eve.get("/orders/kept")).toMatchObject({ status: 404 });
    expect(await eve.post("/orders/kept/return", { reason: "mine" })).toMatchObject({ status: 404 });
    expect(await eve.cancel("kept", "mine")).toMatchObject({ status: 404 });
  };
  await ada.place(orderBy("ada", "kept", "apple"));
  await ada.waitForOrder("kept", "confirmed");
  await isOthers();
  expect(await ada.cancel("kept", "mine")).toMatchObject({ status: 409 });
  expect(await ada.post("/orders/kept/return", { reason: "too small" })).toMatchObject({ status: 202 });
  await ada.waitForOrder("kept", "returned");
  await isOthers();
  await shop.wait("the restock to be completed", async () => {
    const { body } = await grace.get("/sagas/restock/kept");
    return body.status === "completed" ? true : undefined;
  });
  await isOthers();
  expect(await ada.post("/orders/kept/return", { reason: "too small" })).toMatchObject({ status: 409 });
  expect(await ada.get("/orders/kept")).toMatchObject({ status: 200, body: { status: "returned" } });
});
