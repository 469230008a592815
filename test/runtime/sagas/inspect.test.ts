import { expect, test } from "vitest";
import { memoryInstances } from "../../../lib/adapters/memory/instances.ts";
import { memoryLog } from "../../../lib/adapters/memory/log.ts";
import type { RecordedEvent } from "../../../lib/model/message.ts";
import type { Instances } from "../../../lib/ports/instances.ts";
import { inspector } from "../../../lib/runtime/sagas/inspect.ts";
import { sagaLog } from "../../../lib/runtime/sagas/saga-log.ts";
import { approvedLending, approvedLibrary } from "../../library/fixtures/approved-loans.ts";
import { outside, own, sagaId, start } from "../../library/fixtures/loan-history.ts";
import { recorded } from "../../model/recorded.ts";

const held = own(2, "BookHeld", "hold");
const asked = own(3, "LibrarianAsked", "approval");

const margin = 300;

type Options = { readonly more?: readonly RecordedEvent[]; readonly isChoreographed?: boolean };

const inspection = async (
  events: readonly RecordedEvent[],
  { more = [], isChoreographed = false }: Options = {},
) => {
  const instances = memoryInstances();
  const log = memoryLog();
  const { append } = sagaLog(approvedLending, instances);
  await append(await instances.read(sagaId), events);
  for (const event of more) await append(await instances.read(`lending/${event.data.loanId}`), [event]);
  const read: string[] = [];
  const counting: Instances = {
    ...instances,
    read: (id) => {
      read.push(id);
      return instances.read(id);
    },
  };
  const continued: string[] = [];
  /** This number of seconds after the start of 2026. */
  const inspect = (seconds: number) =>
    inspector(approvedLibrary, {
      instances: counting,
      isChoreographed: () => isChoreographed,
      continueSaga: async (saga, id) => void continued.push(`${saga} ${id}`),
      log,
    })(new Date(Date.UTC(2026, 0, 1) + seconds * 1000));
  return { inspect, log, read, instances, continued };
};

test("a saga that waits longer than its step allows is counted and returned by every inspection", async () => {
  const { inspect, log } = await inspection([start]);
  expect(await inspect(1 + 60 + margin)).toEqual([sagaId]);
  expect(await inspect(1 + 60 + margin + 300)).toEqual([sagaId]);
  expect(log.counted()).toEqual(["SagaStuck", "SagaStuck"]);
  expect(log.entries()[1]).toEqual({ kind: "saga", message: "late sagas inspected: 1, stuck: 1" });
  expect(log.entries()[0]).toMatchObject({
    kind: "problem",
    message: "lending/1 is stuck at hold since 2026-01-01T00:00:01.000Z",
    sagaId,
    correlationId: "request",
  });
});

test("a saga that is not due is not even read", async () => {
  const { inspect, read } = await inspection([start]);
  expect(await inspect(60)).toEqual([]);
  expect(read).toEqual([]);
});

test("a saga that has advanced is scheduled for the time when it would be stuck", async () => {
  const { inspect, read, instances, log } = await inspection([start, held, asked]);
  const { history } = await instances.read(sagaId);
  await instances.setListedStatus(sagaId, { kind: "open", at: "2026-01-01T00:06:00.000Z" }, history.length);
  expect(await inspect(500)).toEqual([]);
  expect(await inspect(900)).toEqual([]);
  expect(read).toEqual([sagaId]);
  expect(log.counted()).toEqual([]);
  expect(await inspect(2 + 86_400 + margin)).toEqual([sagaId]);
});

test("compensating sagas are inspected as well, and ended ones are not", async () => {
  const compensating = [start, held, asked, outside(4, "Refused")];
  const { inspect, instances } = await inspection(compensating);
  expect(await inspect(4 + 900 + margin)).toEqual([sagaId]);
  const { append } = sagaLog(approvedLending, instances);
  const item = await instances.read(sagaId);
  await append(item, [own(5, "BookFreed", "undo-hold"), own(6, "LoanDeclined", "abandon")]);
  expect(await inspect(99_999)).toEqual([]);
});

test("all of many are found", async () => {
  const others = Array.from({ length: 60 }, (_, index) => {
    const loan = `${index + 2}`;
    return recorded(
      `loan-${loan}`,
      { type: "LoanRequested", data: { loanId: loan, bookId: "emma", memberId: "ada" } },
      { version: 1 },
    );
  });
  const { inspect } = await inspection([start], { more: others });
  expect(await inspect(99_999)).toHaveLength(61);
});

test("a stuck instance of a choreography is continued by each inspection", async () => {
  const { inspect, continued } = await inspection([start], { isChoreographed: true });
  await inspect(60);
  expect(continued).toEqual([]);
  await inspect(1 + 60 + margin);
  expect(continued).toEqual(["lending lending/1"]);
  await inspect(1 + 60 + margin + 300);
  expect(continued).toHaveLength(2);
});

test("a stuck instance of a state machine keeps its execution", async () => {
  const { inspect, continued } = await inspection([start]);
  expect(await inspect(1 + 60 + margin)).toEqual([sagaId]);
  expect(continued).toEqual([]);
});

test("a stuck saga shows the last error of its task, unless it has continued since then", async () => {
  const { inspect, log, instances } = await inspection([start]);
  const fault = { step: "hold", because: "TypeError: it broke", at: "2026-01-01T00:00:02.000Z" };
  await instances.fail(sagaId, fault);
  await inspect(1 + 60 + margin);
  await instances.fail(sagaId, { ...fault, at: "2026-01-01T00:00:00.000Z" });
  await inspect(1 + 60 + margin);
  const problems = log.entries().filter(({ kind }) => kind === "problem");
  const stuck = "lending/1 is stuck at hold since 2026-01-01T00:00:01.000Z";
  expect(problems.map(({ message }) => message)).toEqual([
    `${stuck}; its task failed: TypeError: it broke`,
    stuck,
  ]);
});

test("an instance of a removed saga is counted and returned by every inspection", async () => {
  const { instances, log } = await inspection([start]);
  const continueSaga = () => Promise.reject(new Error("nothing may be continued"));
  const look = inspector({ sagas: [] }, { instances, continueSaga, isChoreographed: () => true, log });
  expect(await look(new Date("2026-01-02T00:00:00Z"))).toEqual([sagaId]);
  expect(log.counted()).toEqual(["SagaStuck"]);
  expect(log.entries()[0]).toMatchObject({
    kind: "problem",
    sagaId,
    message: expect.stringContaining("lending/1 belongs to a saga that the application no longer has"),
  });
});

test("an instance that cannot be read is reported, and the others are inspected", async () => {
  const other = recorded("loan-2", { type: "LoanRequested", data: { loanId: "2" } }, { version: 1 });
  const { instances, log } = await inspection([start], { more: [other] });
  const read: Instances["read"] = (id) =>
    id === sagaId ? Promise.reject(new Error("a note is null")) : instances.read(id);
  const inspect = inspector(approvedLibrary, {
    instances: { ...instances, read },
    continueSaga: async () => {},
    isChoreographed: () => false,
    log,
  });
  expect(await inspect(new Date(Date.UTC(2026, 0, 2)))).toEqual(["lending/2"]);
  expect(log.entries()).toContainEqual({
    kind: "problem",
    message: "could not inspect lending/1: Error: a note is null",
    sagaId,
    error: new Error("a note is null"),
  });
});
