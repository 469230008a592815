/**
 * A changed definition fails for the history of an instance that is under way. The instance is parked with the reason,
 * and continues with a definition that is corrected.
 */
import { describe, expect, test } from "vitest";
import { memoryEventStore } from "../../../lib/adapters/memory/event-store.ts";
import { memoryInstances } from "../../../lib/adapters/memory/instances.ts";
import { memoryLog } from "../../../lib/adapters/memory/log.ts";
import type { AnySaga } from "../../../lib/model/saga.ts";
import type { MachineTask } from "../../../lib/model/sagas/machine-task.ts";
import { positionOf } from "../../../lib/model/sagas/position.ts";
import { choreographer } from "../../../lib/runtime/sagas/choreograph.ts";
import { resumer } from "../../../lib/runtime/sagas/resume.ts";
import { sagaReport } from "../../../lib/runtime/sagas/saga-report.ts";
import { sagaTask } from "../../../lib/runtime/sagas/saga-task.ts";
import { commandHandler } from "../../../lib/runtime/streams/handle-command.ts";
import { approvedLending, approvedLibrary } from "../../library/fixtures/approved-loans.ts";
import { outside, own, rejected, sagaId, start } from "../../library/fixtures/loan-history.ts";
import { deliveryOf } from "../deliveries.ts";
import { storeEvents } from "../stored.ts";
import { unchanged } from "../unchanged.ts";
import { waitingEngine } from "../waiting-engine.ts";

const now = new Date("2026-01-02T00:00:00Z");
const clock = () => now;

const failing = () => {
  throw new TypeError("shelf is undefined");
};

/** The saga with another step hand-over, or with another compensation of its step hold. */
const changed = (part: "send" | "undo"): AnySaga => {
  const wanted = part === "send" ? "hand-over" : "hold";
  return {
    ...approvedLending,
    steps: approvedLending.steps.map((step) =>
      step.name === wanted ? { ...step, [part]: { ...step[part], make: failing } } : step,
    ),
  };
};

const approved = [
  start,
  own(2, "BookHeld", "hold"),
  own(3, "LibrarianAsked", "approval"),
  outside(4, "Approved"),
] as const;

const refused = [...approved.slice(0, 3), outside(4, "Refused")];

const world = async (events: readonly (typeof approved)[number][], history = events) => {
  const store = memoryEventStore();
  await storeEvents(store, events);
  const instances = memoryInstances();
  await instances.append(sagaId, history);
  const log = memoryLog();
  const handle = commandHandler(approvedLibrary, {
    store,
    clock,
    log,
    sleep: async () => {},
    random: () => 0,
  });
  const { engine, completed, wait } = waitingEngine();
  const ports = { current: unchanged, store, instances, handle, engine, clock, log };
  return {
    log,
    completed,
    wait,
    item: () => instances.read(sagaId),
    /** Delivers an event to the saga with this definition. */
    deliver: async (saga: AnySaga, event: (typeof approved)[number]) =>
      choreographer(saga, { ...ports, deadlines: { set: async () => {}, delete: async () => {} } })([
        deliveryOf(event),
      ]),
    /** Runs a task of the state machine with this definition. */
    run: (saga: AnySaga, task: Omit<MachineTask, "sagaId">) =>
      sagaTask(
        saga,
        ports,
      )({ sagaId, ...task }).then(
        () => "done",
        (error: Error) => `${error.name}: ${error.message}`,
      ),
    resume: () => resumer({ sagas: [approvedLending] }, ports)({ sagaId, how: "retry", actor: "ada" }),
  };
};

const because = "hand-over cannot continue with the definition of its saga: TypeError: shelf is undefined";

test("the position is parked with the reason, whatever part of the definition fails", () => {
  const at = (part: "send" | "undo", history: readonly (typeof approved)[number][]) =>
    positionOf(changed(part), { id: sagaId, history })?.status;
  expect(at("send", approved)).toMatchObject({
    kind: "parked",
    step: "hand-over",
    reason: { kind: "cannot-continue", step: "hand-over", because: "TypeError: shelf is undefined" },
  });
  expect(at("undo", refused)).toMatchObject({ kind: "parked", step: "undo-hold" });
  // The definition does not fail for an instance that has not reached the step.
  expect(at("send", approved.slice(0, 3))).toMatchObject({ kind: "waiting", step: "approval" });
});

describe("a choreography", () => {
  const [, , , approval] = approved;

  test("parks the instance, and its delivery becomes a dead letter with the reason", async () => {
    const { deliver, item, log } = await world(approved, approved.slice(0, 3));
    const saga = changed("send");
    expect(await deliver(saga, approval)).toEqual([
      { id: approval.metadata.id, kind: "dead", because: expect.stringContaining(because) },
    ]);
    const found = await item();
    expect(found.parked).toEqual({
      code: "cannot-continue",
      because,
      at: now.toISOString(),
      event: approval.metadata.id,
    });
    expect(found.listedStatus).toMatchObject({ kind: "parked" });
    expect(found.history).toHaveLength(4);
    expect(sagaReport(saga, found, now)).toMatchObject({
      status: "parked",
      step: "hand-over",
      reasonCode: "cannot-continue",
      reason: because,
    });
    expect(log.counted()).toContain("SagaParked");
  });

  test("continues when a corrected definition gets the delivery again", async () => {
    const { deliver, item } = await world(approved, approved.slice(0, 3));
    await deliver(changed("send"), approval);
    expect(await deliver(approvedLending, approval)).toEqual([]);
    const found = await item();
    expect(found.parked).toBeUndefined();
    expect(positionOf(approvedLending, found)?.done).toContain("hand-over");
  });
});

describe("a state machine", () => {
  test("parks the step, and an operator resumes it once the definition is corrected", async () => {
    const { run, item, resume, completed, wait } = await world(approved);
    expect(await run(changed("send"), { task: "hand-over", act: "run" })).toBe(
      `Parked: ${sagaId}: ${because}`,
    );
    wait("token");
    expect(await run(changed("send"), { task: "hand-over", act: "park", token: "token" })).toBe("done");
    expect(sagaReport(changed("send"), await item(), now)).toMatchObject({
      status: "parked",
      reason: because,
    });

    expect(await resume()).toMatchObject({ kind: "resumed" });
    expect(completed).toEqual(["token"]);
    expect(await run(approvedLending, { task: "hand-over", act: "run" })).toBe("done");
  });

  test("parks a compensation too", async () => {
    const { run } = await world([...approved.slice(0, 3), rejected(4, "approval")]);
    expect(await run(changed("undo"), { task: "undo-hold", act: "run" })).toMatch(
      /^Parked: .*undo-hold cannot continue/,
    );
  });
});
