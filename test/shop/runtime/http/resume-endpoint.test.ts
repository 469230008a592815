import { describe, expect, test } from "vitest";
import { memoryEventStore } from "../../../../lib/adapters/memory/event-store.ts";
import { memoryIdempotencyKeys } from "../../../../lib/adapters/memory/idempotency-keys.ts";
import { memoryInstances } from "../../../../lib/adapters/memory/instances.ts";
import { memoryLog } from "../../../../lib/adapters/memory/log.ts";
import type { RecordedEvent } from "../../../../lib/model/message.ts";
import type { IdempotencyKeys } from "../../../../lib/ports/idempotency-keys.ts";
import type { SagaEngine } from "../../../../lib/ports/saga-engine.ts";
import { resumeEndpoint } from "../../../../lib/runtime/http/resume-endpoint.ts";
import { shop } from "../../../../lib/shop/shop.ts";
import { approvedLibrary } from "../../../library/fixtures/approved-loans.ts";
import { outside, own, rejected, resumed, sagaId, start } from "../../../library/fixtures/loan-history.ts";
import { type Asked, shown, toRequest } from "../../../runtime/gateway.ts";
import { storeEvents } from "../../../runtime/stored.ts";
import { unchanged } from "../../../runtime/unchanged.ts";

const routes = shop.routes.filter((route) => "sagas" in route);
const json = { "content-type": "application/json" };

const parkedSaga = [
  start,
  own(2, "BookHeld", "hold"),
  own(3, "LibrarianAsked", "approval"),
  outside(4, "Refused"),
  rejected(5, "undo-hold"),
];

/** Keys that have always expired, as after a day. */
const forgetfulKeys = (): IdempotencyKeys => ({
  ...memoryIdempotencyKeys(),
  begin: async (mark) => ({ kind: "first", mark }),
  answer: async () => true,
});

/** A loan whose saga has these events in its history, and a machine that waits for an operator. */
const fixture = async (events: readonly RecordedEvent[] = parkedSaga, keys = memoryIdempotencyKeys()) => {
  const store = memoryEventStore();
  await storeEvents(store, events);
  const instances = memoryInstances();
  await instances.append(sagaId, events, { waiting: { step: "parked:undo-hold", token: "token" } });
  const started: string[] = [];
  const engine: SagaEngine = {
    start: async (_, name) => void started.push(name),
    complete: async () => "completed",
  };
  const log = memoryLog();
  let ids = 0;
  const newId = () => `new-${++ids}`;
  const clock = () => new Date("2026-01-01T01:00:00.000Z");
  const ports = {
    current: unchanged,
    store,
    instances,
    engine,
    newId,
    clock,
    log,
    keys,
    sleep: async () => {},
  };
  const endpoint = resumeEndpoint({ ...approvedLibrary, routes }, ports);
  const ask = async (asked: Partial<Asked> = {}) =>
    shown(
      await endpoint(
        toRequest(
          { routes },
          {
            method: "POST",
            path: "/sagas/lending/1/resume",
            headers: json,
            body: { action: "retry" },
            actor: "ada",
            ...asked,
          },
        ),
      ),
    );
  const decisions = async () =>
    (await store.read("loan-1", { consistency: "strong" })).filter(({ events: [{ type }] }) =>
      type.endsWith("Resumed"),
    );
  /** Changes to the loan meanwhile. */
  const happened = async (event: RecordedEvent) => {
    await storeEvents(store, [event]);
    await instances.append(sagaId, [event]);
  };
  return { ask, instances, started, decisions, happened, log };
};

const problem = (status: number, kind: string, rest: object = {}) => ({
  status,
  contentType: "application/problem+json",
  body: { type: `urn:eventfold:problem:${kind}`, status, ...rest },
});

const accepted = (action: string) => ({
  status: 202,
  contentType: "application/json",
  headers: {},
  body: { saga: "lending", id: "1", action, status: "compensating", correlationId: "request" },
});

