/**
 * Requests with an idempotency key whose process dies after any of its operations: a retry gets the right answer, with
 * one effect.
 */
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { dynamoEventStore } from "../../../lib/adapters/dynamodb/event-store/event-store.ts";
import { dynamoIdempotencyKeys } from "../../../lib/adapters/dynamodb/idempotency-keys.ts";
import { memoryEventStore } from "../../../lib/adapters/memory/event-store.ts";
import { memoryIdempotencyKeys } from "../../../lib/adapters/memory/idempotency-keys.ts";
import { memoryLog } from "../../../lib/adapters/memory/log.ts";
import type { StreamId } from "../../../lib/model/stream.ts";
import type { Commit, EventStore } from "../../../lib/ports/event-store.ts";
import type { IdempotencyKeys } from "../../../lib/ports/idempotency-keys.ts";
import { leaseSeconds } from "../../../lib/runtime/http/answer-once.ts";
import { commandEndpoint } from "../../../lib/runtime/http/command-endpoint.ts";
import { commandHandler } from "../../../lib/runtime/streams/handle-command.ts";
import { shop } from "../../../lib/shop/shop.ts";
import { type Engine, engine, tables } from "../../adapters/dynamodb/engine.ts";
import { type Asked, shown, toRequest } from "../../runtime/gateway.ts";
import { live, type Reach, recording } from "../../simulation/process.ts";
import { startOfTime, timeline } from "../../simulation/timeline.ts";
import { placeable } from "../domain/orders.ts";
import { json } from "../runtime/door.ts";

type Place = { readonly store: EventStore; readonly keys: IdempotencyKeys };

const time = timeline({ seed: 1, shuffled: false, clockJumps: false });
const crash = { name: "again after every crash", seed: 1, copies: 1, mishap: "crash" } as const;

let ids = 0;
const newId = () => `id-${process.pid}-${++ids}`;

/** One process that answers one request. Retries come from other sessions of the same caller. */
const answering =
  ({ store, keys }: Place, asked: Asked, headers: Readonly<Record<string, string>>) =>
  async (reach: Reach) => {
    const common = {
      clock: () => new Date(time.now()),
      sleep: time.sleep,
      random: time.random,
      newId,
      log: memoryLog(),
    };
    const handle = commandHandler(shop, { ...common, store: reach(store) });
    const endpoint = commandEndpoint(shop, { ...common, handle, keys: reach(keys) });
    const request = toRequest(shop, { ...asked, headers: { ...json, ...headers } });
    const caller = { subject: "clerk", scopes: [] };
    return shown(await endpoint({ ...request, actor: `session-${newId()}`, caller }));
  };

type Run = ReturnType<typeof answering>;
type Shown = Awaited<ReturnType<Run>>;

/** Whether the process died after `count` operations, and the name of the last one. */
const dieAfter = async (count: number, run: Run) => {
  const operations: string[] = [];
  const record = recording(operations);
  const isDead = await time.until(
    live(time, crash, count, (reach) => run((port) => reach(record(port)))).then(
      () => false,
      () => true,
    ),
  );
  return { isDead, operation: operations[count - 1] };
};

const retry = (run: Run): Promise<Shown> => time.until(run((port) => port));

let running: Engine;
beforeAll(async () => {
  running = await engine();
});
afterAll(() => running.stop());

const inMemory = (): Place => ({ store: memoryEventStore(), keys: memoryIdempotencyKeys() });
const onDynamo = (): Place => ({
  store: dynamoEventStore(running.client, tables.events),
  keys: dynamoIdempotencyKeys(running.client, tables.idempotencyKeys),
});

const post = (path: string, body: object): Asked => ({ method: "POST", path, body });
const { orderId: _, ...withoutId } = placeable;
const place = (orderId: string) => post("/orders", { ...placeable, orderId });
const cancel = (orderId: string) => post(`/orders/${orderId}/cancellation`, { reason: "a mistake" });

const busy = expect.objectContaining({
  status: 409,
  body: expect.objectContaining({ type: "urn:eventfold:problem:key-busy" }),
});

type Scenario = {
  /** The requests before. */
  readonly given: (id: string) => readonly Asked[];
  readonly asked: (id: string) => Asked;
  readonly headers?: Readonly<Record<string, string>>;
  readonly answer: object;
  /** The operations of the process, in order. */
  readonly operations: readonly string[];
  /** The number of commits of the stream at the end. */
  readonly commits: number;
};

const scenarios: readonly (readonly [name: string, scenario: Scenario])[] = [
  [
    "an order whose id is derived from its key",
    {
      given: () => [],
      asked: () => post("/orders", withoutId),
      answer: { status: 202, body: { version: 1 } },
      operations: ["begin", "append", "answer"],
      commits: 1,
    },
  ],
  [
    "a cancellation",
    {
      given: (id) => [place(id)],
      asked: cancel,
      answer: { status: 202, body: { version: 2 } },
      operations: ["begin", "read", "append", "answer"],
      commits: 2,
    },
  ],
  [
    "a cancellation with the current version",
    {
      given: (id) => [place(id)],
      asked: cancel,
      headers: { "if-match": '"1"' },
      answer: { status: 202, body: { version: 2 } },
      operations: ["begin", "read", "append", "answer"],
      commits: 2,
    },
  ],
  [
    "a cancellation with another version",
    {
      given: (id) => [place(id)],
      asked: cancel,
      headers: { "if-match": '"7"' },
      answer: { status: 412 },
      operations: ["begin", "read", "read", "forget"],
      commits: 1,
    },
  ],
  [
    "a cancellation that changes nothing",
    {
      given: (id) => [place(id), cancel(id)],
      asked: cancel,
      answer: { status: 202, body: { version: 2 } },
      operations: ["begin", "read", "read", "answer"],
      commits: 2,
    },
  ],
  [
    "an order that was already placed",
    {
      given: (id) => [place(id)],
      asked: place,
      answer: { status: 409, body: { code: "already-placed" } },
      operations: ["begin", "append", "read", "read", "answer"],
      commits: 1,
    },
  ],
];

