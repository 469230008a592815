/** Sagas read today's events: in deliveries, in the streams that they command, and in histories that are years old. */
import { describe, expect, test } from "vitest";
import * as z from "zod";
import { memoryEventStore } from "../../../lib/adapters/memory/event-store.ts";
import { memoryInstances } from "../../../lib/adapters/memory/instances.ts";
import { memoryLog } from "../../../lib/adapters/memory/log.ts";
import type { AnyDecider } from "../../../lib/model/decider.ts";
import { currentEvents } from "../../../lib/model/events/current.ts";
import { drop, lift, old, part, split, today } from "../../../lib/model/events/past.ts";
import type { RecordedEvent } from "../../../lib/model/message.ts";
import { positionOf } from "../../../lib/model/sagas/position.ts";
import { choreographer } from "../../../lib/runtime/sagas/choreograph.ts";
import { currentInstances } from "../../../lib/runtime/sagas/current-instances.ts";
import { inspector } from "../../../lib/runtime/sagas/inspect.ts";
import { resumer } from "../../../lib/runtime/sagas/resume.ts";
import { sagaLog } from "../../../lib/runtime/sagas/saga-log.ts";
import { sagaReport } from "../../../lib/runtime/sagas/saga-report.ts";
import { sagaTask } from "../../../lib/runtime/sagas/saga-task.ts";
import { commandHandler } from "../../../lib/runtime/streams/handle-command.ts";
import { approvedLending, approvedLoan } from "../../library/fixtures/approved-loans.ts";
import { outside, own, sagaId, start } from "../../library/fixtures/loan-history.ts";
import { deliveryOf } from "../deliveries.ts";
import { storeEvents } from "../stored.ts";
import { waitingEngine } from "../waiting-engine.ts";

const ofLoan = z.object({ loanId: z.string() });
const example = { loanId: "1" };
const { events } = approvedLoan;
const locked = today(events, "Locked");
const approved = today(events, "Approved");

const changedLoan: AnyDecider = {
  ...approvedLoan,
  past: [
    lift(old("Agreed", 1, ofLoan, example), approved, (data) => data),
    split(old("AgreedAndLocked", 1, ofLoan, example), [locked, approved], (data) => [
      part(locked, data),
      part(approved, data),
    ]),
    drop(old("Noted", 1, ofLoan, example), "no one reads notes"),
    split(old("Commented", 1, ofLoan, example), [locked], ({ loanId }) =>
      loanId === "2" ? [part(locked, { loanId })] : [],
    ),
  ],
};

const held = own(2, "BookHeld", "hold");
const asked = own(3, "LibrarianAsked", "approval");
const waiting = [start, held, asked];

/** Eleven minutes after the last event of these tests, unless it says something else. */
const later = (minutes = 11) => new Date(Date.UTC(2026, 0, 1, 0, minutes, 5));

type Contents = {
  readonly stored: readonly RecordedEvent[];
  readonly history?: readonly RecordedEvent[];
  readonly now?: Date;
};

const world = async ({ stored, history = stored, now = later() }: Contents) => {
  const store = memoryEventStore();
  await storeEvents(store, stored);
  const kept = memoryInstances();
  await kept.append(sagaId, history);
  const log = memoryLog();
  const of = (decider: AnyDecider) => {
    const clock = () => now;
    const current = currentEvents([decider]);
    const instances = currentInstances(current, kept);
    const handle = commandHandler(
      { name: "library", deciders: [decider] },
      { store, clock, log, sleep: async () => {}, random: () => 0 },
    );
    const ports = { current, store, instances, handle, clock, log, engine: waitingEngine("token").engine };
    return {
      deliver: (event: RecordedEvent) =>
        choreographer(approvedLending, {
          ...ports,
          deadlines: { set: async () => {}, delete: async () => {} },
        })([deliveryOf(event)]),
      run: (task: string) =>
        sagaTask(
          approvedLending,
          ports,
        )({ sagaId, task, act: "run" }).then(
          () => "done",
          (error: Error) => `${error.name}: ${error.message}`,
        ),
      resume: () => resumer({ sagas: [approvedLending] }, ports)({ sagaId, how: "retry" }),
      inspect: () =>
        inspector(
          { sagas: [approvedLending] },
          { ...ports, isChoreographed: () => true, continueSaga: async () => {} },
        )(now),
      item: () => instances.read(sagaId),
      status: async () => positionOf(approvedLending, await instances.read(sagaId))?.status,
      done: async () => positionOf(approvedLending, await instances.read(sagaId))?.done,
    };
  };
  return { kept, log, of, ...of(changedLoan) };
};

