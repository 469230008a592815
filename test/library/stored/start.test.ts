/** `npm start` on a folder of another version: what it refuses, what it names, and which read models it fills. */
import { expect, test } from "vitest";
import type { Edit } from "./changed-library.ts";
import { fieldRenamed } from "./edits.ts";
import { recordedFolder, refusalOf, runVersion } from "./version.ts";

const { change } = fieldRenamed;

test("a break of stored events is refused by name, and the earlier version goes on", async () => {
  const data = recordedFolder();
  const refused = await refusalOf(data, change);
  expect(refused).toMatch(/event book\.CopiesAcquired@1: count .*; affects 2 stored events/);
  expect(refused).toContain("--accept-breaks");
  const library = await runVersion(data, []);
  expect(library.said()).toBe("");
  expect(await library.get("/books/emma")).toMatchObject({ copies: 2, available: 0 });
  await library.stop();

  const accepted = await runVersion(data, change, "--accept-breaks");
  expect(accepted.said()).toMatch(/event book\.CopiesAcquired/);
  await accepted.stop();
  const again = await runVersion(data, change);
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
