/**
 * The guards of the adapters. Each is shown to matter: with the guard the promise holds; if the guard is disabled
 * on its way to the engine, the promise is broken.
 */
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import * as z from "zod";
import { dynamoEventStore } from "../../../lib/adapters/dynamodb/event-store/event-store.ts";
import { dynamoIdempotencyKeys } from "../../../lib/adapters/dynamodb/idempotency-keys.ts";
import { dynamoInstances } from "../../../lib/adapters/dynamodb/instances/instances.ts";
import { dynamoLedger } from "../../../lib/adapters/dynamodb/ledger.ts";
import { dynamoReadModels } from "../../../lib/adapters/dynamodb/read-models/read-models.ts";
import type { AnyProjection } from "../../../lib/model/projection.ts";
import { commit, newStream } from "../../../lib/testing/contracts/samples/commit.ts";
import { recordedEvent } from "../../../lib/testing/contracts/samples/recorded-event.ts";
import { type Engine, engine, tables } from "./engine.ts";

const book: AnyProjection = {
  name: "book",
  row: z.object({}),
  sources: [],
  on: {},
  indexes: { all: {} },
};

let started: Engine;
let requests: readonly string[];

beforeAll(async () => {
  started = await engine([book]);
});

afterAll(() => started.stop());

/** A request on its way to the engine. */
const intercept = (change: (request: string) => string) =>
  started.client.middlewareStack.add(
    (next) => (call) => {
      const request = change(JSON.stringify(call.input));
      requests = [...requests, request];
      return next({ ...call, input: JSON.parse(request) });
    },
    { step: "initialize", name: "intercept", override: true },
  );

beforeEach(() => {
  requests = [];
});

afterEach(() => {
  started.client.middlewareStack.remove("intercept");
});

const now = new Date("2026-02-03T04:05:06.789Z");
const later = new Date(now.getTime() + 60_000);
const store = () => dynamoEventStore(started.client, tables.events);
const readModels = () => dynamoReadModels(started.client, [book], tables.readModel);
const instances = () => dynamoInstances(started.client, tables.instances);
const ledger = () => dynamoLedger(started.client, tables.ledger);

const idempotencyKeys = () => dynamoIdempotencyKeys(started.client, tables.idempotencyKeys);

let keys = 0;
const newKey = () => `${++keys}`;
const row = (key: string, revision: number, title: string) => ({
  key,
  row: { title },
  revision,
  checkpoints: {},
});

const titleOf = async (key: string) => (await readModels().find("book", key))?.row?.title;

const markOf = (id: string, owner: string) => ({
  id,
  fingerprint: "request",
  owner,
  first: { commandId: owner, issuedAt: now.toISOString() },
  expires: new Date(now.getTime() + 3_600_000),
});

/** `promise` returns whether the promise was kept. */
type Guard = { readonly guard: string; readonly promise: () => Promise<boolean> };

