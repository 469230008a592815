import { describe, expect, test } from "vitest";
import { memoryInstances } from "../../../lib/adapters/memory/instances.ts";
import type { RecordedEvent } from "../../../lib/model/message.ts";
import { storedSaga } from "../../../lib/model/names/as-stored.ts";
import type { InstanceItem } from "../../../lib/ports/instances.ts";
import { sagaReport } from "../../../lib/runtime/sagas/saga-report.ts";
import { approvedLending } from "../../library/fixtures/approved-loans.ts";
import {
  commandId,
  loanId,
  outside,
  own,
  rejected,
  resumed,
  sagaId,
  start,
} from "../../library/fixtures/loan-history.ts";

const held = own(2, "BookHeld", "hold");
const asked = own(3, "LibrarianAsked", "approval");
const compensating = [start, held, asked, outside(4, "Refused")];
const forward = [start, held, asked, outside(4, "Approved"), own(5, "HandedOver", "hand-over")];

/** Seconds after the start of 2026, as ISO 8601. */
const second = (seconds: number) => new Date(Date.UTC(2026, 0, 1) + seconds * 1000).toISOString();

const reportOf = async (
  history: readonly RecordedEvent[],
  more: Partial<InstanceItem> = {},
  seconds = 60,
) => {
  const item = await memoryInstances().append(sagaId, history);
  return sagaReport(approvedLending, { ...item, ...more }, new Date(second(seconds)));
};

const sent = (type: string, task: string, attempt = 1) => ({
  type,
  streamId: loanId,
  id: commandId(task, attempt),
});

describe("an instance waits", () => {
  test("for the answers of streams while it runs", async () => {
    expect((await reportOf([start]))?.waitsFor).toEqual({
      kind: "answer",
      commands: [sent("HoldBook", "hold")],
      until: second(1 + 60),
    });
  });

  test("for one of the events that end its step", async () => {
    expect((await reportOf([start, held, asked]))?.waitsFor).toEqual({
      kind: "event",
      events: ["Approved", "Refused"],
      commands: [sent("AskLibrarian", "approval")],
      until: second(2 + 86_400),
    });
  });

  test("for the answers of its compensations while it compensates", async () => {
    expect((await reportOf(compensating))?.waitsFor).toEqual({
      kind: "answer",
      commands: [sent("FreeBook", "undo-hold")],
      until: second(4 + 900),
    });
  });

  test("for an operator once it is parked", async () => {
    expect((await reportOf([...compensating, rejected(5, "undo-hold")]))?.waitsFor).toEqual({
      kind: "resume",
      commands: [sent("FreeBook", "undo-hold")],
    });
  });

  test("for an operator once its execution has ended", async () => {
    const parked = { code: "execution-aborted", because: "it was aborted", at: second(9) };
    expect((await reportOf([start, held], { parked }))?.waitsFor).toEqual({ kind: "resume", commands: [] });
  });

  test("for nothing once it is over", async () => {
    const report = await reportOf([...forward, own(6, "LoanConfirmed", "complete")]);
    expect(report).toMatchObject({ waitsFor: undefined, outcome: "completed", until: undefined });
  });
});

