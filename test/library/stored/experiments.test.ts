/**
 * Changed versions of the library on the folder of the version before: those of docs/guide/change-an-event.md and
 * change-a-part.md. Each change is refused by name without its declaration, which changes nothing in the folder. With it, states, rows, histories and waiting sagas are right.
 */
import { describe, expect, test } from "vitest";
import { fromItem } from "../../../lib/adapters/dynamodb/event-store/item.ts";
import * as edits from "./edits.ts";
import { type Running, recordedFolder, refusalOf, runVersion } from "./version.ts";

/** Starts the change without its declaration, then with it. */
const afterRefusal = async (
  { change, declared }: typeof edits.fieldRenamed,
  refusal: RegExp,
): Promise<Running> => {
  const data = recordedFolder();
  expect(await refusalOf(data, change)).toMatch(refusal);
  return runVersion(data, [...declared, edits.withHistories]);
};

type Event = {
  readonly version: number;
  readonly type: string;
  readonly data: Readonly<Record<string, unknown>>;
};

const historyOf = async ({ get }: Running, path: string): Promise<readonly Event[]> => {
  const { events } = await get(`${path}/events`);
  if (!Array.isArray(events)) throw new Error(`${path} has no events`);
  return events;
};

/** The version of each stored event of a type in a stream. */
const storedVersions = async ({ owner }: Running, streamId: string, type: string) =>
  (await owner.stream(streamId))
    .flatMap((item) => fromItem(item).events)
    .filter((event) => event.type === type)
    .map(({ schemaVersion = 1 }) => schemaVersion);

const typesIn = async (library: Running, path: string) =>
  (await historyOf(library, path)).map(({ type }) => type);

/** The loan that was lent before is returned: the saga that waits for it ends, and the next one puts the copy back. */
const returnsStoredLoan = async ({ get, post, eventually, owner }: Running, saga = "loan-period") => {
  expect(await get("/loans/lent")).toMatchObject({ status: "lent", memberId: "bob" });
  expect(await post("/loans/lent/return")).toBe(202);
  await eventually("/loans/lent", { status: "returned" });
  await eventually(`/sagas/${saga}/lent`, { status: "completed" });
  await eventually("/sagas/take-back/lent", { status: "completed" });
  await eventually("/books/emma", { available: 1 });
  // The effect does not run again for the reminder of the version before.
  expect(await owner.items("sms")).toHaveLength(1);
};

/** A book of the version before is lent to a member of the version before. */
const lendsStoredBook = async ({ lend, eventually }: Running) => {
  expect(await lend("new", "persuasion", "bob")).toBe(202);
  await eventually("/loans/new", { status: "lent" });
  await eventually("/books/persuasion", { copies: 1, available: 0 });
};

