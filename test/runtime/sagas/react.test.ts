import { describe, expect, test } from "vitest";
import { memoryEventStore } from "../../../lib/adapters/memory/event-store.ts";
import { memoryInstances } from "../../../lib/adapters/memory/instances.ts";
import { memoryLog } from "../../../lib/adapters/memory/log.ts";
import type { RecordedEvent } from "../../../lib/model/message.ts";
import { type Delivery, dead, retry } from "../../../lib/ports/delivery.ts";
import type { Instances } from "../../../lib/ports/instances.ts";
import { PermanentError } from "../../../lib/ports/permanent-error.ts";
import type { SagaEngine } from "../../../lib/ports/saga-engine.ts";
import { reactor } from "../../../lib/runtime/sagas/react.ts";
import { resumer } from "../../../lib/runtime/sagas/resume.ts";
import { approvedLending } from "../../library/fixtures/approved-loans.ts";
import { outside, own, sagaId, start } from "../../library/fixtures/loan-history.ts";
import { recorded } from "../../model/recorded.ts";
import { deliveryOf } from "../deliveries.ts";
import { unchanged } from "../unchanged.ts";
import { waitingEngine } from "../waiting-engine.ts";

const held = own(2, "BookHeld", "hold");
const asked = own(3, "LibrarianAsked", "approval");
const approved = outside(4, "Approved");
const refused = outside(5, "Refused");

const react = (instances: Instances, engine: SagaEngine, log = memoryLog()) => {
  const reacting = reactor(approvedLending, {
    current: unchanged,
    instances,
    engine,
    clock: () => new Date(0),
    log,
  });
  return (...events: readonly RecordedEvent[]) => reacting(events.map((event) => deliveryOf(event)));
};

test("an execution is started without the steps that its instance skips", async () => {
  const steps = approvedLending.steps.map((step) => (step.pivot ? step : { ...step, onlyIf: () => false }));
  const { engine, started } = waitingEngine();
  const ports = {
    current: unchanged,
    instances: memoryInstances(),
    engine,
    clock: () => new Date(0),
    log: memoryLog(),
  };
  await reactor({ ...approvedLending, steps }, ports)([deliveryOf(start)]);
  expect(started).toEqual(["lending 1 lending/1 -hold -hand-over"]);
});

const typesOf = async (instances: Instances) =>
  (await instances.read(sagaId)).history.map(({ type }) => type);

test("the start is appended before the execution is started, so that its first task finds it", async () => {
  const instances = memoryInstances();
  const found: (readonly string[])[] = [];
  const { engine } = waitingEngine();
  const start_: SagaEngine = { ...engine, start: async () => void found.push(await typesOf(instances)) };
  await react(instances, start_)(start);
  expect(found).toEqual([["LoanRequested"]]);
});

test("a reaction that crashed after its append is completed by the redelivery", async () => {
  const instances = memoryInstances();
  const { engine, started } = waitingEngine();
  let isReachable = false;
  const start_: SagaEngine["start"] = async (...execution) => {
    if (!isReachable) throw new Error("out of reach");
    return engine.start(...execution);
  };
  const reaction = react(instances, { ...engine, start: start_ });
  expect(await reaction(start)).toEqual([retry(start.metadata.id)]);
  isReachable = true;
  expect(await reaction(start)).toEqual([]);
  expect(started).toEqual(["lending 1 lending/1"]);
  expect(await typesOf(instances)).toEqual(["LoanRequested"]);
});

test("a start is appended without a read, and a repeated one finds the stored history", async () => {
  const instances = memoryInstances();
  let reads = 0;
  const counting: Instances = {
    ...instances,
    read: (id) => {
      reads += 1;
      return instances.read(id);
    },
  };
  const { engine, started } = waitingEngine();
  await react(counting, engine)(start);
  expect(reads).toBe(0);
  await instances.append(sagaId, [held, asked, refused]);
  await react(counting, engine)(start);
  expect(await typesOf(instances)).toEqual(["LoanRequested", "BookHeld", "LibrarianAsked", "Refused"]);
  expect((await instances.read(sagaId)).listedStatus).toMatchObject({ kind: "compensating" });
  expect(started).toEqual(["lending 1 lending/1", "lending 1 lending/1"]);
});

test("a start that arrives after other events of its instance has the status of the whole history", async () => {
  const instances = memoryInstances();
  await instances.append(sagaId, [refused]);
  await react(instances, waitingEngine().engine)(held, start);
  expect(await typesOf(instances)).toEqual(["Refused", "BookHeld", "LoanRequested"]);
  expect((await instances.read(sagaId)).listedStatus).toMatchObject({ kind: "compensating" });
});

