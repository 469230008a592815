import { describe, expect, test } from "vitest";
import { memoryEventStore } from "../../../../lib/adapters/memory/event-store.ts";
import { memoryInstances } from "../../../../lib/adapters/memory/instances.ts";
import { memoryLog } from "../../../../lib/adapters/memory/log.ts";
import { memoryReadModels } from "../../../../lib/adapters/memory/read-models.ts";
import type { AnyApplication } from "../../../../lib/model/application.ts";
import type { Route } from "../../../../lib/model/http/route.ts";
import type { RecordedEvent } from "../../../../lib/model/message.ts";
import type { Row } from "../../../../lib/model/projection.ts";
import type { InstanceItem } from "../../../../lib/ports/instances.ts";
import type { StoredRow } from "../../../../lib/ports/read-models.ts";
import { queryEndpoint } from "../../../../lib/runtime/http/queries/query-endpoint.ts";
import { orderSummary } from "../../../../lib/shop/orders/order-summary.ts";
import { shop } from "../../../../lib/shop/shop.ts";
import { approvedLibrary } from "../../../library/fixtures/approved-loans.ts";
import {
  commandId,
  loanId,
  outside,
  own,
  rejected,
  sagaId,
  start,
} from "../../../library/fixtures/loan-history.ts";
import { recorded } from "../../../model/recorded.ts";
import { type Asked, shown, toRequest } from "../../../runtime/gateway.ts";
import { commitOf, storeEvents } from "../../../runtime/stored.ts";
import { placeable, total } from "../../domain/orders.ts";

const documents = { openapi: () => '{"openapi":"3.1.1"}', page: () => "<!doctype html>" };

const fixture = (application: Pick<AnyApplication, "routes" | "sagas"> = shop) => {
  const store = memoryEventStore();
  const readModels = memoryReadModels(shop.projections);
  const instances = memoryInstances();
  const log = memoryLog();
  const clock = () => new Date("2026-01-01T00:01:00.000Z");
  const ports = { readModels, store, instances, documents, clock, newId: () => "new", log };
  const endpoint = queryEndpoint(application, ports);
  const ask = async (asked: Partial<Asked>) =>
    shown(await endpoint(toRequest(application, { method: "GET", path: "/", ...asked })));
  const get = (path: string, headers: Asked["headers"] = {}) => {
    const [before = "", query] = path.split("?");
    return ask({ path: before, query: Object.fromEntries(new URLSearchParams(query)), headers });
  };
  return { ask, get, endpoint, ...ports };
};

const problem = (status: number, kind: string, rest: object = {}) => ({
  status,
  contentType: "application/problem+json",
  body: { type: `urn:eventfold:problem:${kind}`, status, ...rest },
});
const at = (pointer: string, detail: string) => problem(400, "schema", { errors: [{ pointer, detail }] });
const anId = "must be 1 to 64 characters of A-Z, a-z, 0-9, _ and -";

describe("a request without a route", () => {
  const cases: readonly (readonly [name: string, method: string, path: string, allow: string | undefined])[] =
    [
      ["an unknown path", "GET", "/order", undefined],
      ["a path too long", "GET", "/orders/1/events/2", undefined],
      ["an extra slash", "GET", "/orders/", undefined],
      ["deletion of an order", "DELETE", "/orders/1", "GET, HEAD, OPTIONS"],
      ["a change of a list with a command", "PATCH", "/orders", "GET, HEAD, OPTIONS, POST"],
      ["the head of a command", "HEAD", "/orders/1/cancellation", "OPTIONS, POST"],
      ["options of an unknown path", "OPTIONS", "/order", undefined],
      ["a command requested by GET", "GET", "/stock/nw-11/receipts", "OPTIONS, POST"],
      ["a change of the root", "POST", "/", "GET, HEAD, OPTIONS"],
      ["an unknown method", "BREW", "/sagas/checkout/1", "GET, HEAD, OPTIONS"],
    ];
  test.each(cases)("%s", async (_, method, path, allow) => {
    const expected =
      allow === undefined
        ? problem(404, "not-found", { detail: `no resource has the path ${path}` })
        : problem(405, "method-not-allowed", { detail: `${path} supports ${allow}, not ${method}` });
    const response = await fixture().ask({ method, path });
    expect(response).toMatchObject(expected);
    expect(response.headers).toEqual(allow === undefined ? {} : { allow });
  });
});

