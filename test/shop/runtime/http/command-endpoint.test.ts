import { describe, expect, test } from "vitest";
import { memoryEventStore } from "../../../../lib/adapters/memory/event-store.ts";
import { memoryIdempotencyKeys } from "../../../../lib/adapters/memory/idempotency-keys.ts";
import { memoryLog } from "../../../../lib/adapters/memory/log.ts";
import { commandEndpoint } from "../../../../lib/runtime/http/command-endpoint.ts";
import type { Answer } from "../../../../lib/runtime/streams/answer.ts";
import { commandHandler } from "../../../../lib/runtime/streams/handle-command.ts";
import { order } from "../../../../lib/shop/orders/order.ts";
import { shop } from "../../../../lib/shop/shop.ts";
import { approvedLibrary } from "../../../library/fixtures/approved-loans.ts";
import { type Asked, shown, toRequest } from "../../../runtime/gateway.ts";
import { placeable } from "../../domain/orders.ts";
import { accepted, door, json, now, post } from "../door.ts";

const rest = { version: 4, history: [] };
const rejected: Answer = { kind: "rejected", code: "already-placed", because: "once", ...rest };
const etag = '"4"';

describe("an answer", () => {
  const rows: readonly (readonly [Answer, status: number, headers: object, title: string, rest: object])[] = [
    [rejected, 409, { etag }, "The business refuses this", { code: "already-placed", detail: "once" }],
    [{ kind: "expired", ...rest }, 409, {}, "This command has expired", {}],
    [
      { kind: "stale", ...rest },
      412,
      { etag },
      "A precondition does not hold",
      { detail: "the current version is 4" },
    ],
    [{ kind: "reused", ...rest }, 422, {}, "This Idempotency-Key was used with another request", {}],
    [
      { kind: "contended", ...rest },
      503,
      { "retry-after": "1" },
      "Too many want this at once",
      { detail: "other requests changed the same data: send the request again" },
    ],
  ];
  const types = { rejected: "refused", reused: "key-reused" };

  test.each(rows.map((row) => [row[0].kind, ...row] as const))(
    "%s is a separate problem",
    async (kind, given, status, headers, title, rest) => {
      const type = `urn:eventfold:problem:${Object.hasOwn(types, kind) ? Object(types)[kind] : kind}`;
      expect(shown(await door(shop, given).ask(post))).toEqual({
        status,
        contentType: "application/problem+json",
        headers,
        body: { type, title, status, ...rest },
      });
    },
  );

  test("accepted has the location and the version", async () => {
    const response = await door().ask({ ...post, headers: { ...json, "x-correlation-id": "c-1" } });
    expect(shown(response)).toEqual({
      status: 202,
      contentType: "application/json",
      headers: { etag: '"1"', location: "/orders/10248" },
      body: { id: "10248", version: 1, correlationId: "c-1" },
    });
  });

  test("accepted has no location if the route has none", async () => {
    const response = await door(approvedLibrary).ask({ method: "POST", path: "/loans/1/approval" });
    expect(response.headers).not.toHaveProperty("location");
  });

  test("repeated is the same as the first", async () => {
    const repeated: Answer = { ...accepted, kind: "accepted", events: [], repeated: true };
    expect(await door(shop, repeated).ask(post)).toEqual(await door().ask(post));
  });

  test.each<readonly [string, Asked, Answer]>([
    ["accepted", post, accepted],
    ["rejected", post, rejected],
    ["refused before the decider", { ...post, body: "{" }, accepted],
    ["without a route", { ...post, path: "/order" }, accepted],
  ])("%s has the correlation id of its request, otherwise a new one", async (_, asked, given) => {
    const headers = { ...json, "x-correlation-id": "c-1" };
    expect((await door(shop, given).ask({ ...asked, headers })).headers["x-correlation-id"]).toBe("c-1");
    expect((await door(shop, given).ask(asked)).headers["x-correlation-id"]).toBe("new-1");
  });

  test("that is a bug is thrown to the caller", async () => {
    await expect(door(shop, new Error("no decider")).ask(post)).rejects.toThrow("no decider");
  });
});

describe("a rejection of another kind than conflict", () => {
  const kinds = { "already-placed": "not-found", "unknown-order": "forbidden" } as const;
  const strict = { ...shop, deciders: [{ ...order, rejectionKinds: kinds }, ...shop.deciders.slice(1)] };
  const asked = async (application: typeof shop, code: string) =>
    shown(await door(application, { kind: "rejected", code, because: "so it is", ...rest }).ask(post));

  test.each([
    ["already-placed", 404, "not-found", "There is nothing here"],
    ["unknown-order", 403, "forbidden", "The business does not allow this"],
    ["already-cancelled", 409, "refused", "The business refuses this"],
    ["toString", 409, "refused", "The business refuses this"],
  ])("%s is %i", async (code, status, kind, title) => {
    expect(await asked(strict, code)).toEqual({
      status,
      contentType: "application/problem+json",
      headers: { etag },
      body: { type: `urn:eventfold:problem:${kind}`, title, status, code, detail: "so it is" },
    });
  });
});

