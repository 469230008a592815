/** Owners cost nothing: a request makes the same calls on a route with an owner and on a route without one. */
import { describe, expect, test } from "vitest";
import type { AnyApplication } from "../../../../../lib/model/application.ts";
import type { Asked } from "../../../../runtime/gateway.ts";
import { placeable } from "../../../domain/orders.ts";
import { json } from "../../door.ts";
import { server } from "../../server.ts";
import { application, secretOf } from "./callers.ts";
import { commitOf, orders } from "./orders.ts";

const post = (path: string, body: object): Asked => ({ method: "POST", path, headers: json, body });
const get = (path: string): Asked => ({ method: "GET", path });

const orderBy = (id: string, orderId: string) =>
  post("/orders", { ...placeable, orderId, customer: { id, name: secretOf(id), email: "a@example.com" } });

/** Each request with the calls that it makes on a route without an owner. */
const requests: readonly (readonly [what: string, asked: Asked, calls: readonly string[]])[] = [
  ["a row", get("/orders/order-1"), ["find"]],
  ["a list", get("/orders"), ["list"]],
  ["a history", get("/orders/order-1/events"), ["read strong"]],
  ["a command", post("/orders/order-1/cancellation", { reason: "late" }), ["read eventual", "append"]],
  [
    "a command that is rejected",
    post("/orders/order-2/return", { reason: "late" }),
    ["read eventual", "read strong"],
  ],
  ["a command that begins a stream", orderBy("ada", "order-8"), ["append"]],
  [
    "a command that begins a stream, if its id is in use",
    orderBy("ada", "order-1"),
    ["append", "read eventual", "read strong"],
  ],
];

const callsOf = async (served: AnyApplication, asked: Asked) => {
  const { answer, add } = server(served);
  for (const [id, events] of Object.entries(orders)) await add(commitOf(id, events));
  return (await answer(asked)).called;
};

const withoutOwners = {
  ...application,
  routes: application.routes.map((route) =>
    "owner" in route ? { ...route, owner: "none" as const } : route,
  ),
};

describe.each(requests)("%s makes the same calls", (_, asked, calls) => {
  test.each([
    ["on an open API", {}],
    ["for an exempt caller", { actor: "grace", scopes: ["operator"] }],
    ["for the owner", { actor: "ada", scopes: ["customer"] }],
  ])("%s", async (_who, caller) => {
    expect(await callsOf(application, { ...asked, ...caller })).toEqual(calls);
  });

  test("if its route has no owner", async () => {
    expect(await callsOf(withoutOwners, { ...asked, actor: "ada", scopes: ["customer"] })).toEqual(calls);
  });
});

describe("a caller who is not the owner", () => {
  const eve = { actor: "eve", scopes: ["customer"] };

  test.each([
    ["begins an order of another customer without any call", orderBy("ada", "order-1"), []],
    ["causes no extra read of an id that is in use", orderBy("eve", "order-1"), requests.at(-1)?.[2]],
    ["causes the reads of an unknown id", requests[3]?.[1], ["read eventual", "read strong"]],
  ])("%s", async (_, asked = get("/"), calls) => {
    expect(await callsOf(application, { ...asked, ...eve })).toEqual(calls);
  });

  test("reads no list if the token has no subject", async () => {
    expect(await callsOf(application, { ...get("/orders"), scopes: ["customer"] })).toEqual([]);
  });

  test("reads no list if no row can have the subject", async () => {
    expect(await callsOf(application, { ...get("/orders"), actor: "", scopes: ["customer"] })).toEqual([]);
  });
});
