/** `npm start` on a folder of another version: what it refuses, what it names, and which read models it fills. */
import { expect, test } from "vitest";
import type { Edit } from "./changed-library.ts";
import { recordedFolder, refusalOf, runVersion } from "./version.ts";

const fieldRenamed: readonly Edit[] = [
  [
    "books/book.ts",
    "CopiesAcquired: z.object({ bookId, copies })",
    "CopiesAcquired: z.object({ bookId, count: copies })",
  ],
  [
    "books/book.ts",
    'type: "CopiesAcquired", data }',
    'type: "CopiesAcquired", data: { bookId: data.bookId, count: data.copies } }',
  ],
  ["books/book.ts", "state.copies + data.copies", "state.copies + data.count"],
  ["books/book-copies.ts", "data: { bookId, copies } }", "data: { bookId, count: copies } }"],
];

const rowChanged: readonly Edit[] = [
  ["loans/loan-status.ts", "remindedAt: z.string().optional()", "isReminded: z.boolean()"],
  [
    "loans/loan-status.ts",
    '{ ...data, status: "requested" }',
    '{ ...data, status: "requested", isReminded: false }',
  ],
  ["loans/loan-status.ts", "remindedAt: metadata.recordedAt", "isReminded: metadata.version > 0"],
];

test("a break of stored events is refused by name, and the earlier version goes on", async () => {
  const data = recordedFolder();
  const refused = await refusalOf(data, fieldRenamed);
  expect(refused).toMatch(/event book\.CopiesAcquired@1: count .*; affects 2 stored events/);
  expect(refused).toContain("--accept-breaks");
  const library = await runVersion(data, []);
  expect(library.said()).toBe("");
  expect(await library.get("/books/emma")).toMatchObject({ copies: 2, available: 0 });
  await library.stop();

  const accepted = await runVersion(data, fieldRenamed, "--accept-breaks");
  expect(accepted.said()).toMatch(/event book\.CopiesAcquired/);
  await accepted.stop();
  const again = await runVersion(data, fieldRenamed);
  expect(again.said()).toBe("");
});

test("a changed row is named with its rows, and is filled before the library is ready", async () => {
  const data = recordedFolder();
  const library = await runVersion(data, rowChanged);
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
  await library.post("/loans/lent/return");
  await library.eventually("/loans/lent", { status: "returned", isReminded: false });
  await library.eventually("/books/emma", { copies: 2, available: 1 });
  await library.stop();
  const again = await runVersion(data, rowChanged);
  expect(again.said()).toBe("");
});

/** An index has another name and another order, so the stored table differs from the template. */
const indexChanged: readonly Edit[] = [
  [
    "loans/loan-status.ts",
    'byMember: { by: "memberId" }',
    'ofMember: { by: "memberId", newestFirst: "bookId" }',
  ],
  ["application.ts", 'indexes: ["byMember"]', 'indexes: ["ofMember"]'],
];

test("a changed index is created, and the rows are filled again with its fields", async () => {
  const data = recordedFolder();
  const library = await runVersion(data, indexChanged);
  expect(library.said()).toMatch(
    /^read model loan-status has changed, with 4 rows \(.*ofMember.*\): it is filled from the event store\n$/,
  );
  expect(await library.get("/loans?memberId=ada")).toMatchObject({
    items: [{ loanId: "declined" }, { loanId: "returned" }, { loanId: "reminded" }],
  });
  await library.stop();
  // The earlier version gets its own index back.
  const earlier = await runVersion(data, []);
  expect(await earlier.get("/loans?memberId=ada")).toMatchObject({
    items: [{ loanId: "declined" }, { loanId: "reminded" }, { loanId: "returned" }],
  });
});
