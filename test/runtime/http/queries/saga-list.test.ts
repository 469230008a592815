import { describe, expect, test } from "vitest";
import { memoryInstances } from "../../../../lib/adapters/memory/instances.ts";
import type { RecordedEvent } from "../../../../lib/model/message.ts";
import { sagaList } from "../../../../lib/runtime/http/queries/saga-list.ts";
import { sagaLog } from "../../../../lib/runtime/sagas/saga-log.ts";
import { approvedLending, approvedLibrary } from "../../../library/fixtures/approved-loans.ts";
import { recorded } from "../../../model/recorded.ts";

/** The histories of a loan, by outcome: for each event, whether a task of the saga or another party caused it. */
const stories = {
  running: [["LoanRequested"]],
  waiting: [["LoanRequested"], ["BookHeld", "hold"], ["LibrarianAsked", "approval"]],
  compensating: [["LoanRequested"], ["BookHeld", "hold"], ["LibrarianAsked", "approval"], ["Refused"]],
  completed: [
    ["LoanRequested"],
    ["BookHeld", "hold"],
    ["LibrarianAsked", "approval"],
    ["Approved"],
    ["HandedOver", "hand-over"],
    ["LoanConfirmed", "complete"],
  ],
  compensated: [
    ["LoanRequested"],
    ["BookHeld", "hold"],
    ["LibrarianAsked", "approval"],
    ["Refused"],
    ["BookFreed", "undo-hold"],
    ["LoanDeclined", "abandon"],
  ],
} as const;

type Story = keyof typeof stories;

const eventsOf = (loan: string, story: Story): readonly RecordedEvent[] =>
  stories[story].map(([type, task], index) => {
    const sagaId = `lending/${loan}`;
    const own = task && { sagaId, commandId: `${sagaId}/${task}/loan-${loan}#1` };
    return recorded(`loan-${loan}`, { type, data: { loanId: loan } }, { version: index + 1, ...own });
  });

/** 90 minutes after all of them have started. */
const later = new Date("2026-01-01T01:30:00.000Z");

/** Loans numbered from 1. The last is parked. */
const library8 = async (now = later) => {
  const instances = memoryInstances();
  const { append, park } = sagaLog(approvedLending, instances);
  const all: readonly Story[] = [
    "running",
    "running",
    "running",
    "waiting",
    "compensating",
    "completed",
    "compensated",
    "running",
  ];
  for (const [index, story] of all.entries())
    await append(await instances.read(`lending/${index + 1}`), eventsOf(`${index + 1}`, story));
  await park("lending/8", {
    code: "execution-aborted",
    because: "its execution ended",
    at: "2026-01-01T00:00:09.000Z",
  });
  return sagaList(approvedLibrary, { instances, clock: () => now });
};

type Listed = Awaited<ReturnType<ReturnType<typeof sagaList>>>;

const pageOf = (listed: Listed) => {
  if (!("items" in listed)) throw new Error(JSON.stringify(listed));
  return { ids: listed.items.map(({ id }) => id), next: listed.next };
};

const idsOf = async (query: Readonly<Record<string, string>>, now?: Date) =>
  pageOf(await (await library8(now))(query)).ids;

describe("a list of sagas", () => {
  test.each([
    ["running", ["3", "2", "1"]],
    ["waiting", ["4"]],
    ["compensating", ["5"]],
    ["completed", ["6"]],
    ["compensated", ["7"]],
    ["parked", ["8"]],
  ])("has the sagas that are %s", async (status, ids) => {
    expect((await idsOf({ status })).toSorted()).toEqual([...ids].toSorted());
  });

  test("without a status has all sagas, those that need an operator first", async () => {
    const ids = await idsOf({});
    expect(ids.slice(0, 2)).toEqual(["8", "5"]);
    expect(ids.toSorted()).toEqual(["1", "2", "3", "4", "5", "6", "7", "8"]);
  });

  test("shows the status of each", async () => {
    const listed = await (await library8())({ status: "parked" });
    expect(listed).toEqual({
      items: [
        {
          saga: "lending",
          id: "8",
          status: "parked",
          step: "hold",
          since: "2026-01-01T00:00:09.000Z",
          until: undefined,
          stuck: false,
          reasonCode: "execution-aborted",
          reason: "its execution ended",
          lastError: undefined,
          correlationId: "request",
        },
      ],
    });
  });

  test("has the stuck ones: a saga that may wait for a day is not stuck", async () => {
    expect((await idsOf({ stuck: "true" })).toSorted()).toEqual(["1", "2", "3", "5"]);
    expect(await idsOf({ stuck: "true", status: "compensating" })).toEqual(["5"]);
    expect(await idsOf({ stuck: "true", status: "completed" })).toEqual([]);
    expect(await idsOf({ stuck: "true" }, new Date("2026-01-01T00:01:00.000Z"))).toEqual([]);
  });

  test("continues page by page, from list to list", async () => {
    const list = await library8();
    const seen: string[] = [];
    for (let next: string | undefined = "", isFirst = true; next !== undefined; isFirst = false) {
      const page = pageOf(await list({ limit: "3", ...(!isFirst && { next }) }));
      expect(page.ids.length).toBeLessThanOrEqual(3);
      seen.push(...page.ids);
      next = page.next;
    }
    expect(seen).toEqual(await idsOf({}));
  });

  test.each([
    [{ status: "lost" }, "status"],
    [{ status: "" }, "status"],
    [{ stuck: "yes" }, "stuck"],
    [{ limit: "0" }, "limit"],
    [{ limit: "101" }, "limit"],
    [{ sort: "up" }, "sort"],
    [{ next: "" }, "next"],
    [{ next: "open.x" }, "next"],
    [{ next: "closed." }, "next"],
    [{ next: "open.", status: "parked" }, "next"],
  ])("refuses %j", async (query, parameter) => {
    const listed = await (await library8())(query);
    expect(listed).toMatchObject({ kind: "schema", errors: [{ path: [parameter] }] });
  });
});
