/** Steps that do not wait, on each engine: their own command decides them, or they are parked with a precise reason. */

import { describe, expect, test } from "vitest";
import { memoryEventStore } from "../../../lib/adapters/memory/event-store.ts";
import { memoryInstances } from "../../../lib/adapters/memory/instances.ts";
import { memoryLog } from "../../../lib/adapters/memory/log.ts";
import type { RecordedEvent } from "../../../lib/model/message.ts";
import type { MachineTask } from "../../../lib/model/sagas/machine-task.ts";
import { choreographer } from "../../../lib/runtime/sagas/choreograph.ts";
import { sagaReport } from "../../../lib/runtime/sagas/saga-report.ts";
import { sagaTask } from "../../../lib/runtime/sagas/saga-task.ts";
import { commandHandler } from "../../../lib/runtime/streams/handle-command.ts";
import { recordedEvents } from "../../../lib/runtime/streams/recorded.ts";
import { lendingOf, step } from "../../library/fixtures/lending-of.ts";
import { findCopy, searchedBook } from "../../library/fixtures/searched-books.ts";
import { loan } from "../../library/lib/loans/loan.ts";
import { recorded } from "../../model/recorded.ts";
import { deliveryOf } from "../deliveries.ts";
import { storeEvents } from "../stored.ts";
import { unchanged } from "../unchanged.ts";
import { waitingEngine } from "../waiting-engine.ts";

const saga = lendingOf([step("emma", { waits: false, undone: false })]);

const library = { name: "library", deciders: [searchedBook, loan], sagas: [saga] };
const sagaId = "lending/1";
const start = recorded("loan-1", {
  type: "LoanRequested",
  data: { loanId: "1", bookId: "emma", memberId: "ada" },
});
const missing = recorded("book-emma", { type: "CopyMissed", data: { bookId: "emma" } });
const inWords = "emma does not wait, but CopySearched does not decide it";

const clock = () => new Date("2026-01-02T00:00:00Z");

const lent = async (...stored: readonly RecordedEvent[]) => {
  const store = memoryEventStore();
  await storeEvents(store, stored);
  const instances = memoryInstances();
  await instances.append(sagaId, [start]);
  const { engine, started } = waitingEngine();
  const log = memoryLog();
  const system = { clock, log, sleep: async () => {}, random: () => 0 };
  const handle = commandHandler(library, { store, ...system });
  const ports = { current: unchanged, store, instances, engine, handle, ...system };
  const task = sagaTask(saga, ports);
  const deadlines = { set: async () => {}, delete: async () => {} };
  const choreograph = choreographer(saga, { ...ports, deadlines });
  const history = async () =>
    (await store.read("book-emma", { consistency: "strong" })).flatMap(recordedEvents);
  return {
    started,
    log,
    history,
    instances,
    choreograph: (...events: readonly RecordedEvent[]) => choreograph(events.map((each) => deliveryOf(each))),
    run: (name: string, act: MachineTask["act"]) =>
      task({ sagaId, task: name, act }).then(
        () => "done",
        (error: Error) => `${error.name}: ${error.message}`,
      ),
    find: () =>
      handle({
        ...findCopy({ bookId: "emma" }),
        metadata: {
          id: "find",
          causationId: "me",
          correlationId: "me",
          issuedAt: clock().toISOString(),
          receipt: false,
        },
      }),
    report: async () => sagaReport(saga, await instances.read(sagaId), clock()),
  };
};

describe("of a state machine", () => {
  test("a step is decided when its function returns", async () => {
    const { run, report } = await lent(start);
    expect(await run("emma", "run")).toBe("done");
    expect(await report()).toMatchObject({ done: ["emma"], status: "running", step: "complete" });
  });

  test("a command that records no outcome fails with the same name and reason each time", async () => {
    const { run, report, history } = await lent(start, missing);
    expect(await run("emma", "run")).toBe(`Parked: lending/1: ${inWords}`);
    expect(await run("emma", "run")).toBe(`Parked: lending/1: ${inWords}`);
    expect(await run("emma", "expire")).toBe(`Parked: lending/1: ${inWords}`);
    expect(await report()).toMatchObject({ status: "parked", step: "emma", reason: inWords });
    expect((await history()).map(({ type }) => type)).toEqual(["CopyMissed", "CopySearched"]);
  });
});

test("an execution of a former Express machine that parks is counted, and its history alone shows the reason", async () => {
  const { run, report, instances, log } = await lent(start, missing);
  expect(await run("emma", "run")).toBe(`Parked: lending/1: ${inWords}`);
  const before = await instances.read(sagaId);
  expect(await run("emma", "park")).toBe("done");
  expect(await instances.read(sagaId)).toEqual(before);
  expect(log.counted()).toContain("SagaParked");
  expect(await report()).toMatchObject({ status: "parked", step: "emma", reason: inWords });
});

describe("of choreography", () => {
  test("a command that records no outcome parks with the same reason", async () => {
    const { choreograph, report, log } = await lent(start, missing);
    await choreograph(start);
    expect(await report()).toMatchObject({ status: "parked", step: "emma", reason: inWords });
    expect(log.counted()).toEqual(["SagaParked"]);
  });

  test("an event that arrives before the others of its commit parks nothing", async () => {
    const earlier = await lent(start);
    await earlier.choreograph(start);
    const answered = await earlier.history();
    const [searched] = answered.filter(({ type }) => type === "CopySearched");
    if (!searched) throw new Error("no search is recorded");
    const { choreograph, report, log } = await lent(start, ...answered);
    await choreograph(searched);
    expect(await report()).toMatchObject({ done: ["emma", "complete"], status: "completed" });
    expect(log.counted()).toEqual([]);
  });
});