describe("events", () => {
  test("a field is renamed", async () => {
    const refusal = /event book\.CopiesAcquired@1: .*; affects 2 stored events\n.*past/;
    const library = await afterRefusal(edits.fieldRenamed, refusal);
    expect(library.said()).toBe("");
    expect(await library.get("/books/emma")).toMatchObject({ copies: 2, available: 0 });
    await lendsStoredBook(library);
    expect(await library.post("/books/emma/copies", { copies: 3 })).toBe(202);
    await library.eventually("/books/emma", { copies: 5, available: 3 });
    const counts = (await historyOf(library, "/books/emma"))
      .filter(({ type }) => type === "CopiesAcquired")
      .map(({ data }) => data);
    expect(counts).toEqual([
      { bookId: "emma", count: 2 },
      { bookId: "emma", count: 3 },
    ]);
  });

  test("a required field is added, which a waiting saga reads", async () => {
    const refusal = /event loan\.LoanConfirmed@1: branch .*; affects 3 stored events/;
    const library = await afterRefusal(edits.fieldAdded, refusal);
    expect(library.said()).toBe("");
    await returnsStoredLoan(library);
    await lendsStoredBook(library);
    const branchOf = async (loan: string) =>
      (await historyOf(library, `/loans/${loan}`)).find(({ type }) => type === "LoanConfirmed")?.data.branch;
    expect([await branchOf("lent"), await branchOf("new")]).toEqual(["unknown", "north"]);
  });

  test("a field with a default is added", async () => {
    const library = await runVersion(recordedFolder(), ["field-with-default", edits.withHistories]);
    expect(library.said()).toBe("");
    await returnsStoredLoan(library);
    const conditionOf = async (loan: string) =>
      (await historyOf(library, `/loans/${loan}`)).find(({ type }) => type === "BookReturned")?.data
        .condition;
    expect([await conditionOf("returned"), await conditionOf("lent")]).toEqual([
      "as before",
      "not checked yet",
    ]);
  });

  test("a type is renamed", async () => {
    const refusal = /event loan\.BookReturned@1: is read by nothing; affects 1 stored event/;
    const library = await afterRefusal(edits.typeRenamed, refusal);
    // The rows stay as they are, because the upcaster leads to the type that the projections listen to.
    expect(library.said()).toBe("");
    const days = await library.get("/days");
    expect(await library.get("/loans/returned")).toMatchObject({ status: "returned" });
    expect(days).toMatchObject({
      items: [
        { lent: 2, returned: 1 },
        { lent: 1, returned: 0 },
      ],
    });
    // It was returned before, so this changes nothing.
    expect(await library.post("/loans/returned/return")).toBe(202);
    expect((await typesIn(library, "/loans/returned")).filter((type) => type === "LoanEnded")).toHaveLength(
      1,
    );
    await returnsStoredLoan(library);
  });

  test("a type is dropped", async () => {
    const refusal = /event loan\.DueDateSet@1: is read by nothing; affects 3 stored events/;
    const library = await afterRefusal(edits.typeDropped, refusal);
    expect(library.said()).toMatch(/^read model loan-status .*\n$/);
    expect(await library.get("/loans/lent")).not.toHaveProperty("due");
    await returnsStoredLoan(library);
    expect(await typesIn(library, "/loans/lent")).not.toContain("DueDateSet");
    await lendsStoredBook(library);
    await library.eventually("/sagas/loan-period/new", { status: "waiting" });
    await library.post("/loans/new/return");
    await library.eventually("/sagas/loan-period/new", { status: "completed" });
  });

  test("an event is split", async () => {
    const refusal = /event member\.MemberRegistered@1: is read by nothing; affects 2 stored events/;
    const library = await afterRefusal(edits.eventSplit, refusal);
    expect(library.said()).toBe("");
    // The state has the phone number.
    expect(await library.post("/members", { memberId: "ada", phone: "+441632960001" })).toBe(202);
    expect(await library.post("/members", { memberId: "ada", phone: "+441632960009" })).toBe(409);
    await lendsStoredBook(library);
    const [joined, given] = await historyOf(library, "/members/bob");
    expect(joined).toMatchObject({ version: 1, type: "MemberJoined", data: { memberId: "bob" } });
    expect(given).toMatchObject({ version: 1, type: "PhoneGiven", data: { phone: "+441632960002" } });
    await returnsStoredLoan(library);
  });
});

test("a version that has stored events goes back to the shape before", async () => {
  const data = recordedFolder();
  const newer = await runVersion(data, ["field-renamed", edits.withHistories]);
  await lendsStoredBook(newer);
  expect(await newer.post("/books/persuasion/copies", { copies: 1 })).toBe(202);
  await newer.eventually("/books/persuasion", { copies: 2, available: 1 });
  await newer.eventually("/sagas/loan-period/new", { status: "waiting" });
  await newer.stop();

  const library = await runVersion(data, ["field-renamed+gone-back", edits.withHistories]);
  const { get, post, lend, eventually } = library;
  expect(library.said()).toBe("");
  expect(await get("/books/persuasion")).toMatchObject({ copies: 2, available: 1 });
  expect(await post("/books/persuasion/copies", { copies: 1 })).toBe(202);
  await eventually("/books/persuasion", { copies: 3, available: 2 });
  expect(await storedVersions(library, "book-persuasion", "CopiesAcquired")).toEqual([1, 2, 3]);
  const acquired = (await historyOf(library, "/books/persuasion"))
    .filter(({ type }) => type === "CopiesAcquired")
    .map(({ data }) => data);
  expect(acquired).toEqual([1, 1, 1].map((copies) => ({ bookId: "persuasion", copies })));

  // The state has the copies of all three versions: two more loans get one, and the next does not.
  for (const [loanId, memberId] of [
    ["second", "bob"],
    ["third", "ada"],
  ] as const) {
    expect(await lend(loanId, "persuasion", memberId)).toBe(202);
    await eventually(`/loans/${loanId}`, { status: "lent" });
  }
  expect(await lend("fourth", "persuasion", "ada")).toBe(202);
  await eventually("/loans/fourth", { status: "declined" });
  await eventually("/books/persuasion", { copies: 3, available: 0 });

  // Sagas that began under each version end.
  await returnsStoredLoan(library);
  expect(await post("/loans/new/return")).toBe(202);
  await eventually("/sagas/loan-period/new", { status: "completed" });
  await eventually("/books/persuasion", { copies: 3, available: 1 });
});