describe("a report", () => {
  test("names the definition and its completed steps, forward and compensating", async () => {
    expect(await reportOf([...compensating, own(5, "BookFreed", "undo-hold")])).toMatchObject({
      definition: { name: "lending", steps: ["hold", "approval", "hand-over"] },
      done: ["hold", "undo-approval", "undo-hold"],
      step: "abandon",
      since: second(5),
      outcome: undefined,
    });
  });

  test("shows the present names of a renamed saga and its steps, and the stored ids of commands", async () => {
    const renamed = storedSaga({
      ...approvedLending,
      name: "borrowing",
      formerly: ["lending"],
      steps: approvedLending.steps.map((step) => ({
        ...step,
        name: `${step.name}-2`,
        formerly: [step.name],
      })),
    });
    const { read, append } = memoryInstances();
    await append(sagaId, [...compensating, own(5, "BookFreed", "undo-hold")]);
    const fault = { step: "undo-approval", because: "it is down", at: second(99) };
    const report = sagaReport(renamed, { ...(await read(sagaId)), fault }, new Date(second(100)));
    expect(report).toMatchObject({
      saga: "borrowing",
      id: "1",
      step: "abandon",
      definition: { name: "borrowing", steps: ["hold-2", "approval-2", "hand-over-2"] },
      done: ["hold-2", "undo-approval-2", "undo-hold-2"],
      reason: "approval-2 failed: Refused",
      lastError: { step: "undo-approval-2" },
      waitsFor: { commands: [{ id: expect.stringMatching(/^lending\/1\/abandon/) }] },
    });
    expect(report?.events.map(({ step }) => step)).toContain("undo-hold-2");
  });

  test("names the steps of this instance, not those that it skips", async () => {
    const steps = approvedLending.steps.map((step) => (step.pivot ? step : { ...step, onlyIf: () => false }));
    const { read, append } = memoryInstances();
    await append(sagaId, [start]);
    const report = sagaReport({ ...approvedLending, steps }, await read(sagaId), new Date(0));
    expect(report?.definition.steps).toEqual(["approval"]);
  });

  test("has the outcome, with the reason of a compensation", async () => {
    const over = [...compensating, own(5, "BookFreed", "undo-hold"), own(6, "LoanDeclined", "abandon")];
    expect(await reportOf(over)).toMatchObject({
      status: "compensated",
      outcome: "compensated",
      reason: "approval failed: Refused",
      since: second(6),
    });
  });

  test("links each event to its command and to its cause", async () => {
    expect((await reportOf([start, held]))?.events[1]).toEqual({
      type: "BookHeld",
      id: `${loanId}@2`,
      recordedAt: held.metadata.recordedAt,
      commandId: commandId("hold"),
      causationId: held.metadata.causationId,
      actor: undefined,
      step: "hold",
    });
  });

  test("has the events in the order of their times, although a repeated row may append them in another order", async () => {
    const report = await reportOf([start, own(4, "LibrarianAsked", "approval"), own(3, "BookHeld", "hold")]);
    expect(report?.events.map(({ type }) => type)).toEqual(["LoanRequested", "BookHeld", "LibrarianAsked"]);
  });

  test("names the author of each decision, in streams and about ended executions", async () => {
    const { metadata, ...event } = resumed(6, "undo-hold", "skip");
    const decided = { ...event, metadata: { ...metadata, actor: "ada" } };
    const history = [...compensating, rejected(5, "undo-hold"), decided];
    const restarted = { how: "retry", actor: "eve", requestId: "http/1", at: second(9) } as const;
    expect((await reportOf(history, { resumed: restarted }))?.decisions).toEqual([
      { how: "skip", actor: "ada", requestId: metadata.causationId, at: second(6) },
      restarted,
    ]);
  });
});

describe("an instance is stuck", () => {
  const margin = 300;
  const stuckAt = async (seconds: number, history: readonly RecordedEvent[], more?: Partial<InstanceItem>) =>
    (await reportOf(history, more, seconds))?.stuck;

  test("when it waits longer than its step allows, plus a margin", async () => {
    expect(await stuckAt(1 + 60 + margin - 1, [start])).toBe(false);
    expect(await stuckAt(1 + 60 + margin, [start])).toBe(true);
  });

  test("by the time of its current step", async () => {
    expect(await stuckAt(1 + 60 + margin, [start, held])).toBe(false);
    expect(await stuckAt(2 + 86_400 + margin, [start, held, asked])).toBe(true);
  });

  test("when its compensation takes too long", async () => {
    expect(await stuckAt(4 + 900 + margin, compensating)).toBe(true);
  });

  test("not before the full time has passed since it was resumed", async () => {
    const history = [...compensating, rejected(5, "undo-hold"), resumed(6, "undo-hold", "retry")];
    expect(await stuckAt(5 + 900 + margin, history)).toBe(false);
    expect(await stuckAt(6 + 900 + margin, history)).toBe(true);
    const later = { how: "retry", at: second(99) } as const;
    expect(await stuckAt(1 + 60 + margin, [start], { resumed: later })).toBe(false);
  });

  test("neither while it is parked nor once it is over", async () => {
    const years = 99_999_999;
    expect(await stuckAt(years, [...compensating, rejected(5, "undo-hold")])).toBe(false);
    expect(
      await stuckAt(years, [start], {
        parked: { code: "execution-aborted", because: "aborted", at: second(9) },
      }),
    ).toBe(false);
    expect(await stuckAt(years, [...forward, own(6, "LoanConfirmed", "complete")])).toBe(false);
  });
});

describe("the last error", () => {
  const fault = { step: "hold", because: "TypeError: it broke", at: second(2) };

  test("is shown while the task that threw it is still in progress", async () => {
    expect(await reportOf([start], { fault })).toMatchObject({ lastError: fault });
  });

  test("is not shown once the saga has continued or is over", async () => {
    const laterFault = { ...fault, at: second(99) };
    expect(
      (await reportOf([start, held], { fault: { ...fault, at: start.metadata.recordedAt } }))?.lastError,
    ).toBeUndefined();
    expect(
      (await reportOf([...forward, own(6, "LoanConfirmed", "complete")], { fault: laterFault }))?.lastError,
    ).toBeUndefined();
  });
});

test("a parked mark of an earlier version shows no stack", async () => {
  const because = "Error: it broke\n    at file:///var/task/index.mjs:1:2";
  const report = await reportOf([start, held], {
    parked: { code: "execution-ended", because, at: second(9) },
  });
  expect(report).toMatchObject({
    reasonCode: "execution-ended",
    reason: "Error: it broke",
    parked: { because: "Error: it broke" },
  });
});