describe("the log has one line per request", () => {
  const line = (status: number, message: string) => ({ kind: "request", status, message });
  const ids = { correlationId: "new-1", actor: "vinet" };

  test.each<readonly [string, Asked, Answer, object]>([
    ["accepted", post, accepted, line(202, "POST /orders → 202 order-10248 v1")],
    ["rejected", post, rejected, line(409, "POST /orders → 409 already-placed")],
    ["refused", { ...post, body: "{" }, accepted, line(400, "POST /orders → 400 malformed-json")],
    ["lost", { ...post, path: "/order" }, accepted, line(404, "POST /order → 404 not-found")],
    [
      "refused for fields, which it names",
      { ...post, body: { ...Object(post.body), lines: 1, discount: 2 } },
      accepted,
      line(400, "POST /orders → 400 schema /lines, /discount"),
    ],
    [
      "refused for many fields, five of which it names",
      { ...post, body: "{}" },
      accepted,
      line(400, "POST /orders → 400 schema /customer, /shipTo, /paymentMethod, /lines"),
    ],
  ])("%s", async (_, asked, given, expected) => {
    const { ask, log } = door(shop, given);
    await ask({ ...asked, actor: "vinet" });
    expect(log.entries()).toEqual([{ ...expected, ...ids }]);
  });
});

describe("with a store", () => {
  const open = () => {
    const store = memoryEventStore();
    let ids = 0;
    const newId = () => {
      ids += 1;
      return `new-${ids}`;
    };
    const ports = { store, clock: () => now, random: () => 0, sleep: async () => {}, log: memoryLog() };
    const handle = commandHandler(shop, ports);
    const endpoint = commandEndpoint(shop, { handle, newId, keys: memoryIdempotencyKeys(), ...ports });
    const ask = async (change: Partial<Asked>) =>
      shown(await endpoint(toRequest(shop, { ...post, ...change })));
    return { ask, eventsOf: (id: string) => store.read(`order-${id}`, { consistency: "strong" }) };
  };
  const { orderId: _, ...withoutId } = placeable;
  const keyed = { headers: { ...json, "idempotency-key": "k" } };

  test("an order without an id is placed once per key", async () => {
    const { ask, eventsOf } = open();
    const first = await ask({ ...keyed, body: withoutId });
    expect(first.status).toBe(202);
    const { headers, body } = await ask({ ...keyed, body: withoutId });
    expect({ headers, id: Object(body).id }).toEqual({ headers: first.headers, id: Object(first.body).id });
    expect(await eventsOf(Object(body).id)).toHaveLength(1);
  });

  test("a repetition has the correlation id under which its events are recorded", async () => {
    const { ask, eventsOf } = open();
    const withId = (id: string) => ask({ headers: { ...keyed.headers, "x-correlation-id": id } });
    const first = await withId("first");
    expect(await withId("second")).toEqual(first);
    const [commit] = await eventsOf("10248");
    expect(Object(first.body).correlationId).toBe(commit?.metadata.correlationId);
  });

  test("a key with another body is an error", async () => {
    const { ask } = open();
    await ask(keyed);
    expect(await ask({ ...keyed, body: { ...placeable, paymentMethod: "pm_card_flaky" } })).toMatchObject({
      status: 422,
    });
  });

  test.each(["cancellation", "approval", "return"])(
    "%s of an order that does not exist is 404",
    async (what) => {
      const { ask, eventsOf } = open();
      const body = what === "approval" ? { approved: true } : { reason: "a mistake" };
      expect(await ask({ path: `/orders/unknown/${what}`, body })).toMatchObject({
        status: 404,
        body: { type: "urn:eventfold:problem:not-found", code: "unknown-order" },
      });
      expect(await eventsOf("unknown")).toEqual([]);
    },
  );

  test("without a key the decider must refuse a repetition", async () => {
    const { ask } = open();
    await ask({});
    expect(await ask({})).toMatchObject({ status: 409, body: { code: "already-placed" } });
  });

  test("a client that saw another version gets the latest one", async () => {
    const { ask } = open();
    await ask({});
    const cancellation = { path: "/orders/10248/cancellation", body: { reason: "a mistake" } };
    const saw = (etag: string) => ask({ ...cancellation, headers: { ...json, "if-match": etag } });
    expect(await saw('"2"')).toMatchObject({ status: 412, headers: { etag: '"1"' } });
    expect(await saw('"1"')).toMatchObject({ status: 202, headers: { etag: '"2"' } });
  });
});