describe("a decision about a parked saga", () => {
  test("is recorded in the stream with its author, and with the request as its cause", async () => {
    const { ask, decisions, instances } = await fixture();
    expect(await ask({ body: { action: "skip" } })).toEqual(accepted("skip"));
    const [decision] = await decisions();
    expect(decision).toMatchObject({
      events: [{ type: "CommandResumed", data: { how: "skip" } }],
      metadata: { actor: "ada", causationId: "http/new-2", sagaId },
    });
    expect((await instances.read(sagaId)).history.at(-1)?.metadata.actor).toBe("ada");
  });

  test("that is repeated has the same answer and no second effect", async () => {
    const { ask, decisions } = await fixture();
    expect([await ask(), await ask()]).toEqual([accepted("retry"), accepted("retry")]);
    expect(await decisions()).toHaveLength(1);
  });

  test("with an expired key decides about that task once, even if it has parked again", async () => {
    const { ask, decisions, happened } = await fixture(parkedSaga, forgetfulKeys());
    const headers = { ...json, "idempotency-key": "one" };
    await ask({ headers });
    await happened(rejected(7, "undo-hold", 2));
    expect(await ask({ headers })).toMatchObject({ status: 202, body: { status: "parked" } });
    expect(await decisions()).toHaveLength(1);
    await ask({ headers: { ...headers, "idempotency-key": "two" } });
    expect(await decisions()).toHaveLength(2);
  });

  test("with an expired key decides nothing about the next task that parks", async () => {
    const { ask, decisions, happened } = await fixture(parkedSaga, forgetfulKeys());
    const asked = { headers: { ...json, "idempotency-key": "one" }, body: { action: "skip" } };
    await ask(asked);
    await happened(rejected(7, "abandon"));
    expect(await ask(asked)).toMatchObject({ status: 202, body: { status: "parked" } });
    expect(await decisions()).toHaveLength(1);
  });

  test("with a key has the first answer, whatever has happened since", async () => {
    const { ask, decisions, happened } = await fixture();
    const headers = { ...json, "idempotency-key": "one" };
    await ask({ headers });
    await happened(rejected(7, "undo-hold", 2));
    expect(await ask({ headers })).toEqual(accepted("retry"));
    expect(await decisions()).toHaveLength(1);
  });

  test.each([
    ["another action", { body: { action: "skip" } }],
    ["another saga", { path: "/sagas/lending/2/resume" }],
  ])("is refused with a key that was used for %s", async (_, other) => {
    const { ask } = await fixture();
    const headers = { ...json, "idempotency-key": "one" };
    await ask({ headers });
    expect(await ask({ headers, ...other })).toMatchObject(problem(422, "key-reused"));
    expect(await ask({ headers, ...other, actor: "grace" })).not.toMatchObject({ status: 422 });
  });

  test("that is refused is refused again with its key, even if the saga has parked since", async () => {
    const over = [resumed(6, "undo-hold", "skip"), own(7, "LoanDeclined", "abandon")];
    const { ask, instances } = await fixture([...parkedSaga, ...over]);
    const headers = { ...json, "idempotency-key": "one" };
    const refused = await ask({ headers });
    expect(refused).toMatchObject(problem(409, "not-parked"));
    await instances.park(sagaId, {
      code: "execution-ended",
      because: "its execution ended",
      at: "2026-01-01T00:00:00.000Z",
    });
    expect(await ask({ headers })).toEqual(refused);
    expect(await ask()).toMatchObject({ status: 202 });
  });

  test("about an ended execution is stored on the instance with its author", async () => {
    const { ask, instances, started } = await fixture([start, own(2, "BookHeld", "hold")]);
    await instances.park(sagaId, {
      code: "execution-aborted",
      because: "its execution ended",
      at: "2026-01-01T00:00:00.000Z",
    });
    expect(await ask()).toMatchObject({ status: 202 });
    expect(await ask()).toMatchObject({ status: 202 });
    expect(started).toEqual(["1.2"]);
    expect((await instances.read(sagaId)).resumed).toEqual({
      how: "retry",
      actor: "ada",
      requestId: "http/new-2",
      at: "2026-01-01T01:00:00.000Z",
    });
  });
});

describe("refused is", () => {
  test("a saga that is not parked", async () => {
    const { ask, decisions } = await fixture([
      ...parkedSaga,
      resumed(6, "undo-hold", "skip"),
      own(7, "LoanDeclined", "abandon"),
    ]);
    expect(await ask()).toMatchObject(
      problem(409, "not-parked", { detail: "lending/1 is compensated, not parked" }),
    );
    expect(await decisions()).toHaveLength(1);
  });

  test.each([
    ["an unknown instance", "/sagas/lending/2/resume", "there is no saga lending/2"],
    ["an unknown saga", "/sagas/selling/1/resume", "there is no saga selling/1"],
  ])("%s", async (_, path, detail) => {
    expect(await (await fixture()).ask({ path })).toMatchObject(problem(404, "not-found", { detail }));
  });

  test.each([
    ["another action", { action: "forget" }, "/action"],
    ["no action", {}, "/action"],
    ["an extra field", { action: "retry", force: true }, "/force"],
  ])("a body with %s", async (_, body, pointer) => {
    const { ask, decisions } = await fixture();
    const errors = [{ pointer, detail: expect.any(String) }];
    expect(await ask({ body })).toMatchObject(problem(400, "schema", { errors }));
    expect(await decisions()).toEqual([]);
  });

  test.each([
    ["a body that is not JSON", { body: "{" }, 400, "malformed-json"],
    [
      "a compressed body",
      { headers: { "content-type": "application/json", "content-encoding": "gzip" } },
      415,
      "content-encoding",
    ],
    ["another media type", { headers: { "content-type": "text/plain" } }, 415, "media-type"],
    ["an invalid id", { path: "/sagas/lending/%20/resume" }, 400, "schema"],
    ["an invalid key", { headers: { ...json, "idempotency-key": "☕" } }, 400, "header"],
    ["another method", { method: "PUT" }, 405, "method-not-allowed"],
  ])("%s", async (_, asked, status, kind) => {
    expect(await (await fixture()).ask(asked)).toMatchObject(problem(status, kind));
  });
});