test("an outcome is appended before the engine is notified", async () => {
  const instances = memoryInstances();
  await instances.append(sagaId, [start, held, asked], { waiting: { step: "approval", token: "token" } });
  const found: (readonly string[])[] = [];
  const { engine } = waitingEngine("token");
  const complete: SagaEngine["complete"] = async (...completion) => {
    found.push(await typesOf(instances));
    return engine.complete(...completion);
  };
  await react(instances, { ...engine, complete })(approved);
  expect(found).toEqual([["LoanRequested", "BookHeld", "LibrarianAsked", "Approved"]]);
});

test("the outcome appended first decides, whichever was recorded first", async () => {
  const instances = memoryInstances();
  await instances.append(sagaId, [start, held, asked], { waiting: { step: "approval", token: "token" } });
  const { engine, completed } = waitingEngine("token");
  const reaction = react(instances, engine);
  await reaction(refused);
  await reaction(approved);
  expect(completed).toEqual(["token StepFailed: approval failed: Refused"]);
});

test("the engine is notified again of an outcome that is already in the history", async () => {
  const instances = memoryInstances();
  await instances.append(sagaId, [start, held, asked, approved], {
    waiting: { step: "approval", token: "token" },
  });
  const { engine, completed } = waitingEngine("token");
  expect(await react(instances, engine)(approved)).toEqual([]);
  expect(completed).toEqual(["token"]);
});

test("if a token is gone, the next one is read and completed", async () => {
  const instances = memoryInstances();
  await instances.append(sagaId, [start, held, asked], { waiting: { step: "approval", token: "old" } });
  const { engine, completed } = waitingEngine("new");
  const complete: SagaEngine["complete"] = async (token, outcome) => {
    if (token === "old") await instances.append(sagaId, [], { waiting: { step: "approval", token: "new" } });
    return engine.complete(token, outcome);
  };
  expect(await react(instances, { ...engine, complete })(approved)).toEqual([]);
  expect(completed).toEqual(["new"]);
});

test("a token is not completed by an event that decides another step", async () => {
  const instances = memoryInstances();
  await instances.append(sagaId, [start], { waiting: { step: "hold", token: "token" } });
  const { engine, completed } = waitingEngine("token");
  await react(instances, engine)(approved);
  expect(completed).toEqual([]);
  expect(await typesOf(instances)).toEqual(["LoanRequested", "Approved"]);
});

test("an outcome that arrives before the start waits in the history", async () => {
  const instances = memoryInstances();
  const { engine, started } = waitingEngine();
  await react(instances, engine)(approved);
  expect(started).toEqual([]);
  await react(instances, engine)(start);
  expect(started).toHaveLength(1);
  expect(await typesOf(instances)).toEqual(["Approved", "LoanRequested"]);
});

test("a saga that has ended is not started again by a late duplicate", async () => {
  const instances = memoryInstances();
  const ended = [
    start,
    held,
    asked,
    approved,
    own(5, "HandedOver", "hand-over"),
    own(6, "LoanConfirmed", "complete"),
  ];
  await instances.append(sagaId, ended);
  const { engine, started } = waitingEngine();
  expect(await react(instances, engine)(start)).toEqual([]);
  expect(started).toEqual([]);
});

test("known events are not written again", async () => {
  const instances = memoryInstances();
  await instances.append(sagaId, [start, held]);
  const append = async () => {
    throw new Error("nothing is to be noted");
  };
  expect(await react({ ...instances, append }, waitingEngine().engine)(held)).toEqual([]);
});

test("of an event that is not an outcome only the metadata is stored", async () => {
  const instances = memoryInstances();
  await react(instances, waitingEngine().engine)(start, asked);
  const { history } = await instances.read(sagaId);
  expect(history).toEqual([start, { ...asked, data: {} }]);
});

test("an event of another saga is ignored", async () => {
  const instances = memoryInstances();
  const stranger = recorded("loan-2", { type: "BookHeld", data: { loanId: "2" } }, { sagaId: "other/2" });
  expect(await react(instances, waitingEngine().engine)(stranger)).toEqual([]);
  expect(instances.ids()).toEqual([]);
});

test("an event that fails for one instance is retried, and is done for the others", async () => {
  const instances = memoryInstances();
  const { engine, started } = waitingEngine();
  const other = recorded("loan-2", { type: "LoanRequested", data: { loanId: "2" } });
  const append: Instances["append"] = async (id, events) => {
    if (id === sagaId) throw new Error("throttled");
    return instances.append(id, events);
  };
  expect(await react({ ...instances, append }, engine)(start, other)).toEqual([retry(start.metadata.id)]);
  expect(started).toEqual(["lending 2 lending/2"]);
});