describe("events of an earlier version", () => {
  test.each(["Agreed", "AgreedAndLocked"])(
    "a message %s ends the step that waits for today's event",
    async (type) => {
      const agreed = outside(4, type);
      const { deliver, done } = await world({ stored: [...waiting, agreed], history: waiting });
      expect(await deliver(agreed)).toEqual([]);
      expect(await done()).toContain("approval");
    },
  );

  test.each(["Agreed", "AgreedAndLocked"])("a history with %s has today's event", async (type) => {
    const { item, done } = await world({ stored: [...waiting, outside(4, type)] });
    const { history, storedEvents } = await item();
    expect(history.map((event) => event.type)).toContain("Approved");
    expect(storedEvents).toBe(4);
    expect(await done()).toContain("approval");
  });

  test("an event that was appended whole and in parts is in the history once", async () => {
    const whole = outside(4, "AgreedAndLocked");
    const second = { ...outside(4, "Approved"), metadata: { ...whole.metadata, id: "loan-1@4.1" } };
    const { item } = await world({ stored: [...waiting, whole], history: [...waiting, whole, second] });
    expect((await item()).history.map(({ metadata }) => metadata.id)).toEqual([
      "loan-1@1",
      "loan-1@2",
      "loan-1@3",
      "loan-1@4",
      "loan-1@4.1",
    ]);
  });

  test("a command whose stream has decided with an earlier version does not expire", async () => {
    const { run, done } = await world({ stored: [...waiting, outside(4, "Agreed")], history: waiting });
    expect(await run("approval")).toMatch(/undecided/);
    const task = await world({ stored: [...waiting, outside(4, "Agreed")] });
    expect(await task.run("hand-over")).toBe("done");
    expect(await task.done()).toContain("hand-over");
    expect(await done()).toEqual(["hold"]);
  });

  test.each([
    ["a dropped event", "Noted"],
    ["an event that its split makes no part of", "Commented"],
  ])("%s still answers its command", async (_, type) => {
    const { item, status } = await world({ stored: [start, own(2, type, "hold")] });
    expect((await item()).history.at(-1)).toMatchObject({ type: "CommandIgnored", data: { command: type } });
    // A command without an answer would be sent again.
    expect(await status()).toMatchObject({ kind: "waiting", step: "hold" });
  });

  test("an entry whose data were not stored stays as it is", async () => {
    const stripped = { ...outside(4, "Renewed"), data: {} };
    const { item, status } = await world({ stored: waiting, history: [...waiting, stripped] });
    expect((await item()).history.at(-1)).toEqual(stripped);
    expect((await item()).unreadable).toBeUndefined();
    expect(await status()).toMatchObject({ kind: "waiting" });
  });

  test("a status is stored only if no other process has appended more stored events", async () => {
    const { kept } = await world({ stored: [...waiting, outside(4, "AgreedAndLocked")] });
    const counts: number[] = [];
    const setListedStatus: typeof kept.setListedStatus = async (_, __, count) => void counts.push(count);
    const instances = currentInstances(currentEvents([changedLoan]), { ...kept, setListedStatus });
    const item = await instances.read(sagaId);
    expect(item.history).toHaveLength(5);
    await sagaLog(approvedLending, instances).append(item, []);
    expect(counts).toEqual([4]);
  });
});

