import { describe, expect, test } from "vitest";
import * as z from "zod";
import type { AnyApplication } from "../../../lib/model/application.ts";
import { application as library } from "../../library/lib/application.ts";
import { book } from "../../library/lib/books/book.ts";
import { bookCopies } from "../../library/lib/books/book-copies.ts";
import { lending } from "../../library/lib/loans/lending.ts";
import { loanPeriod } from "../../library/lib/loans/loan-period.ts";
import { loanStatus } from "../../library/lib/loans/loan-status.ts";
import { commit, folder } from "./folder.ts";

const first: AnyApplication = { ...library, projections: [bookCopies, loanStatus], routes: [] };

/** CopiesAcquired has another field. */
const changed: AnyApplication = {
  ...first,
  deciders: first.deciders.map((decider) =>
    decider === book
      ? {
          ...book,
          events: { ...book.events, CopiesAcquired: z.object({ bookId: z.string(), count: z.int() }) },
        }
      : decider,
  ),
};

const withLoans = (more: object): AnyApplication => ({
  ...first,
  projections: [bookCopies, { ...loanStatus, ...more }],
});

const emma = commit("book-emma", 1, "CopiesAcquired");

const started = async (...commits: Parameters<ReturnType<typeof folder>["set"]>[1]) => {
  const data = folder();
  await data.start(first);
  data.set("events", commits);
  return data;
};

describe("events", () => {
  test("a version that cannot read stored events is refused, with their number", async () => {
    const data = await started(emma, commit("book-persuasion", 1, "CopiesAcquired"));
    await expect(data.start(changed)).rejects.toThrow(
      /^the data in data come from another version[\s\S]*event book\.CopiesAcquired@1: count .*; affects 2 stored events\n[\s\S]*past[\s\S]*--accept-breaks$/,
    );
    // The folder still belongs to the first version.
    expect(await data.start(first)).toEqual([]);
    await expect(data.start(changed)).rejects.toThrow("CopiesAcquired");
  });

  test("the version is accepted if no such event is stored", async () => {
    const data = await started(
      commit("book-emma", 1, "CopyReserved"),
      commit("other-1", 1, "CopiesAcquired"),
      commit("book-persuasion", 1, "CopiesAcquired", 2),
    );
    expect(await data.start(changed)).toEqual([]);
  });

  test("the version starts with --accept-breaks, and the folder is its own from then on", async () => {
    const data = await started(emma);
    const said = await data.start(changed, true);
    expect(said[0]).toContain("event book.CopiesAcquired@1");
    expect(await data.start(changed)).toEqual([]);
  });

  test("a used folder that names no version is accepted, and says so once", async () => {
    const data = folder();
    data.set("events", [emma]);
    expect(await data.start(changed)).toEqual([
      expect.stringContaining("data does not say which version of the application last ran on it"),
    ]);
    expect(await data.start(changed)).toEqual([]);
    expect(await folder().start(first)).toEqual([]);
  });
});

describe("names", () => {
  const members = first.deciders.map((each) => (each.name === "member" ? { ...each, name: "reader" } : each));
  const ada = commit("member-ada", 1, "MemberRegistered");

  test("a decider that is gone is refused if it has streams", async () => {
    const data = await started(ada);
    await expect(data.start({ ...first, deciders: members })).rejects.toThrow(
      "decider member: is removed; affects 1 stored event",
    );
    const others = await started(emma);
    expect(await others.start({ ...first, deciders: members })).toEqual([]);
  });

  test("an application with another name is refused, because its tables have other names", async () => {
    const data = await started();
    await expect(data.start({ ...first, name: "archive" })).rejects.toThrow(
      "application library: is removed; affects all stored data",
    );
  });

  test("an effect or a translator that is gone is named", async () => {
    const data = await started(ada);
    expect(await data.start({ ...first, effects: [], translators: [] })).toEqual([
      expect.stringContaining("effect send-reminder: is removed. Its queue may hold messages."),
      expect.stringContaining("translator publisher-deliveries: is removed. Its queue may hold messages."),
    ]);
  });

  test("changes that the folder does not depend on are not named", async () => {
    const data = await started(ada);
    expect(await data.start({ ...first, access: ["public"], routes: [] })).toEqual([]);
  });
});

describe("sagas", () => {
  const without: AnyApplication = { ...first, sagas: [lending] };
  const [step] = loanPeriod.steps;
  const steps = step ? [{ ...step, name: "wait" }] : [];
  const renamedStep: AnyApplication = { ...first, sagas: [lending, { ...loanPeriod, steps }] };

  test.each([
    ["saga", without, "saga loan-period: is removed; affects 1 running instance"],
    ["step", renamedStep, "step loan-period/wait-for-return: is removed; affects 1 running instance"],
  ])("a removed %s is refused if instances are under way", async (_, version, sentence) => {
    const running = folder([
      ["loan-period/1", "open"],
      ["loan-period/2", "completed"],
      ["lending/1", "open"],
    ]);
    await running.start(first);
    await expect(running.start(version)).rejects.toThrow(sentence);
    const ended = folder([
      ["loan-period/2", "completed"],
      ["lending/1", "open"],
    ]);
    await ended.start(first);
    expect(await ended.start(version)).toEqual([]);
  });

  test("a saga that an earlier start did not have either is a warning", async () => {
    const data = folder([["loan-period/1", "open"]]);
    await data.start(first);
    expect(await data.start(without, true)).toEqual([
      expect.stringContaining("saga loan-period: is removed"),
    ]);
    expect(await data.start(without)).toEqual([
      expect.stringContaining("saga loan-period is not in the application, but 1 of its instances"),
    ]);
  });
});

