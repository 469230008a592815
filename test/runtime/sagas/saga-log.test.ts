import { describe, expect, test } from "vitest";
import { memoryInstances } from "../../../lib/adapters/memory/instances.ts";
import type { RecordedEvent } from "../../../lib/model/message.ts";
import type { Instances } from "../../../lib/ports/instances.ts";
import { sagaLog } from "../../../lib/runtime/sagas/saga-log.ts";
import { approvedLending } from "../../library/fixtures/approved-loans.ts";
import { outside, own, rejected, resumed, sagaId, start } from "../../library/fixtures/loan-history.ts";

const held = own(2, "BookHeld", "hold");
const asked = own(3, "LibrarianAsked", "approval");
const approved = outside(4, "Approved");
const forward = [start, held, asked, approved, own(5, "HandedOver", "hand-over")];
const compensating = [start, held, asked, outside(4, "Refused")];

/** Seconds after the start of 2026, as ISO 8601. */
const second = (seconds: number) => new Date(Date.UTC(2026, 0, 1) + seconds * 1000).toISOString();

const stepNamed = (name: string) =>
  approvedLending.steps.find((step) => step.name === name)?.timeoutSeconds ?? 0;
const margin = 300;

/** The number of requested writes, next to the instances themselves. */
const counted = () => {
  const instances = memoryInstances();
  const corrected: string[] = [];
  const appended: (string | undefined)[] = [];
  const counting: Instances = {
    ...instances,
    append: (id, events, beside) => {
      appended.push(beside?.listedStatus?.kind);
      return instances.append(id, events, beside);
    },
    setListedStatus: (id, listedStatus, count) => {
      corrected.push(listedStatus.kind);
      return instances.setListedStatus(id, listedStatus, count);
    },
  };
  return { instances: counting, corrected, appended };
};

const appendEach = async (instances: Instances, events: readonly RecordedEvent[]) => {
  const { append } = sagaLog(approvedLending, instances);
  for (const event of events) await append(await instances.read(sagaId), [event]);
  return (await instances.read(sagaId)).listedStatus;
};

describe("the status of an instance is stored with its events:", () => {
  const rows: readonly (readonly [string, readonly RecordedEvent[], string, number])[] = [
    ["open from its start", [start], "open", 1 + stepNamed("hold") + margin],
    [
      "open as long as it goes forward, without another write",
      forward,
      "open",
      1 + stepNamed("hold") + margin,
    ],
    ["completed", [...forward, own(6, "LoanConfirmed", "complete")], "completed", 6],
    ["compensating once it compensates", compensating, "compensating", 4 + 900 + margin],
    ["parked", [...compensating, rejected(5, "undo-hold")], "parked", 5],
    [
      "compensating again once it is resumed",
      [...compensating, rejected(5, "undo-hold"), resumed(6, "undo-hold", "retry")],
      "compensating",
      6 + 900 + margin,
    ],
    [
      "compensated",
      [...compensating, own(5, "BookFreed", "undo-hold"), own(6, "LoanDeclined", "abandon")],
      "compensated",
      6,
    ],
  ];
  test.each(rows)("%s", async (_, events, kind, seconds) => {
    const { instances, corrected } = counted();
    expect(await appendEach(instances, events)).toEqual({ kind, at: second(seconds) });
    expect(corrected).toEqual([]);
  });

  test("none as long as its start is not in the history", async () => {
    expect(await appendEach(memoryInstances(), [held])).toBeUndefined();
  });

  test("it is written only when it changes", async () => {
    const { instances, appended } = counted();
    await appendEach(instances, [...forward, own(6, "LoanConfirmed", "complete")]);
    expect(appended).toEqual(["open", undefined, undefined, undefined, undefined, "completed"]);
  });

  test("a step with a shorter wait than the one before moves it to an earlier time", async () => {
    const steps = approvedLending.steps.map((step) =>
      step.name === "hold" ? { ...step, timeoutSeconds: 99_999 } : { ...step, timeoutSeconds: 60 },
    );
    const instances = memoryInstances();
    const { append } = sagaLog({ ...approvedLending, steps }, instances);
    const started = await append(await instances.read(sagaId), [start]);
    expect(started.listedStatus?.at).toBe(second(1 + 99_999 + margin));
    expect((await append(started, [held])).listedStatus?.at).toBe(second(2 + 60 + margin));
  });
});

describe("a correction is made", () => {
  test("if two that append at once have each stored another status", async () => {
    const instances = memoryInstances();
    await appendEach(instances, [start, held, asked]);
    const seen = await instances.read(sagaId);
    const { append } = sagaLog(approvedLending, instances);
    // Both have read the item before either of them appends.
    await append(seen, [own(5, "HandedOver", "hand-over"), own(6, "LoanConfirmed", "complete")]);
    expect((await instances.read(sagaId)).listedStatus?.kind).toBe("open");
    await append(seen, [approved]);
    expect((await instances.read(sagaId)).listedStatus).toEqual({ kind: "completed", at: second(6) });
  });

  test("if a process crashed after its append, by the redelivery", async () => {
    const { instances, corrected } = counted();
    await instances.append(sagaId, [...forward, own(6, "LoanConfirmed", "complete")]);
    await appendEach(instances, [held]);
    expect(corrected).toEqual(["completed"]);
    expect((await instances.read(sagaId)).listedStatus?.kind).toBe("completed");
  });

  test("if its execution ended and it is parked, and if it continues", async () => {
    const instances = memoryInstances();
    await appendEach(instances, [start]);
    const { park } = sagaLog(approvedLending, instances);
    const parked = { code: "execution-aborted", because: "its execution ended", at: second(9) };
    expect((await park(sagaId, parked)).listedStatus).toEqual({ kind: "parked", at: parked.at });
    expect((await park(sagaId, undefined)).listedStatus?.kind).toBe("open");
  });

  test("but not for an instance that has ended meanwhile: its status stays", async () => {
    const instances = memoryInstances();
    const ended = [...forward, own(6, "LoanConfirmed", "complete")];
    await appendEach(instances, ended);
    const parked = { code: "execution-aborted", because: "its execution ended", at: second(9) };
    expect((await sagaLog(approvedLending, instances).park(sagaId, parked)).listedStatus?.kind).toBe(
      "completed",
    );
  });
});
