/** Operators name a renamed part by its present name or by its stored name. */

import { describe, expect, test } from "vitest";
import { memoryBus } from "../../../lib/adapters/memory/bus.ts";
import { memoryDeadLetters } from "../../../lib/adapters/memory/dead-letters.ts";
import { memoryEventStore } from "../../../lib/adapters/memory/event-store.ts";
import { memoryIdempotencyKeys } from "../../../lib/adapters/memory/idempotency-keys.ts";
import { memoryInstances } from "../../../lib/adapters/memory/instances.ts";
import { memoryLedger } from "../../../lib/adapters/memory/ledger.ts";
import { memoryLog } from "../../../lib/adapters/memory/log.ts";
import { memoryParked } from "../../../lib/adapters/memory/parked.ts";
import { memoryReadModels } from "../../../lib/adapters/memory/read-models.ts";
import { currentEvents } from "../../../lib/model/events/current.ts";
import { asStored } from "../../../lib/model/names/as-stored.ts";
import { resumeEndpoint } from "../../../lib/runtime/http/resume-endpoint.ts";
import { operator } from "../../../lib/runtime/operations/operate.ts";
import { approvedLibrary } from "../../library/fixtures/approved-loans.ts";
import { outside, own, rejected, sagaId, start } from "../../library/fixtures/loan-history.ts";
import { application as library } from "../../library/lib/application.ts";
import { renamed } from "../../model/names/renamed.ts";
import { type Asked, shown, toRequest } from "../gateway.ts";
import { storeEvents } from "../stored.ts";
import { waitingEngine } from "../waiting-engine.ts";

const parkedSaga = [
  start,
  own(2, "BookHeld", "hold"),
  own(3, "LibrarianAsked", "approval"),
  outside(4, "Refused"),
  rejected(5, "undo-hold"),
];

/** The renamed library, whose saga of loan 1 is parked since before the rename. */
const parkedBefore = async () => {
  const routes = library.routes.filter((route) => "sagas" in route);
  const { sagas, deciders } = approvedLibrary;
  const projections = library.projections.map((projection) => ({
    ...projection,
    sources: projection.sources.map((source) => deciders.find(({ name }) => name === source.name) ?? source),
  }));
  const application = asStored(renamed({ ...library, sagas, deciders, projections, routes }));
  const store = memoryEventStore();
  await storeEvents(store, parkedSaga);
  const instances = memoryInstances();
  await instances.append(sagaId, parkedSaga, { waiting: { step: "parked:undo-hold", token: "token" } });
  const { engine, completed } = waitingEngine("token");
  const ports = {
    store,
    instances,
    engine,
    readModels: memoryReadModels(application.projections),
    parked: memoryParked(),
    clock: () => new Date("2026-01-01T01:00:00.000Z"),
    log: memoryLog(),
    bus: memoryBus(),
    ledger: memoryLedger(),
    deadLetters: memoryDeadLetters(),
    keys: memoryIdempotencyKeys(),
    newId: () => "new",
    sleep: async () => {},
    random: () => 0,
    current: currentEvents(application.deciders),
  };
  const endpoint = resumeEndpoint(application, ports);
  const post = async (path: string) => {
    const headers = { "content-type": "application/json" };
    const asked: Asked = { method: "POST", path, headers, body: { action: "skip" } };
    return shown(await endpoint(toRequest({ routes }, asked)));
  };
  return { operate: operator(application, ports), post, completed };
};

describe.each(["newlending", "lending"])("a parked saga that is called %s", (saga) => {
  test("is resumed by an operation", async () => {
    const { operate, completed } = await parkedBefore();
    expect(await operate({ action: "resume", sagaId: `${saga}/1`, how: "skip" })).toMatchObject({
      kind: "resumed",
    });
    expect(completed).toEqual(["token"]);
  });

  test("is resumed over HTTP, and the answer has its stored name", async () => {
    const { post, completed } = await parkedBefore();
    expect(await post(`/sagas/${saga}/1/resume`)).toMatchObject({
      status: 202,
      body: { saga: "lending", id: "1", action: "skip" },
    });
    expect(completed).toEqual(["token"]);
  });
});

test("a saga that never had the name is not resumed", async () => {
  const { operate } = await parkedBefore();
  expect(await operate({ action: "resume", sagaId: "newlendings/1", how: "skip" })).toEqual({
    kind: "refused",
    because: "there is no saga newlendings/1",
  });
});

describe.each(["newloan-status", "loan-status"])("a projection that is called %s", (projection) => {
  test("is redriven", async () => {
    const { operate } = await parkedBefore();
    const streamId = "loan-1";
    expect(await operate({ action: "redrive", projection, streamId })).toEqual({ kind: "redriven" });
  });
});

describe.each(["newsend-reminder", "send-reminder"])("an effect that is called %s", (handler) => {
  test("has its dead letters listed and redriven", async () => {
    const { operate } = await parkedBefore();
    expect(await operate({ action: "dead-letters", handler })).toMatchObject({ kind: "dead-letters" });
    expect(await operate({ action: "redrive-handler", handler })).toMatchObject({ kind: "handler-redriven" });
  });
});

test("a name that no part has is refused, with the present names", async () => {
  const { operate } = await parkedBefore();
  expect(await operate({ action: "redrive", projection: "none", streamId: "loan-1" })).toEqual({
    kind: "refused",
    because: "no projection is named none: must be one of newbook-copies, newloan-status, newloans-per-day",
  });
  expect(await operate({ action: "dead-letters", handler: "none" })).toEqual({
    kind: "refused",
    because:
      "no effect, saga or translator is named none: must be one of newsend-reminder, newlending, newpublisher-deliveries",
  });
});
