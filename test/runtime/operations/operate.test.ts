import { expect, test } from "vitest";
import { memoryBus } from "../../../lib/adapters/memory/bus.ts";
import { memoryDeadLetters } from "../../../lib/adapters/memory/dead-letters.ts";
import { memoryEventStore } from "../../../lib/adapters/memory/event-store.ts";
import { memoryInstances } from "../../../lib/adapters/memory/instances.ts";
import { memoryLedger } from "../../../lib/adapters/memory/ledger.ts";
import { memoryLog } from "../../../lib/adapters/memory/log.ts";
import { memoryParked } from "../../../lib/adapters/memory/parked.ts";
import { memoryReadModels } from "../../../lib/adapters/memory/read-models.ts";
import { currentEvents } from "../../../lib/model/events/current.ts";
import type { RecordedEvent } from "../../../lib/model/message.ts";
import type { SagaEngine } from "../../../lib/ports/saga-engine.ts";
import { operator } from "../../../lib/runtime/operations/operate.ts";
import { approvedLibrary } from "../../library/fixtures/approved-loans.ts";
import {
  ignored,
  outside,
  own,
  rejected,
  resumed,
  sagaId,
  start,
} from "../../library/fixtures/loan-history.ts";
import { storeEvents } from "../stored.ts";

const parkedSaga = [
  start,
  own(2, "BookHeld", "hold"),
  own(3, "LibrarianAsked", "approval"),
  outside(4, "Refused"),
  rejected(5, "undo-hold"),
];

/** The loan with these events in its stream and its history, and a machine that waits for an operator. */
const fixture = async (events: readonly RecordedEvent[], history = events, now = new Date(0)) => {
  const store = memoryEventStore();
  await storeEvents(store, events);
  const instances = memoryInstances();
  await instances.append(sagaId, history, { waiting: { step: "parked:undo-hold", token: "token" } });
  const completed: string[] = [];
  const started: string[] = [];
  let isReachable = true;
  const engine: SagaEngine = {
    start: async (_, name) => void started.push(name),
    complete: async (token, { kind }) => {
      if (!isReachable) throw new Error("the engine is out of reach");
      if (completed.length > 0) return "gone";
      completed.push(`${token} ${kind}`);
      return "completed";
    },
  };
  const operate = operator(approvedLibrary, {
    current: currentEvents(approvedLibrary.deciders),
    store,
    instances,
    engine,
    readModels: memoryReadModels([]),
    parked: memoryParked(),
    clock: () => now,
    log: memoryLog(),
    bus: memoryBus(),
    ledger: memoryLedger(),
    deadLetters: memoryDeadLetters(),
    sleep: async () => {},
    random: () => 0,
  });
  const reach = (is: boolean) => {
    isReachable = is;
  };
  const resume = (how: "retry" | "skip" = "retry") =>
    operate({ action: "resume", sagaId, how, actor: "ada" });
  return { store, instances, completed, started, operate, resume, reach };
};

const typesIn = async ({ store }: Pick<Awaited<ReturnType<typeof fixture>>, "store">) =>
  (await store.read("loan-1", { consistency: "strong" })).flatMap(({ events }) =>
    events.map(({ type }) => type),
  );

test("a resume is recorded in the stream with its author, appended to the history, and reported to the engine", async () => {
  const { store, instances, completed, resume } = await fixture(parkedSaga);
  expect(await resume("skip")).toEqual({ kind: "resumed", status: "compensating" });
  const commit = (await store.read("loan-1", { consistency: "strong" })).at(-1);
  expect(commit).toMatchObject({
    id: "lending/1/undo-hold/loan-1#1/resume",
    events: [{ type: "CommandResumed", data: { commandId: "lending/1/undo-hold/loan-1#1", how: "skip" } }],
    metadata: { actor: "ada", sagaId },
  });
  expect((await instances.read(sagaId)).history.at(-1)?.type).toBe("CommandResumed");
  expect(completed).toEqual(["token succeeded"]);
});

