/** An Idempotency-Key belongs to its caller, whatever stream a request is for: one request, one answer. */
import { describe, expect, test } from "vitest";
import { memoryEventStore } from "../../../../lib/adapters/memory/event-store.ts";
import { memoryIdempotencyKeys } from "../../../../lib/adapters/memory/idempotency-keys.ts";
import { memoryLog } from "../../../../lib/adapters/memory/log.ts";
import { needsOf } from "../../../../lib/constructs/roles.ts";
import type { SentCommand } from "../../../../lib/model/message.ts";
import { isStreamId } from "../../../../lib/model/stream.ts";
import type { HttpRequest } from "../../../../lib/ports/http.ts";
import type { IdempotencyKeys } from "../../../../lib/ports/idempotency-keys.ts";
import { leaseSeconds, waitsMilliseconds } from "../../../../lib/runtime/http/answer-once.ts";
import { commandEndpoint } from "../../../../lib/runtime/http/command-endpoint.ts";
import { commandHandler, type HandleCommand } from "../../../../lib/runtime/streams/handle-command.ts";
import { shop } from "../../../../lib/shop/shop.ts";
import { type Asked, shown, toRequest } from "../../../runtime/gateway.ts";
import { placeable } from "../../domain/orders.ts";
import { json, post } from "../door.ts";

const start = Date.parse("2026-01-01T00:00:00.000Z");
const daySeconds = 24 * 3600;
const { orderId: _, ...withoutId } = placeable;

const place = (orderId: string, change: object = {}): Asked => ({
  ...post,
  body: { ...placeable, orderId, ...change },
});
const to = (path: string, body: object): Asked => ({ method: "POST", path, headers: json, body });
const cancel = (orderId: string, reason = "a mistake") => to(`/orders/${orderId}/cancellation`, { reason });
const receive = (sku: string, quantity = 3) => to(`/stock/${sku}/receipts`, { quantity });

type Options = {
  readonly keys?: IdempotencyKeys;
  /** Faults between the endpoint and the handler. */
  readonly between?: (handle: HandleCommand) => HandleCommand;
};

const noKeys = (): IdempotencyKeys => {
  const fail = () => Promise.reject(new Error("a request without a key makes no call for keys"));
  return { begin: fail, answer: fail, release: fail, forget: fail };
};

const open = ({ keys = memoryIdempotencyKeys(), between = (handle) => handle }: Options = {}) => {
  const store = memoryEventStore();
  let now = start;
  let ids = 0;
  const slept: number[] = [];
  const handled: SentCommand[] = [];
  const ports = {
    store,
    clock: () => new Date(now),
    random: () => 0,
    newId: () => `new-${++ids}`,
    log: memoryLog(),
    sleep: async (milliseconds: number) => {
      slept.push(milliseconds);
      now += milliseconds;
    },
  };
  const handle = between(commandHandler(shop, ports));
  const recording: HandleCommand = (command, options) => {
    handled.push(command);
    return handle(command, options);
  };
  const endpoint = commandEndpoint(shop, { ...ports, keys, handle: recording });
  const send = (asked: Asked, headers: Readonly<Record<string, string>>, change: Partial<HttpRequest> = {}) =>
    endpoint({ ...toRequest(shop, { ...asked, headers: { ...asked.headers, ...headers } }), ...change });
  const streams = async () =>
    Object.fromEntries(
      await Promise.all(
        store
          .streams()
          .filter(isStreamId)
          .map(async (id) => [id, (await store.read(id, { consistency: "strong" })).length] as const),
      ),
    );
  return {
    send,
    ask: async (
      asked: Asked,
      headers: Readonly<Record<string, string>> = {},
      change?: Partial<HttpRequest>,
    ) => shown(await send(asked, { "idempotency-key": "k", ...headers }, change)),
    without: async (asked: Asked) => shown(await send(asked, {})),
    streams,
    handled,
    slept,
    pass: (seconds: number) => {
      now += seconds * 1000;
    },
    log: ports.log,
  };
};

const problem = (status: number, kind: string) => ({
  status,
  body: { type: `urn:eventfold:problem:${kind}`, status },
});
const reused = problem(422, "key-reused");