test("an event for which the saga cannot name an instance is dead at once, and delays no other", async () => {
  const instances = memoryInstances();
  const { engine, started } = waitingEngine();
  const other = recorded("loan-2", { type: "LoanRequested", data: { loanId: "2" } });
  const identifiedBy = (event: RecordedEvent) => {
    if (event.metadata.streamId === "loan-1") throw new TypeError("no loan");
    return "2";
  };
  const both = reactor(
    { ...approvedLending, identifiedBy },
    { current: unchanged, instances, engine, clock: () => new Date(0), log: memoryLog() },
  );
  expect(await both([deliveryOf(start), deliveryOf(other)])).toEqual([
    dead(start.metadata.id, "unreadable: no loan"),
  ]);
  expect(started).toEqual(["lending 2 lending/2"]);
});

test("an event that the database refuses permanently is dead at once, and others of its instance are appended", async () => {
  const instances = memoryInstances();
  const { engine, started } = waitingEngine();
  const large = recorded("loan-1", { type: "BookHeld", data: {} }, { sagaId, version: 2 });
  const append: Instances["append"] = async (id, events, options) => {
    if (events.some(({ metadata }) => metadata.version === 2)) throw new PermanentError("too large");
    return instances.append(id, events, options);
  };
  expect(await react({ ...instances, append }, engine)(start, large)).toEqual([
    dead(large.metadata.id, "refused: too large"),
  ]);
  expect(started).toEqual(["lending 1 lending/1"]);
  expect(await typesOf(instances)).toEqual(["LoanRequested"]);
});

test.each(["lending/1", "lending/2"])(
  "an event for two instances is retried if the failure of one is transient, although %s can never store it",
  async (refused) => {
    const both = recorded(
      "loan-1",
      { type: "LoanRequested", data: { loanId: "1" } },
      { sagaId: "lending/2" },
    );
    const append: Instances["append"] = async (id) => {
      throw id === refused ? new PermanentError("too large") : new Error("throttled");
    };
    const reaction = react({ ...memoryInstances(), append }, waitingEngine().engine);
    expect(await reaction(both)).toEqual([retry(both.metadata.id)]);
  },
);

const ended = (execution: string): Extract<Delivery, { kind: "execution-ended" }> => ({
  id: "end",
  receiveCount: 1,
  kind: "execution-ended",
  sagaId,
  execution,
  status: "ABORTED",
  because: "by hand",
});

const reactToEnd = async (history: readonly RecordedEvent[], execution: string, restarts = 0) => {
  const instances = memoryInstances();
  const log = memoryLog();
  await instances.append(sagaId, history);
  for (let count = 0; count < restarts; count += 1)
    await instances.restart(sagaId, { how: "retry", at: "2026-01-01T00:00:09.000Z" });
  const ports = {
    current: unchanged,
    instances,
    engine: waitingEngine().engine,
    clock: () => new Date(0),
    log,
  };
  expect(await reactor(approvedLending, ports)([ended(execution)])).toEqual([]);
  return { parked: (await instances.read(sagaId)).parked, counted: log.counted() };
};

test("an execution that ended before its saga parks it, with the reason", async () => {
  expect(await reactToEnd([start, held], "1")).toEqual({
    parked: {
      code: "execution-aborted",
      because: "its execution ended: ABORTED, by hand",
      at: "1970-01-01T00:00:00.000Z",
    },
    counted: ["SagaParked"],
  });
});

test.each([
  ["the end of an execution before the current one", [start, held], "1", 1],
  [
    "the end of an execution whose saga has ended",
    [start, held, asked, refused, own(6, "BookFreed", "undo-hold"), own(7, "LoanDeclined", "abandon")],
    "1",
    0,
  ],
] as const)("%s parks nothing", async (_, history, execution, restarts) => {
  expect(await reactToEnd(history, execution, restarts)).toEqual({ parked: undefined, counted: [] });
});