describe("an event that cannot be read", () => {
  const burnt = own(4, "BookBurnt", "hand-over");
  const unfit = { ...own(4, "HandedOver", "hand-over"), data: { loanId: 4 } };
  const newer = { ...unfit, metadata: { ...unfit.metadata, schemaVersion: 9 } };

  test.each([
    ["of an unknown type", burnt],
    ["that does not fit its schema", unfit],
    ["of a newer version", newer],
  ])("%s parks the instance that has caused it, and is a dead letter", async (_, event) => {
    const { deliver, kept, log } = await world({ stored: waiting });
    expect(await deliver(event)).toEqual([
      { id: event.metadata.id, kind: "dead", because: expect.stringContaining(event.type) },
    ]);
    expect((await kept.read(sagaId)).parked).toMatchObject({
      code: "cannot-be-read",
      event: event.metadata.id,
    });
    expect(log.counted()).toContain("SagaParked");
    expect(log.entries().filter(({ kind }) => kind === "problem")).toHaveLength(1);
  });

  test("waits for newer code while it is young", async () => {
    const { deliver, kept } = await world({ stored: waiting, now: later(9) });
    expect(await deliver(newer)).toMatchObject([{ kind: "wait" }]);
    expect((await kept.read(sagaId)).parked).toBeUndefined();
  });

  test("does not park the instance of another saga that has caused it", async () => {
    const { deliver, kept } = await world({ stored: waiting });
    const sagaId = "renewal/1";
    const others = { ...burnt, metadata: { ...burnt.metadata, sagaId } };
    expect(await deliver(others)).toMatchObject([{ kind: "dead" }]);
    expect((await kept.read(sagaId)).parked).toBeUndefined();
  });

  test("is a dead letter if it does not name an instance", async () => {
    const { deliver, kept } = await world({ stored: waiting });
    expect(await deliver(outside(4, "BookBurnt"))).toMatchObject([{ kind: "dead" }]);
    expect((await kept.read(sagaId)).parked).toBeUndefined();
  });

  test("continues the instance when code that reads it gets it again", async () => {
    const burntToday = lift(old("BookBurnt", 1, ofLoan, example), today(events, "Refused"), (data) => data);
    const fixed = { ...changedLoan, past: [...(changedLoan.past ?? []), burntToday] };
    const refused = own(4, "BookBurnt", "approval");
    const { deliver, of, kept } = await world({ stored: [...waiting, refused], history: waiting });
    await deliver(refused);
    expect((await kept.read(sagaId)).parked?.code).toBe("cannot-be-read");
    expect(await of(fixed).deliver(refused)).toEqual([]);
    expect((await kept.read(sagaId)).parked).toBeUndefined();
    expect(await of(fixed).status()).toMatchObject({ kind: "compensated" });
  });
});

describe("a history that cannot be read", () => {
  const unfit = { ...outside(4, "Approved"), data: { loanId: 4 } };
  const history = [...waiting, unfit];

  test("parks the instance of a choreography, and shows it in reports", async () => {
    const { deliver, kept, item } = await world({ stored: waiting, history });
    expect(await deliver(outside(5, "Locked"))).toEqual([]);
    const approvedAgain = outside(5, "Approved");
    expect(await deliver(approvedAgain)).toMatchObject([{ id: approvedAgain.metadata.id, kind: "dead" }]);
    expect((await kept.read(sagaId)).parked).toMatchObject({ code: "cannot-be-read" });
    expect(sagaReport(approvedLending, await item(), later())).toMatchObject({
      status: "parked",
      reasonCode: "cannot-be-read",
    });
  });

  test("ends the task of a state machine, and no operator can resume it before the code is corrected", async () => {
    const { run, resume, kept } = await world({ stored: waiting, history });
    expect(await run("approval")).toMatch(/^PermanentError: event loan-1@4, Approved@1: \/loanId/);
    expect((await kept.read(sagaId)).parked).toMatchObject({ code: "cannot-be-read" });
    expect(await resume()).toMatchObject({
      kind: "unreadable",
      because: expect.stringContaining("loan-1@4"),
    });
  });
});