describe("another request with a used key is refused and stores nothing", () => {
  test.each<readonly [string, Asked, Asked]>([
    ["another order", place("a"), place("b")],
    ["the same order with another body", place("a"), place("a", { paymentMethod: "pm_card_flaky" })],
    ["an order with an id after one without", { ...post, body: withoutId }, place("a")],
    ["a receipt of another article", receive("apple"), receive("pear")],
    ["another receipt of the same article", receive("apple"), receive("apple", 4)],
    ["another route", place("a"), receive("apple")],
  ])("%s", async (_, first, other) => {
    const { ask, streams, handled } = open();
    expect(await ask(first)).toMatchObject({ status: 202 });
    const before = await streams();
    expect(await ask(other)).toMatchObject(reused);
    expect(await streams()).toEqual(before);
    expect(handled).toHaveLength(1);
  });

  test("another route of the same order with the same body", async () => {
    const { ask, without } = open();
    await without(place("a"));
    expect(await ask(cancel("a"))).toMatchObject({ status: 202 });
    expect(await ask(to("/orders/a/return", { reason: "a mistake" }))).toMatchObject(reused);
  });

  test("a cancellation of another order", async () => {
    const { ask, without, streams } = open();
    for (const id of ["a", "b"]) await without(place(id));
    expect(await ask(cancel("a"))).toMatchObject({ status: 202 });
    expect(await ask(cancel("b"))).toMatchObject(reused);
    expect(await streams()).toEqual({ "order-a": 2, "order-b": 1 });
  });

  test.each([
    ["another If-Match", '"1"', '"2"'],
    ["an If-Match", undefined, '"1"'],
    ["no If-Match", '"1"', undefined],
  ])("%s", async (_, first, other) => {
    const { ask, without } = open();
    await without(place("a"));
    const headersOf = (etag: string | undefined): Readonly<Record<string, string>> =>
      etag === undefined ? {} : { "if-match": etag };
    expect(await ask(cancel("a"), headersOf(first))).toMatchObject({ status: 202 });
    expect(await ask(cancel("a"), headersOf(other))).toMatchObject(reused);
  });

  test("also after the first request was rejected", async () => {
    const { ask } = open();
    expect((await ask(cancel("a"))).status).not.toBe(202);
    expect(await ask(place("a"))).toMatchObject(reused);
  });
});

describe("the same request has the same answer", () => {
  test("whatever the order of its fields, and with its own correlation id only in the header", async () => {
    const { send, handled } = open();
    const reversed = Object.fromEntries(Object.entries(placeable).toReversed());
    const key = { "idempotency-key": "k" };
    const first = await send(post, { ...key, "x-correlation-id": "first" });
    const body = JSON.stringify(reversed, undefined, 2);
    const second = await send({ ...post, body }, { ...key, "x-correlation-id": "second" });
    expect(first).toMatchObject({
      status: 202,
      headers: { etag: '"1"', location: "/orders/10248", "x-correlation-id": "first" },
    });
    expect(JSON.parse(first.body)).toMatchObject({ correlationId: "first" });
    expect(second).toEqual({ ...first, headers: { ...first.headers, "x-correlation-id": "second" } });
    expect(handled).toHaveLength(1);
  });

  test("and the same id, if it was derived from the key", async () => {
    const { ask, streams } = open();
    const first = await ask({ ...post, body: withoutId });
    expect(await ask({ ...post, body: withoutId })).toEqual(first);
    expect(Object.keys(await streams())).toHaveLength(1);
  });

  test("a rejection is repeated, even if the command would be accepted now", async () => {
    const { ask, without, streams } = open();
    const rejected = await ask(cancel("a"));
    expect(rejected).toMatchObject({ body: { code: "unknown-order" } });
    await without(place("a"));
    expect(await ask(cancel("a"))).toEqual(rejected);
    expect(await streams()).toEqual({ "order-a": 1 });
    expect(await ask(cancel("a"), { "idempotency-key": "l" })).toMatchObject({ status: 202 });
  });

  test("an answer without events is repeated, with the correlation id of the first", async () => {
    const { ask, without, handled } = open();
    await without(place("a"));
    await without(cancel("a"));
    const first = await ask(cancel("a", "again"), { "x-correlation-id": "first" });
    expect(first).toMatchObject({ status: 202, body: { version: 2, correlationId: "first" } });
    const count = handled.length;
    expect(await ask(cancel("a", "again"), { "x-correlation-id": "second" })).toEqual(first);
    expect(handled).toHaveLength(count);
  });

  test("for 24 hours; then the key can be used again", async () => {
    const { ask, pass, streams } = open();
    const first = await ask(place("a"));
    pass(daySeconds - 1);
    expect(await ask(place("a"))).toEqual(first);
    expect(await ask(place("b"))).toMatchObject(reused);
    pass(1);
    expect(await ask(place("b"))).toMatchObject({ status: 202 });
    expect(await streams()).toEqual({ "order-a": 1, "order-b": 1 });
  });

  test("even if its If-Match would fail now", async () => {
    const { ask, without } = open();
    await without(place("a"));
    const first = await ask(cancel("a"), { "if-match": '"1"' });
    expect(first).toMatchObject({ status: 202, headers: { etag: '"2"' } });
    expect(await ask(cancel("a"), { "if-match": '"1"' })).toEqual(first);
  });

  test("is logged as answered before", async () => {
    const { ask, log } = open();
    await ask(place("a"));
    await ask(place("a"));
    expect(log.entries().at(-1)).toMatchObject({
      kind: "request",
      status: 202,
      message: "POST /orders → 202 answered before",
    });
  });
});