test("the root redirects to the page", async () => {
  expect(await fixture().get("/")).toEqual({
    status: 302,
    contentType: undefined,
    headers: { location: "/docs" },
    body: undefined,
  });
});

test("the root belongs to the application if it has a route for it", async () => {
  const own: Route = { method: "GET", path: "/", access: "public", document: "health" };
  const { status } = await fixture({ ...shop, routes: [...shop.routes, own] }).get("/");
  expect(status).toBe(200);
});

test("an application without a page has no root", async () => {
  const routes = shop.routes.filter(({ path }) => path !== "/docs");
  expect(await fixture({ ...shop, routes }).get("/")).toMatchObject({ status: 404 });
});

test.each([
  ["/orders/1/cancellation", "OPTIONS, POST"],
  ["/orders", "GET, HEAD, OPTIONS, POST"],
  ["/", "GET, HEAD, OPTIONS"],
])("OPTIONS of %s lists its methods", async (path, allow) => {
  expect(await fixture().ask({ method: "OPTIONS", path })).toEqual({
    status: 204,
    contentType: undefined,
    headers: { allow },
    body: undefined,
  });
});

describe("HEAD", () => {
  test.each(["/openapi.json", "/docs", "/health", "/stock", "/stock/nw-11", "/orders?limit=0", "/"])(
    "of %s is answered like GET",
    async (path) => {
      const { endpoint } = fixture();
      const asked = (method: string) => endpoint(toRequest(shop, { method, path }));
      expect(await asked("HEAD")).toEqual(await asked("GET"));
    },
  );

  test("of a public route gives no access to a protected route", async () => {
    const { endpoint } = fixture();
    const request = toRequest(shop, { method: "HEAD", path: "/orders" });
    expect(await endpoint({ ...request, route: undefined })).toMatchObject({ status: 405 });
  });
});

describe("an answer that may be stored", () => {
  const paths = ["/stock", "/orders", "/openapi.json", "/docs", "/health", "/sagas"];

  test.each(paths)("has an ETag of its bytes, and %s is not sent again", async (path) => {
    const { endpoint } = fixture();
    const request = toRequest(shop, { method: "GET", path });
    const { headers, status } = await endpoint(request);
    expect([status, headers.etag]).toEqual([200, expect.stringMatching(/^"[\w-]{16}"$/)]);
    const again = await endpoint({ ...request, headers: { "if-none-match": `${headers.etag}` } });
    const { "content-type": _, ...kept } = headers;
    expect(again).toEqual({ status: 304, headers: kept, body: "" });
  });

  test.each([
    ["/stock", "no-cache"],
    ["/orders", "private, no-cache"],
  ])("%s may be stored only by clients that may see it", async (path, cacheControl) => {
    expect((await fixture().get(path)).headers["cache-control"]).toBe(cacheControl);
  });
});

describe("an id outside the alphabet", () => {
  test.each([
    ["/orders/a%20b", "/orderId"],
    ["/orders/a%2Fb/events", "/orderId"],
    [`/stock/${"x".repeat(65)}`, "/sku"],
    ["/stock/%00", "/sku"],
    ["/stock/%F0%9F%98%80", "/sku"],
    ["/sagas/check%0Aout/1", "/saga"],
    ["/sagas/checkout/a.b", "/id"],
  ])("%s is refused", async (path, pointer) => {
    expect(await fixture().get(path)).toMatchObject(at(pointer, anId));
  });
});

const level = { sku: "nw-11", received: 3, reserved: 0, taken: 0, available: 3 };