describe("names", () => {
  test("a decider is renamed", async () => {
    const library = await afterRefusal(
      edits.deciderRenamed,
      /decider book: is removed; affects 8 stored events\n.*formerly/,
    );
    expect(library.said()).toBe("");
    await lendsStoredBook(library);
    expect((await typesIn(library, "/books/persuasion"))[0]).toBe("CopiesAcquired");
    await returnsStoredLoan(library);
  });

  test("a step is renamed", async () => {
    const refusal = /step loan-period\/wait-for-return: is removed; affects 1 running instance\n.*formerly/;
    const library = await afterRefusal(edits.stepRenamed, refusal);
    expect(library.said()).toBe("");
    expect(await library.get("/sagas/loan-period/lent")).toMatchObject({
      status: "waiting",
      step: "await-return",
    });
    await returnsStoredLoan(library);
  });

  test("a saga is renamed", async () => {
    const refusal = /saga loan-period: is removed; affects 1 running instance\n.*formerly/;
    const library = await afterRefusal(edits.sagaRenamed, refusal);
    expect(library.said()).toBe("");
    expect(await library.get("/sagas/loan-period/lent")).toMatchObject({ saga: "return-watch" });
    await returnsStoredLoan(library, "return-watch");
  });

  test("a saga is removed, once its instances have ended", async () => {
    const data = recordedFolder();
    const refusal = /saga loan-period: is removed; affects 1 running instance\n.*Keep its definition/;
    expect(await refusalOf(data, ["saga-removed"])).toMatch(refusal);
    const before = await runVersion(data, []);
    await returnsStoredLoan(before);
    await before.stop();
    const library = await runVersion(data, ["saga-removed"]);
    expect(library.said()).toBe("");
    await lendsStoredBook(library);
  });
});

test("a row is changed: it is named, and filled before the library is ready", async () => {
  const data = recordedFolder();
  const library = await runVersion(data, ["row-changed"]);
  expect(library.said()).toMatch(
    /^read model loan-status has changed, with 4 rows \(.*isReminded.*\): it is filled from the event store\n$/,
  );
  expect(await library.get("/loans/reminded")).toEqual({
    loanId: "reminded",
    bookId: "emma",
    memberId: "ada",
    status: "lent",
    due: expect.any(String),
    isReminded: true,
  });
  expect(await library.get("/loans/declined")).toMatchObject({ status: "declined", isReminded: false });
  // The other read models are not touched.
  expect(await library.get("/books/emma")).toMatchObject({ copies: 2, available: 0 });
  await returnsStoredLoan(library);
  expect(await library.get("/loans/lent")).toMatchObject({ status: "returned", isReminded: false });
  await library.eventually("/books/emma", { copies: 2, available: 1 });
  await library.stop();
  const again = await runVersion(data, ["row-changed"]);
  expect(again.said()).toBe("");
});

test("a new stream is filled by copying, which may be repeated", async () => {
  const library = await runVersion(recordedFolder(), ["stream-copied"]);
  expect(library.said()).toBe("");
  const copies = (await historyOf(library, "/books/emma")).filter(({ type }) => type === "CopiesAcquired");
  for (const { version, data } of [...copies, ...copies])
    expect(await library.post("/shelves/novels/copies", { ...data, from: `book-emma@${version}` })).toBe(202);
  expect((await historyOf(library, "/shelves/novels")).map(({ data }) => data)).toEqual([
    { shelfId: "novels", bookId: "emma", copies: 2, from: "book-emma@1" },
  ]);
});