describe("a key belongs to its caller", () => {
  test("two callers can use the same key", async () => {
    const { ask, streams } = open();
    for (const actor of ["ada", "grace", undefined]) {
      const caller = actor === undefined ? undefined : { subject: actor, scopes: [] };
      expect(await ask(place(`${actor}`), {}, { actor, caller })).toMatchObject({ status: 202 });
    }
    expect(Object.keys(await streams())).toHaveLength(3);
  });

  test("a retry from another session of the role has the same answer", async () => {
    const { ask, streams } = open();
    const from = (session: string) => ({
      actor: `clerk/${session}`,
      caller: { subject: "clerk", scopes: [] },
    });
    const first = await ask({ ...post, body: withoutId }, {}, from("1"));
    expect(await ask({ ...post, body: withoutId }, {}, from("2"))).toEqual(first);
    expect(await ask(place("b"), {}, from("3"))).toMatchObject(reused);
    expect(Object.keys(await streams())).toHaveLength(1);
  });
});

describe("no answer is stored for", () => {
  test.each<readonly [string, Asked, number]>([
    ["a body that is not JSON", { ...post, body: "{" }, 400],
    ["a body that violates its schema", place("a", { lines: [] }), 400],
    ["a body that is too large", { ...post, body: " ".repeat(256 * 1024 + 1) }, 413],
    ["another media type", { ...post, headers: { "content-type": "text/plain" } }, 415],
  ])("%s", async (_, wrong, status) => {
    const { ask } = open();
    expect(await ask(wrong)).toMatchObject({ status });
    expect(await ask(place("b"))).toMatchObject({ status: 202 });
  });

  test("an If-Match that fails: the key is free, for this request and for others", async () => {
    const { ask, without } = open();
    await without(place("a"));
    const etag = (version: number) => ({ "if-match": `"${version}"` });
    expect(await ask(cancel("a"), etag(7))).toMatchObject(problem(412, "stale"));
    expect(await ask(cancel("a"), etag(7))).toMatchObject(problem(412, "stale"));
    expect(await ask(cancel("a"), etag(1))).toMatchObject({ status: 202 });
    expect(await ask(cancel("a"), etag(7))).toMatchObject(reused);
  });

  test("a key that the stream knows with another body: its own request is still recognised", async () => {
    const keys = memoryIdempotencyKeys();
    let tries = 0;
    // As if the key was first used before marks existed.
    const unmarked: IdempotencyKeys = {
      ...keys,
      answer: (mark, answer) =>
        tries++ === 0 ? keys.forget(mark).then(() => true) : keys.answer(mark, answer),
    };
    const stored = open({ keys: unmarked });
    const first = await stored.ask(place("a"));
    expect(await stored.ask(place("a", { paymentMethod: "pm_card_flaky" }))).toMatchObject(reused);
    expect(await stored.ask(place("a"))).toEqual(first);
    expect(await stored.ask(place("b"))).toMatchObject(reused);
    expect(await stored.streams()).toEqual({ "order-a": 1 });
  });

  test.each<readonly [string, number, (handle: HandleCommand) => HandleCommand]>([
    ["an error", 500, () => () => Promise.reject(new Error("no connection"))],
    ["contention", 503, () => async () => ({ kind: "contended", version: 1, history: [] })],
    [
      "an error after the command was stored",
      500,
      (handle) => async (command, options) => {
        await handle(command, options);
        throw new Error("no connection");
      },
    ],
  ])(
    "%s: a retry continues at once with the first id and time, another request is refused",
    async (_, status, fails) => {
      let tries = 0;
      const { ask, handled, pass, streams, slept } = open({
        between: (handle) => (command, options) => (tries++ === 0 ? fails(handle) : handle)(command, options),
      });
      const failed = ask(post).then(
        (answer) => answer.status,
        () => 500,
      );
      expect(await failed).toBe(status);
      pass(1);
      expect(await ask(place("b"))).toMatchObject(reused);
      const second = await ask(post, { "x-correlation-id": "second" });
      expect(second).toMatchObject({ status: 202, body: { version: 1 } });
      const [one, two] = handled.map(({ metadata }) => metadata);
      expect(two).toMatchObject({ id: one?.id, causationId: one?.id, issuedAt: one?.issuedAt });
      expect(await ask(post)).toEqual(second);
      expect(handled).toHaveLength(2);
      expect(slept).toEqual([]);
      expect(await streams()).toEqual({ "order-10248": 1 });
    },
  );

  test("an answer too large to store", async () => {
    const because = "x".repeat(200_000);
    const { ask, handled } = open({
      between: () => async () => ({ kind: "rejected", code: "c", because, version: 1, history: [] }),
    });
    const first = await ask(place("a"));
    expect(await ask(place("a"))).toEqual(first);
    expect(handled).toHaveLength(2);
    expect(await ask(place("b"))).toMatchObject(reused);
  });
});