describe("a row", () => {
  const stored: StoredRow = {
    key: "nw-11",
    row: level,
    revision: 0,
    checkpoints: { "inventory-nw-11": { version: 5, business: 4 } },
  };
  const withRow = async (change: Partial<StoredRow> = {}) => {
    const made = fixture();
    await made.readModels.write("stock-level", [{ ...stored, ...change }]);
    return made;
  };

  const etag = expect.stringMatching(/^"4\.[\w-]{16}"$/);

  test("has an ETag of its last business event and of its bytes", async () => {
    expect(await (await withRow()).get("/stock/nw-11")).toEqual({
      status: 200,
      contentType: "application/json",
      headers: { etag, "cache-control": "no-cache" },
      body: level,
    });
  });

  test("has another ETag if another stream changed it", async () => {
    const before = await (await withRow()).get("/stock/nw-11");
    const after = await (await withRow({ row: { ...level, reserved: 1 } })).get("/stock/nw-11");
    expect(after.headers.etag).toEqual(etag);
    expect(after.headers.etag).not.toBe(before.headers.etag);
  });

  test.each<readonly [string, Partial<StoredRow>]>([
    ["that was never written", { key: "nw-12" }],
    ["that was deleted", { row: undefined }],
    [
      "that other streams have created before its own",
      { checkpoints: { "payment-1": { version: 1, business: 1 } } },
    ],
  ])("%s is not found", async (_, change) => {
    expect(await (await withRow(change)).get("/stock/nw-11")).toMatchObject(
      problem(404, "not-found", { detail: "no stock-level nw-11" }),
    );
  });
});