describe("read models", () => {
  const row = (pk: string) => ({ pk: { S: pk }, row: { S: "{}" } });
  const checkpoint = { pk: { S: "-book-emma" } };
  const parkedFor = (consumer: string) => ({ pk: { S: `${consumer} loan-1` }, consumer: { S: consumer } });

  const filled = async () => {
    const data = await started(emma, commit("loan-1", 1, "LoanRequested"));
    data.set("loan-status", [row("1"), row("2"), checkpoint]);
    data.set("book-copies", [row("emma")]);
    data.set("parked", [parkedFor("loan-status"), parkedFor("book-copies")]);
    return data;
  };
  const withoutIndex = withLoans({ indexes: {} });

  test("a read model that has not changed keeps its rows", async () => {
    const data = await filled();
    expect(await data.start(first)).toEqual([]);
    expect(data.projected).toEqual([]);
    expect(data.pksIn("loan-status")).toEqual(["1", "2", "-book-emma"]);
  });

  test("one that has changed is named with its rows, emptied and filled from all commits", async () => {
    const data = await filled();
    const more = withLoans({ row: loanStatus.row.extend({ late: z.boolean() }), indexes: {} });
    expect(await data.start(more)).toEqual([
      "read model loan-status has changed, with 2 rows (index byMember (by memberId) is removed; late is new and required): " +
        "it is filled from the event store",
    ]);
    expect(data.pksIn("loan-status")).toEqual([]);
    expect(data.pksIn("book-copies")).toEqual(["emma"]);
    expect(data.pksIn("parked")).toEqual(["book-copies loan-1"]);
    expect(data.projected).toEqual([["book-emma@1", "loan-1@1"]]);
    expect(await data.start(more)).toEqual([]);
  });

  test.each([
    [
      "another key",
      { on: { ...loanStatus.on, LoanRequested: { ...loanStatus.on.LoanRequested, key: "bookId" } } },
    ],
    ["an event more", { on: { ...loanStatus.on, ReminderCalledOff: loanStatus.on.BookReturned } }],
    ["another index", { indexes: { byMember: { by: "memberId", newestFirst: "due" } } }],
    ["another row", { row: loanStatus.row.partial() }],
  ])("it is filled for %s", async (_, more) => {
    const data = await filled();
    expect(await data.start(withLoans(more))).toEqual([
      expect.stringContaining("read model loan-status has changed, with 2 rows"),
    ]);
    expect(data.pksIn("loan-status")).toEqual([]);
  });

  test("a new one is filled, and one that is gone is not", async () => {
    const data = folder();
    const withoutLoans = { ...first, projections: [bookCopies] };
    await data.start(withoutLoans);
    data.set("events", [emma]);
    expect(await data.start(first)).toEqual([
      "read model loan-status is new: it is filled from the event store",
    ]);
    expect(data.projected).toEqual([["book-emma@1"]]);
    expect(await data.start(withoutLoans)).toEqual([]);
  });

  test("an interrupted fill is repeated by the next start, of this version or the earlier one", async () => {
    for (const [version, how] of [
      [withoutIndex, "is incomplete"],
      [first, "has changed, with 1 row (index byMember (by memberId) is new)"],
    ] as const) {
      const data = await filled();
      data.failWith("killed");
      await expect(data.start(withoutIndex)).rejects.toThrow("killed");
      data.failWith(undefined);
      data.set("loan-status", [row("half")]);
      expect(await data.start(version)).toEqual([
        `read model loan-status ${how}: it is filled from the event store`,
      ]);
      expect(data.pksIn("loan-status")).toEqual([]);
      expect(data.projected).toHaveLength(1);
      expect(await data.start(version)).toEqual([]);
    }
  });

  test("a commit that the function refuses is given to it again", async () => {
    const data = await filled();
    data.refuse("loan-1");
    await data.start(withoutIndex);
    expect(data.projected).toEqual([["book-emma@1", "loan-1@1"], ["loan-1@1"]]);
  });

  test("a commit that the function always refuses ends the start", async () => {
    const data = await filled();
    data.refuse("loan-1", true);
    const refusal = "loan-status cannot be filled: the commit loan-1@1 failed.";
    await expect(data.start(withoutIndex)).rejects.toThrow(refusal);
    await expect(data.start(withoutIndex)).rejects.toThrow(refusal);
    // The user may start without it. The read model stays incomplete.
    const [incomplete, ...said] = await data.start(withoutIndex, true);
    expect(incomplete).toContain("read model loan-status is incomplete");
    expect(said).toEqual([expect.stringContaining(refusal)]);
    await expect(data.start(withoutIndex)).rejects.toThrow(refusal);
  });

  test("streams that the fill has parked are named", async () => {
    const data = await filled();
    data.parkAtNext(parkedFor("loan-status"));
    expect((await data.start(withoutIndex)).slice(1)).toEqual([
      "read model loan-status lacks the streams that it cannot apply: npx eventfold operate parked lists 1",
    ]);
  });

  test("an interrupted fill is forgotten if the projection is gone", async () => {
    const data = await filled();
    data.failWith("killed");
    const withOther = { ...first, projections: [...first.projections, { ...loanStatus, name: "others" }] };
    await expect(data.start(withOther)).rejects.toThrow("killed");
    data.failWith(undefined);
    expect(await data.start(first)).toEqual([]);
  });
});