describe("concurrent requests", () => {
  test("twelve equal ones get twelve equal answers and have one effect", async () => {
    const { ask, handled, streams } = open();
    const all = await Promise.all(
      Array.from({ length: 12 }, (_, index) =>
        ask({ ...post, body: withoutId }, { "x-correlation-id": `c-${index}` }),
      ),
    );
    expect(all[0]).toMatchObject({ status: 202 });
    for (const each of all) expect(each).toEqual(all[0]);
    expect(handled).toHaveLength(1);
    expect(Object.values(await streams())).toEqual([1]);
  });

  test("of twelve different ones one is accepted", async () => {
    const { ask, streams } = open();
    const all = await Promise.all(Array.from({ length: 12 }, (_, index) => ask(place(`${index}`))));
    expect(all.map(({ status }) => status).toSorted()).toEqual([202, ...Array(11).fill(422)]);
    expect(Object.keys(await streams())).toHaveLength(1);
  });

  test("one that waited 5 seconds is answered with the end of the first one's lease", async () => {
    const { ask, slept, handled } = open({ between: () => () => new Promise(() => undefined) });
    void ask(place("a"));
    expect(await ask(place("a"))).toMatchObject({
      ...problem(409, "key-busy"),
      headers: { "retry-after": `${leaseSeconds - 5}` },
    });
    expect(slept).toEqual(waitsMilliseconds);
    expect(slept.reduce((sum, each) => sum + each)).toBe(5000);
    expect(handled).toHaveLength(1);
  });

  test("one that waits when the lease ends continues as the first", async () => {
    let tries = 0;
    const { ask, pass, handled, streams } = open({
      between: (handle) => (command, options) =>
        tries++ === 0 ? new Promise(() => undefined) : handle(command, options),
    });
    void ask(place("a"));
    pass(leaseSeconds - 2);
    expect(await ask(place("a"))).toMatchObject({ status: 202 });
    const [one, two] = handled.map(({ metadata }) => metadata);
    expect(two).toMatchObject({ id: one?.id, issuedAt: one?.issuedAt });
    expect(await streams()).toEqual({ "order-a": 1 });
  });

  test("one whose lease has ended meanwhile gives the other's answer", async () => {
    let tries = 0;
    let goOn = () => {};
    const isLate = new Promise<void>((resolve) => {
      goOn = resolve;
    });
    const rejection = { kind: "rejected", code: "c", version: 1, history: [] } as const;
    const { ask, pass } = open({
      between: () => async () => {
        tries += 1;
        const because = `try ${tries}`;
        if (tries === 1) await isLate;
        return { ...rejection, because };
      },
    });
    const late = ask(place("a"));
    pass(leaseSeconds);
    const second = await ask(place("a"));
    goOn();
    expect(second).toMatchObject({ body: { detail: "try 2" } });
    expect(await late).toEqual(second);
  });
});