describe("a list", () => {
  const summary = (number: number): Row => ({
    orderId: `${number}`,
    status: number % 3 === 0 ? "cancelled" : "placed",
    customerId: number % 2 === 0 ? "VINET" : "TOMSP",
    placedAt: new Date(Date.UTC(2026, 0, 1, 0, number)).toISOString(),
  });
  const withOrders = async (count: number) => {
    const made = fixture();
    const numbers = Array.from({ length: count }, (_, index) => index + 1);
    for (const number of numbers)
      await made.readModels.write("order-summary", [
        { key: `${number}`, row: summary(number), revision: 0, checkpoints: {} },
      ]);
    return made;
  };
  const idsOf = ({ body }: { readonly body: unknown }): readonly number[] =>
    Object(body).items.map(({ orderId }: { readonly orderId: string }) => Number(orderId));
  const downFrom = (first: number, count: number, step = 1) =>
    Array.from({ length: count }, (_, index) => first - index * step);

  test("has 20 rows, newest first, and then the next", async () => {
    const { get } = await withOrders(45);
    const first = await get("/orders");
    expect(first).toMatchObject({ status: 200, contentType: "application/json" });
    expect(idsOf(first)).toEqual(downFrom(45, 20));
    const second = await get(`/orders?next=${Object(first.body).next}&limit=24`);
    expect(idsOf(second)).toEqual(downFrom(25, 24));
    const third = await get(`/orders?next=${Object(second.body).next}`);
    expect(third.body).toEqual({ items: [summary(1)] });
  });

  test("without rows is empty", async () => {
    expect((await fixture().get("/orders")).body).toEqual({ items: [] });
  });

  test("of a customer has only the customer's rows", async () => {
    const { get } = await withOrders(10);
    expect(idsOf(await get("/orders?customerId=VINET"))).toEqual(downFrom(10, 5, 2));
  });

  test("of a status has only rows with it", async () => {
    const { get } = await withOrders(10);
    expect(idsOf(await get("/orders?status=cancelled"))).toEqual([9, 6, 3]);
  });

  test("by two fields reads the first index and filters by the other", async () => {
    const { get } = await withOrders(40);
    const pages: number[][] = [];
    let next: string | undefined;
    do {
      const from: string = next === undefined ? "" : `&next=${next}`;
      const response = await get(`/orders?status=cancelled&customerId=VINET&limit=3${from}`);
      pages.push([...idsOf(response)]);
      next = Object(response.body).next;
    } while (next !== undefined);
    expect(pages.flat()).toEqual(downFrom(36, 6, 6));
    expect(pages.every((page) => page.length <= 3)).toBe(true);
  });

  test("reads at most ten pages, and then returns where it continues", async () => {
    const { get, readModels } = fixture();
    for (const number of downFrom(40, 40))
      await readModels.write("order-summary", [
        {
          key: `${number}`,
          row: { ...summary(number), customerId: "VINET", status: number === 1 ? "paid" : "placed" },
          revision: 0,
          checkpoints: {},
        },
      ]);
    const first = await get("/orders?customerId=VINET&status=paid&limit=1");
    expect(first.body).toEqual({ items: [], next: expect.any(String) });
  });

  const known = "customerId, status, limit, next";
  const statuses = [...orderSummary.row.shape.status.values].map((each) => `"${each}"`);
  const aStatus = `must be one of ${statuses.join(", ").replaceAll('"', "")}`;
  test.each([
    ["limit=0", "/limit", "must be a number from 1 to 100"],
    ["limit=101", "/limit", "must be a number from 1 to 100"],
    ["limit=-1", "/limit", "must be a number from 1 to 100"],
    ["limit=1.5", "/limit", "must be a number from 1 to 100"],
    ["limit=1e1", "/limit", "must be a number from 1 to 100"],
    ["limit=", "/limit", "must be a number from 1 to 100"],
    ["limit=1,2", "/limit", "must be a number from 1 to 100"],
    ["limit=99999999999999999999", "/limit", "must be a number from 1 to 100"],
    ["next=", "/next", "must be the value of next in an earlier page of this list"],
    ["next=x", "/next", "must be the value of next in an earlier page of this list"],
    ["next=a,b", "/next", "must be the value of next in an earlier page of this list"],
    ["customerId=", "/customerId", "must be a string that is not empty"],
    ["customerId=caf%EF%BF%BD", "/customerId", "must be percent-encoded UTF-8 without U+FFFD"],
    ["customerId=VINET,TOMSP", "/customerId", "must be given once, without a comma"],
    ["status=lost", "/status", aStatus],
    ["Status=placed", "/Status", `unknown parameter, must be one of ${known}`],
    ["orderId=1", "/orderId", `unknown parameter, must be one of ${known}`],
    ["=", "/", `unknown parameter, must be one of ${known}`],
  ])("?%s is refused", async (query, pointer, detail) => {
    expect(await fixture().get(`/orders?${query}`)).toMatchObject(at(pointer, detail));
  });

  test("names all faults", async () => {
    const { body } = await fixture().get("/orders?limit=0&sort=up&status=lost");
    expect(Object(body).errors.map(({ pointer }: { readonly pointer: string }) => pointer)).toEqual([
      "/sort",
      "/limit",
      "/status",
    ]);
  });

  test("does not continue where another list stopped", async () => {
    const { get } = await withOrders(45);
    const { next } = Object((await get("/orders")).body);
    expect(await get(`/orders?customerId=VINET&next=${next}`)).toMatchObject(
      at("/next", "must be the value of next in an earlier page of this list"),
    );
  });

  test("without an index of all rows needs a field", async () => {
    const routes = shop.routes.flatMap((route) =>
      "list" in route && route.path === "/orders" ? [{ ...route, indexes: ["byCustomer", "byStatus"] }] : [],
    );
    expect(await fixture({ ...shop, routes }).get("/orders")).toMatchObject(
      at("", "add ?customerId=… or ?status=… to the address"),
    );
  });
});