test("an end of an execution that is redriven leaves the saga parked, so that an operator can resume it", async () => {
  const instances = memoryInstances();
  await instances.append(sagaId, [start, held]);
  await instances.park(sagaId, { code: "cannot-be-read", because: "", at: "", event: "end of 1" });
  const ports = {
    current: unchanged,
    instances,
    store: memoryEventStore(),
    engine: waitingEngine().engine,
    clock: () => new Date(0),
    log: memoryLog(),
  };
  const resume = () => resumer({ sagas: [approvedLending] }, ports)({ sagaId, how: "retry" });
  expect(await resume()).toMatchObject({ because: expect.stringContaining("redrive it") });
  await reactor(approvedLending, ports)([ended("1")]);
  const { parked } = await instances.read(sagaId);
  expect(parked).toEqual({
    code: "execution-aborted",
    because: "its execution ended: ABORTED, by hand",
    at: "1970-01-01T00:00:00.000Z",
  });
  expect(await resume()).toMatchObject({ kind: "resumed" });
});

test("the reason of a parked saga is a sentence; the stack of the function is only in the log", async () => {
  const instances = memoryInstances();
  const log = memoryLog();
  await instances.append(sagaId, [start, held]);
  const trace = ["TypeError: it broke", "    at file:///var/task/index.mjs:1:2"];
  const because = JSON.stringify({ errorType: "TypeError", errorMessage: "it broke", trace });
  const ports = {
    current: unchanged,
    instances,
    engine: waitingEngine().engine,
    clock: () => new Date(0),
    log,
  };
  await reactor(approvedLending, ports)([{ ...ended("1"), status: "TIMED_OUT", because }]);
  expect((await instances.read(sagaId)).parked).toEqual({
    code: "execution-timed-out",
    because: "its execution ended: TIMED_OUT, TypeError: it broke",
    at: "1970-01-01T00:00:00.000Z",
  });
  expect(log.entries().at(-1)).toMatchObject({ kind: "problem", cause: because });
});

describe("an event that can never be stored", () => {
  const large = (event: RecordedEvent) => ({ ...event, data: { ...event.data, text: "x".repeat(390_000) } });

  const place = async () => {
    const instances = memoryInstances();
    const { engine } = waitingEngine();
    const log = memoryLog();
    await react(instances, engine)(start);
    return { instances, engine, log, reaction: react(instances, engine, log) };
  };

  test("is dead, and parks its instance; the events delivered with it are appended", async () => {
    const { instances, log, reaction } = await place();
    expect(await reaction(large(approved), held)).toEqual([
      { id: approved.metadata.id, kind: "dead", because: expect.stringMatching(/^refused: the 2 events of/) },
    ]);
    const { parked, history, listedStatus } = await instances.read(sagaId);
    expect(parked).toMatchObject({
      event: approved.metadata.id,
      because: expect.stringMatching(/never be stored/),
    });
    expect(history.map(({ type }) => type)).toEqual(["LoanRequested", "BookHeld"]);
    expect(listedStatus?.kind).toBe("parked");
    expect(log.counted()).toEqual(["SagaParked"]);
  });

  test("unparks its instance once it is redriven and fits, and no other event does", async () => {
    const { instances, reaction } = await place();
    await reaction(large(approved));
    await reaction(held);
    expect((await instances.read(sagaId)).parked).toBeDefined();
    expect(await reaction(approved)).toEqual([]);
    const { parked, history } = await instances.read(sagaId);
    expect(parked).toBeUndefined();
    expect(history.map(({ type }) => type)).toEqual(["LoanRequested", "BookHeld", "Approved"]);
  });

  test("is not resumed but redriven, and the answer says so", async () => {
    const { instances, engine, log, reaction } = await place();
    await reaction(large(approved));
    const clock = () => new Date(0);
    const resume = resumer(
      { sagas: [approvedLending] },
      { current: unchanged, instances, engine, clock, log, store: memoryEventStore() },
    );
    expect(await resume({ sagaId, how: "retry" })).toEqual({
      kind: "not-parked",
      because: `lending/1 waits for ${approved.metadata.id}, a dead letter of lending: redrive it to continue`,
    });
  });

  test("is retried if its instance cannot be parked at the moment", async () => {
    const { instances, engine } = await place();
    const park = () => Promise.reject(new Error("throttled"));
    expect(await react({ ...instances, park }, engine)(large(approved))).toEqual([
      { id: approved.metadata.id, kind: "retry" },
    ]);
  });

  test("of an instance whose id can never be stored is dead without a mark", async () => {
    const { engine, log, instances } = await place();
    const refuse = () => Promise.reject(new PermanentError("the key is too long"));
    const reaction = react({ ...instances, read: refuse, append: refuse, park: refuse }, engine, log);
    expect(await reaction(approved)).toEqual([
      { id: approved.metadata.id, kind: "dead", because: "refused: the key is too long" },
    ]);
    expect(log.counted()).toEqual(["SagaParked"]);
  });
});