test("a retry has the id of the first attempt, even if another version derived it", async () => {
  const keys = memoryIdempotencyKeys();
  const first = { commandId: "http/made-otherwise", issuedAt: "2025-12-31T00:00:00.000Z" };
  const { ask, handled } = open({
    keys: {
      ...keys,
      begin: async (mark, ...given) => {
        await keys.begin(mark, ...given);
        return { kind: "retry", mark: { ...mark, first } };
      },
    },
  });
  expect(await ask(place("a"))).toMatchObject({ status: 202 });
  const { commandId: id, issuedAt } = first;
  expect(handled.map(({ metadata }) => metadata)).toMatchObject([{ id, causationId: id, issuedAt }]);
});

test("a request without a key makes no call for keys", async () => {
  const { without } = open({ keys: noKeys() });
  expect(await without(place("a"))).toMatchObject({ status: 202 });
  expect(await without(cancel("b"))).toMatchObject({ body: { code: "unknown-order" } });
});

test("a request with a key makes two calls", async () => {
  const calls: string[] = [];
  const keys = memoryIdempotencyKeys();
  const { ask } = open({
    keys: {
      ...keys,
      begin: (...given) => {
        calls.push("begin");
        return keys.begin(...given);
      },
      answer: (...given) => {
        calls.push("answer");
        return keys.answer(...given);
      },
    },
  });
  await ask(place("a"));
  expect(calls).toEqual(["begin", "answer"]);
  await ask(place("a"));
  expect(calls).toEqual(["begin", "answer", "begin"]);
});

test("if a key cannot be marked, nothing is stored", async () => {
  const keys = memoryIdempotencyKeys();
  const { ask, streams } = open({ keys: { ...keys, begin: () => Promise.reject(new Error("throttled")) } });
  await expect(ask(place("a"))).rejects.toThrow("throttled");
  expect(await streams()).toEqual({});
});

test("an answer that cannot be stored is not given, and a retry gives it at once", async () => {
  const keys = memoryIdempotencyKeys();
  let tries = 0;
  const { ask, slept, streams } = open({
    keys: {
      ...keys,
      answer: (...given) => (tries++ === 0 ? Promise.reject(new Error("throttled")) : keys.answer(...given)),
    },
  });
  await expect(ask(place("a"))).rejects.toThrow("throttled");
  expect(await ask(place("a"))).toMatchObject({ status: 202, body: { version: 1 } });
  expect(slept).toEqual([]);
  expect(await streams()).toEqual({ "order-a": 1 });
});

test("if the mark cannot be released either, the first error is thrown", async () => {
  const keys = memoryIdempotencyKeys();
  const { ask } = open({
    keys: { ...keys, release: () => Promise.reject(new Error("throttled")) },
    between: () => () => Promise.reject(new Error("no connection")),
  });
  await expect(ask(place("a"))).rejects.toThrow("no connection");
});

test.each(["command", "resume"] as const)("the lease is longer than the function %s may run", (role) => {
  expect(leaseSeconds).toBeGreaterThan(needsOf(role).timeoutSeconds);
});