describe("a history", () => {
  test("has every event with its metadata, including receipts", async () => {
    const { get, store } = fixture();
    const order = { ...placeable, orderId: "1", total };
    const placed = commitOf(recorded("order-1", { type: "OrderPlaced", data: order }));
    await store.append({ ...placed, metadata: { ...placed.metadata, actor: "vinet" } });
    const data = { command: "ConfirmOrder", commandId: "checkout/1/confirm/order-1#1" };
    const receipt = { type: "CommandIgnored", data };
    const ignored = recorded("order-1", receipt, {
      version: 2,
      sagaId: "checkout/1",
      commandId: data.commandId,
    });
    await storeEvents(store, [ignored]);
    const ids = { causationId: "request", correlationId: "request" };
    expect((await get("/orders/1/events")).body).toEqual({
      events: [
        {
          type: "OrderPlaced",
          data: order,
          version: 1,
          recordedAt: "2026-01-01T00:00:01.000Z",
          commandId: "http/order-1/1",
          ...ids,
          actor: "vinet",
        },
        {
          type: "CommandIgnored",
          data,
          version: 2,
          recordedAt: "2026-01-01T00:00:02.000Z",
          commandId: data.commandId,
          sagaId: "checkout/1",
          ...ids,
        },
      ],
    });
  });

  test("without events is not found", async () => {
    expect(await fixture().get("/orders/1/events")).toMatchObject(
      problem(404, "not-found", { detail: "no order 1" }),
    );
  });
});

describe("a saga", () => {
  const routes = shop.routes.filter((route) => "sagas" in route);
  const withHistory = async (history: readonly RecordedEvent[], parked?: InstanceItem["parked"]) => {
    const made = fixture({ ...approvedLibrary, routes });
    await made.instances.append(sagaId, history);
    if (parked) await made.instances.park(sagaId, parked);
    return made;
  };
  const shownOf = async (history: readonly RecordedEvent[], parked?: InstanceItem["parked"]) =>
    Object((await (await withHistory(history, parked)).get("/sagas/lending/1")).body);
  const parked = {
    code: "execution-aborted",
    because: "the engine was stopped",
    at: "2026-01-02T00:00:00.000Z",
  };
  const held = own(2, "BookHeld", "hold");

  test("shows its status and its history", async () => {
    expect(await (await withHistory([start, held])).get("/sagas/lending/1")).toEqual({
      status: 200,
      contentType: "application/json",
      headers: { etag: expect.any(String), "cache-control": "private, no-cache" },
      body: {
        saga: "lending",
        id: "1",
        status: "running",
        step: "approval",
        since: held.metadata.recordedAt,
        until: "2026-01-02T00:00:02.000Z",
        stuck: false,
        correlationId: "request",
        definition: { name: "lending", steps: ["hold", "approval", "hand-over"] },
        done: ["hold"],
        waitsFor: {
          kind: "answer",
          commands: [{ type: "AskLibrarian", streamId: loanId, id: commandId("approval") }],
          until: "2026-01-02T00:00:02.000Z",
        },
        decisions: [],
        events: [
          {
            type: "LoanRequested",
            id: `${loanId}@1`,
            recordedAt: start.metadata.recordedAt,
            commandId: start.metadata.commandId,
            causationId: start.metadata.causationId,
          },
          {
            type: "BookHeld",
            id: `${loanId}@2`,
            recordedAt: held.metadata.recordedAt,
            commandId: commandId("hold"),
            causationId: held.metadata.causationId,
            step: "hold",
          },
        ],
      },
    });
  });

  test("says why it is compensating", async () => {
    expect(await shownOf([start, rejected(2, "hold")])).toMatchObject({
      status: "compensating",
      step: "undo-hold",
      reason: "hold rejected: locked, the shelf is locked",
    });
  });

  test("names the step of a receipt", async () => {
    expect((await shownOf([start, rejected(2, "hold")])).events[1]).toMatchObject({
      type: "CommandRejected",
      step: "hold",
    });
  });

  test("is parked if its execution ended too early, whatever its history says", async () => {
    expect(await shownOf([start, held], parked)).toMatchObject({
      status: "parked",
      step: "approval",
      since: parked.at,
      reason: parked.because,
      parked,
    });
  });

  test("that has ended is not parked", async () => {
    const history = [
      start,
      held,
      own(3, "LibrarianAsked", "approval"),
      outside(4, "Approved"),
      own(5, "HandedOver", "hand-over"),
      own(6, "LoanConfirmed", "complete"),
    ];
    const shown = await shownOf(history, parked);
    expect(shown).toMatchObject({ status: "completed", since: "2026-01-01T00:00:06.000Z" });
    expect(shown).not.toHaveProperty("parked");
    expect(shown).not.toHaveProperty("reason");
  });

  test.each([
    ["/sagas/lending/2", [start], "no lending 2"],
    ["/sagas/lending/1", [held], "no lending 1"],
    ["/sagas/selling/1", [start], "no saga selling"],
  ])("%s is not found", async (path, history, detail) => {
    expect(await (await withHistory(history)).get(path)).toMatchObject(problem(404, "not-found", { detail }));
  });
});