const guards: readonly (readonly [name: string, guard: Guard])[] = [
  [
    "the condition of the append: a stored commit is never replaced",
    {
      guard: "attribute_not_exists(pk)",
      promise: async () => {
        const first = commit(newStream(), 1, { id: "first" });
        await store().append(first);
        await store().append({ ...first, id: "second" });
        const [stored] = await store().read(first.streamId, { consistency: "strong" });
        return stored?.id === "first";
      },
    },
  ],
  [
    "the condition of a new row: the slower writer does not overwrite it",
    {
      guard: "attribute_not_exists(pk)",
      promise: async () => {
        const key = newKey();
        await readModels().write("book", [row(key, 0, "first")]);
        await readModels().write("book", [row(key, 0, "second")]);
        return (await titleOf(key)) === "first";
      },
    },
  ],
  [
    "the revision in the condition of a row: a change to an old row does not overwrite a newer one",
    {
      guard: "rev = :rev",
      promise: async () => {
        const key = newKey();
        await readModels().write("book", [row(key, 0, "old")]);
        await readModels().write("book", [row(key, 1, "newer")]);
        await readModels().write("book", [row(key, 1, "made of the old one")]);
        return (await titleOf(key)) === "newer";
      },
    },
  ],
  [
    "the revision in the conditions of several rows: they are written together or not at all",
    {
      guard: "rev = :rev",
      promise: async () => {
        const [key, other] = [newKey(), newKey()];
        await readModels().write("book", [row(key, 0, "old"), row(other, 0, "old")]);
        await readModels().write("book", [row(key, 1, "newer")]);
        await readModels().write("book", [row(key, 1, "made of the old one"), row(other, 1, "also")]);
        return (await titleOf(key)) === "newer" && (await titleOf(other)) === "old";
      },
    },
  ],
  [
    "NOT contains(seen, …) in the condition of a history: an event is appended once",
    {
      guard: "NOT (contains(seen, :id0))",
      promise: async () => {
        const id = newKey();
        await instances().append(id, [recordedEvent(1)]);
        const { history } = await instances().append(id, [recordedEvent(1)]);
        return history.length === 1;
      },
    },
  ],
  [
    "the length of the history in the condition of a status: a writer that knew less does not overwrite it",
    {
      guard: "size(notes) <= :count",
      promise: async () => {
        const id = newKey();
        await instances().append(id, [recordedEvent(1)]);
        const at = now.toISOString();
        await instances().append(id, [recordedEvent(2)], { listedStatus: { kind: "completed", at } });
        await instances().setListedStatus(id, { kind: "open", at }, 1);
        return (await instances().read(id)).listedStatus?.kind === "completed";
      },
    },
  ],
  [
    "the lease in the claim's condition: two processes do not perform at once",
    {
      guard: "lease <= :now",
      promise: async () => {
        const key = newKey();
        await ledger().claim(key, now, 60);
        return (await ledger().claim(key, now, 60)).kind === "busy";
      },
    },
  ],
  [
    "the state in the claim's condition: a performed effect is not performed again",
    {
      guard: "#state = :claimed AND",
      promise: async () => {
        const key = newKey();
        await ledger().claim(key, now, 60);
        await ledger().performed(key, undefined);
        return (await ledger().claim(key, later, 60)).kind === "performed";
      },
    },
  ],
  [
    "the state in the condition of performed: a process that was overtaken does not undo done",
    {
      guard: "#state = :claimed",
      promise: async () => {
        const key = newKey();
        await ledger().claim(key, now, 60);
        await ledger().claim(key, later, 60);
        await ledger().done(key);
        await ledger().performed(key, undefined);
        return (await ledger().claim(key, later, 60)).kind === "done";
      },
    },
  ],
  [
    "the condition of a mark: of two requests with one key only one is the first",
    {
      guard: "attribute_not_exists(fingerprint)",
      promise: async () => {
        const key = newKey();
        await idempotencyKeys().begin(markOf(key, "one"), now, 16);
        return (await idempotencyKeys().begin(markOf(key, "two"), now, 16)).kind === "busy";
      },
    },
  ],
  [
    "the expiry in the condition of a mark: an old mark of another request is replaced only after a day",
    {
      guard: "expires <= :now",
      promise: async () => {
        const key = newKey();
        await idempotencyKeys().begin(markOf(key, "one"), now, 16);
        const other = { ...markOf(key, "two"), fingerprint: "other" };
        return (await idempotencyKeys().begin(other, now, 16)).kind === "other";
      },
    },
  ],
  [
    "the owner in the condition of an answer: an attempt that was overtaken does not replace the answer",
    {
      guard: "#owner = :owner",
      promise: async () => {
        const key = newKey();
        const answer = { status: 202, headers: {}, body: "" };
        await idempotencyKeys().begin(markOf(key, "one"), now, 16);
        await idempotencyKeys().begin(markOf(key, "two"), later, 16);
        await idempotencyKeys().answer(markOf(key, "two"), answer);
        return !(await idempotencyKeys().answer(markOf(key, "one"), { ...answer, status: 409 }));
      },
    },
  ],
];

/** The request in which the guard's condition is always true, with the same names and values. */
const unguarded = (request: string, guard: string): string => {
  const [condition = ""] = guard.split(" AND");
  const made = guard.replace(condition, `(${condition} OR NOT (${condition}))`);
  return request.replaceAll(/"ConditionExpression":"[^"]*"/g, (text) => text.replaceAll(guard, made));
};

describe.each(guards)("%s", (_, { guard, promise }) => {
  test("with the guard the promise is kept", async () => {
    intercept((request) => request);
    expect(await promise()).toBe(true);
    expect(requests.some((request) => unguarded(request, guard) !== request)).toBe(true);
  });

  test("without the guard the promise is broken", async () => {
    intercept((request) => unguarded(request, guard));
    expect(await promise()).toBe(false);
  });
});

/** The engine has no lagging replica, so the request itself is checked. */
const strongReads: readonly (readonly [name: string, read: () => Promise<unknown>])[] = [
  ["load of rows", () => readModels().load("book", ["1"])],
  ["read of an instance", () => instances().read("1")],
  ["strong read of a stream", () => store().read("order-1", { consistency: "strong" })],
];

test.each(strongReads)("ConsistentRead in the %s: no decision is based on old data", async (_, read) => {
  intercept((request) => request);
  await read();
  expect(requests).toHaveLength(1);
  expect(requests[0]).toContain('"ConsistentRead":true');
});

const cheapReads: readonly (readonly [name: string, read: () => Promise<unknown>])[] = [
  ["find of a row", () => readModels().find("book", "1")],
  ["list of rows", () => readModels().list("book", { index: "all", limit: 1 })],
  ["list of instances", () => instances().list({ kind: "open", limit: 1 })],
  ["eventual read of a stream", () => store().read("order-1", { consistency: "eventual" })],
];

test.each(cheapReads)("no ConsistentRead in the %s: it costs twice as much", async (_, read) => {
  intercept((request) => request);
  await read();
  expect(requests).toHaveLength(1);
  expect(requests[0]).not.toContain('"ConsistentRead":true');
});