test("of two resumes the one that is recorded first decides", async () => {
  const place = await fixture([...parkedSaga, resumed(6, "undo-hold", "retry")], parkedSaga);
  await place.resume("skip");
  expect(await typesIn(place)).toHaveLength(6);
  expect((await place.instances.read(sagaId)).history.at(-1)?.data.how).toBe("retry");
  expect(place.completed).toEqual(["token succeeded"]);
});

test("a resume that crashed before it reached the engine may be repeated", async () => {
  const { completed, resume, reach } = await fixture(parkedSaga);
  reach(false);
  await expect(resume()).rejects.toThrow("out of reach");
  reach(true);
  expect(await resume()).toEqual({ kind: "resumed", status: "compensating" });
  expect(completed).toEqual(["token succeeded"]);
});

test("a saga that is not parked is not resumed", async () => {
  const { instances, resume, completed } = await fixture([start, own(2, "BookHeld", "hold")]);
  await instances.append(sagaId, [], { waiting: { step: "approval", token: "other" } });
  expect(await resume()).toEqual({ kind: "refused", because: "lending/1 is running, not parked" });
  expect(completed).toEqual([]);
});

test("a saga that has ended is not resumed", async () => {
  const events = [...parkedSaga, resumed(6, "undo-hold", "skip"), own(7, "LoanDeclined", "abandon")];
  const { resume, completed } = await fixture(events);
  expect(await resume()).toEqual({ kind: "refused", because: "lending/1 is compensated, not parked" });
  expect(completed).toEqual([]);
});

test("a saga whose execution has ended continues in a new one, with the next name", async () => {
  const { instances, started, resume } = await fixture([start, ignored(2, "hold")]);
  await instances.park(sagaId, {
    code: "execution-aborted",
    because: "its execution ended: ABORTED",
    at: "2026-01-01T00:00:00.000Z",
  });
  expect(await resume()).toMatchObject({ kind: "resumed" });
  expect(started).toEqual(["1.2"]);
  expect((await instances.read(sagaId)).parked).toBeUndefined();
});

test("an instance that never started is unknown", async () => {
  const { resume } = await fixture([], [outside(1, "Approved")]);
  expect(await resume()).toEqual({ kind: "refused", because: "there is no saga lending/1" });
});

test("parked lists the parked sagas and the parked streams", async () => {
  const { operate } = await fixture(parkedSaga);
  expect(await operate({ action: "parked" })).toMatchObject({ kind: "parked", streams: [], sagas: [] });
  const { operate: operateParked, instances } = await fixture(parkedSaga);
  await instances.setListedStatus(
    sagaId,
    { kind: "parked", at: "2026-01-01T00:00:05.000Z" },
    parkedSaga.length,
  );
  expect(await operateParked({ action: "parked" })).toMatchObject({
    sagas: [{ saga: "lending", id: "1", status: "parked", step: "undo-hold", reasonCode: "locked" }],
  });
});

test("stuck lists sagas that wait too long with their last error, and instances of a removed saga", async () => {
  const open = { kind: "open", at: "2026-01-01T00:00:00.000Z" } as const;
  const fault = { step: "hold", because: "TypeError: it broke", at: "2026-01-01T00:00:09.000Z" };
  const { operate, instances } = await fixture([start]);
  await instances.setListedStatus(sagaId, open, 1);
  expect(await operate({ action: "stuck" })).toEqual({ kind: "stuck", sagas: [], removed: [] });

  const later = await fixture([start], [start], new Date("2026-02-01T00:00:00Z"));
  await later.instances.setListedStatus(sagaId, open, 1);
  await later.instances.fail(sagaId, fault);
  await later.instances.setListedStatus("gone/7", { ...open, kind: "parked" }, 0);
  expect(await later.operate({ action: "stuck" })).toMatchObject({
    kind: "stuck",
    sagas: [{ saga: "lending", id: "1", step: "hold", stuck: true, lastError: fault }],
    removed: [{ saga: "gone", id: "7" }],
  });
});