test("every answer has the correlation id of its request", async () => {
  const endpoint = queryEndpoint(shop, fixture());
  const ask = (headers: Asked["headers"]) =>
    endpoint(toRequest(shop, { method: "GET", path: "/stock", headers }));
  expect((await ask({ "x-correlation-id": "c-1" })).headers["x-correlation-id"]).toBe("c-1");
  expect((await ask({ "x-correlation-id": "c 1" })).headers["x-correlation-id"]).toBe("new");
});

test("the log has one line per request", async () => {
  const { ask, log } = fixture();
  await ask({ path: "/stock", actor: "vinet" });
  await ask({ path: "/stock/nw-11" });
  const line = { kind: "request", correlationId: "new" };
  expect(log.entries()).toEqual([
    { ...line, message: "GET /stock → 200", status: 200, actor: "vinet" },
    { ...line, message: "GET /stock/nw-11 → 404 not-found", status: 404, actor: undefined },
  ]);
});

test("an error of a store is thrown to the caller", async () => {
  const broken = fixture();
  const endpoint = queryEndpoint(shop, {
    ...broken,
    readModels: { ...broken.readModels, find: () => Promise.reject(new Error("no answer")) },
  });
  await expect(endpoint(toRequest(shop, { method: "GET", path: "/stock/nw-11" }))).rejects.toThrow(
    "no answer",
  );
});

describe("a document", () => {
  test("of the API is JSON", async () => {
    expect(await fixture().get("/openapi.json")).toEqual({
      status: 200,
      contentType: "application/json",
      headers: { etag: expect.any(String), "cache-control": "no-cache" },
      body: { openapi: "3.1.1" },
    });
  });

  test("for people is a page without scripts", async () => {
    const request = toRequest(shop, { method: "GET", path: "/docs" });
    expect(await queryEndpoint(shop, fixture())(request)).toEqual({
      status: 200,
      headers: {
        "content-type": "text/html; charset=utf-8",
        "content-security-policy": "default-src 'none'; style-src 'unsafe-inline'",
        etag: expect.any(String),
        "cache-control": "no-cache",
        "x-correlation-id": "new",
      },
      body: "<!doctype html>",
    });
  });

  test("on health is good if all stores can be read", async () => {
    expect(await fixture().get("/health")).toMatchObject({ status: 200, body: { status: "ok" } });
  });

  test.each<
    readonly [string, Partial<Pick<ReturnType<typeof fixture>, "store" | "instances" | "readModels">>]
  >([
    ["events", { store: { ...fixture().store, read: () => Promise.reject(new Error("no answer")) } }],
    ["sagas", { instances: { ...fixture().instances, read: () => Promise.reject(new Error("no answer")) } }],
    ["rows", { readModels: { ...fixture().readModels, find: () => Promise.reject(new Error("no answer")) } }],
  ])("on health is a fault if %s cannot be read", async (_, broken) => {
    const endpoint = queryEndpoint(shop, { ...fixture(), ...broken });
    await expect(endpoint(toRequest(shop, { method: "GET", path: "/health" }))).rejects.toThrow("no answer");
  });
});