describe.each([
  ["in memory", inMemory],
  ["on DynamoDB", onDynamo],
])("wherever its process dies, %s", (_, make) => {
  test.each(scenarios)("%s has one effect and one answer", async (_, scenario) => {
    const { store, keys } = make();
    const streamIds = new Set<StreamId>();
    const watched: EventStore = {
      ...store,
      append: (commit) => {
        streamIds.add(commit.streamId);
        return store.append(commit);
      },
    };
    const operations: (string | undefined)[] = [];
    for (let count = 1; ; count += 1) {
      const id = newId();
      const at = { store: watched, keys };
      for (const asked of scenario.given(id)) await retry(answering(at, asked, {}));
      streamIds.clear();
      const headers = { "idempotency-key": id, ...scenario.headers };
      const asked = scenario.asked(id);
      const run = answering(at, asked, headers);
      const { isDead, operation } = await dieAfter(count, run);

      // While the lease lasts, a retry waits and is then asked to come again.
      const atOnce = await retry(run);
      await time.pass(leaseSeconds + 1);
      const answer = await retry(run);
      expect(answer, `died after ${operation}`).toMatchObject(scenario.answer);
      const isUnanswered = isDead && count < scenario.operations.length;
      expect(atOnce).toEqual(isUnanswered ? busy : answer);
      await time.pass(23 * 3600);
      expect(await retry(run)).toEqual(answer);

      const [streamId, ...others] = new Set([
        ...streamIds,
        ...(scenario.given(id).length > 0 ? [`order-${id}` as const] : []),
      ]);
      if (!streamId) throw new Error("expected an append, found none");
      expect(others, "expected a single stream").toEqual([]);
      expect(await store.read(streamId, { consistency: "strong" })).toHaveLength(scenario.commits);
      if (!isDead) break;
      operations.push(operation);
    }
    expect(operations).toEqual(scenario.operations);
  });
});

describe("a retry after 23 hours and 10,000 commits", () => {
  const quantity = 3;
  const commits = 10_000;
  const streamId = "inventory-apple";
  const receive = post("/stock/apple/receipts", { quantity });
  const received = (version: number): Commit => ({
    streamId,
    version,
    id: `other-${version}`,
    at: new Date(startOfTime).toISOString(),
    events: [{ type: "StockReceived", data: { sku: "apple", quantity: 1 } }],
    metadata: { causationId: "other", correlationId: "other", issuedAt: new Date(startOfTime).toISOString() },
  });

  const operations = ["begin", "read", "append", "answer"];

  test.each(operations.map((operation, index) => [operation, index + 1] as const))(
    "has one effect, and the same answer from then on, if the process died after %s",
    async (operation, count) => {
      const { store, keys } = inMemory();
      const run = answering({ store, keys }, receive, { "idempotency-key": newId() });
      const died = await dieAfter(count, run);
      expect(died).toEqual({ isDead: true, operation });
      const firstTime = time.now();
      const [stored] = await store.read(streamId, { consistency: "strong" });
      expect(stored !== undefined).toBe(count >= 3);

      const begins = stored ? 2 : 1;
      for (let version = begins; version < begins + commits; version += 1)
        await store.append(received(version));
      await time.pass(23 * 3600);

      const answer = await retry(run);
      const version = stored ? 1 : commits + 1;
      expect(answer).toMatchObject({ status: 202, body: { version } });
      await time.pass(1800);
      expect(await retry(run)).toEqual(answer);
      const all = await store.read(streamId, { consistency: "strong" });
      const own = all.filter(({ id }) => id.startsWith("http/"));
      expect(all).toHaveLength(commits + 1);
      expect(own).toHaveLength(1);
      expect(own[0]?.events).toEqual([{ type: "StockReceived", data: { sku: "apple", quantity } }]);
      expect(Date.parse(own[0]?.metadata.issuedAt ?? "")).toBeLessThanOrEqual(firstTime);
    },
  );
});

test("without the first mark, a retry from another session places a second order", async () => {
  const { store, keys } = inMemory();
  const forgetful: IdempotencyKeys = {
    ...keys,
    begin: async (mark, ...given) => {
      const begun = await keys.begin(mark, ...given);
      return begun.kind === "retry" ? { kind: "retry", mark: { ...begun.mark, first: mark.first } } : begun;
    },
  };
  const streams = new Set<string>();
  const watched: EventStore = {
    ...store,
    append: (commit) => {
      streams.add(commit.streamId);
      return store.append(commit);
    },
  };
  const run = answering({ store: watched, keys: forgetful }, post("/orders", withoutId), {
    "idempotency-key": "k",
  });
  await dieAfter(2, run);
  await time.pass(leaseSeconds + 1);
  await retry(run);
  expect(streams.size).toBe(2);
});
