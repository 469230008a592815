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

test("earlier code is refused by name after newer code has stored events, and the newer code continues", async () => {
  const data = recordedFolder();
  const newer = await runVersion(data, ["field-renamed"]);
  expect(await newer.post("/books/emma/copies", { copies: 3 })).toBe(202);
  await newer.eventually("/books/emma", { copies: 5, available: 3 });
  await newer.stop();

  const refused = await refusalOf(data, []);
  expect(refused).toMatch(
    /event book\.CopiesAcquired@2: is read by nothing; affects 1 stored event\n.*newer/,
  );
  const again = await runVersion(data, ["field-renamed"]);
  expect(again.said()).toBe("");
  expect(await again.get("/books/emma")).toMatchObject({ copies: 5, available: 3 });
  expect(await again.post("/books/emma/copies", { copies: 1 })).toBe(202);
  await again.eventually("/books/emma", { copies: 6, available: 4 });
});

test("earlier code is refused before newer code has stored events, and may be started nevertheless", async () => {
  const data = recordedFolder();
  await (await runVersion(data, ["field-renamed"])).stop();
  const refused = await refusalOf(data, []);
  expect(refused).toMatch(/event book\.CopiesAcquired@1: is removed from past; affects 2 stored events/);
  expect(refused).not.toContain("CopiesAcquired@2");
  const library = await runVersion(data, [], "--accept-breaks");
  expect(await library.post("/books/emma/copies", { copies: 3 })).toBe(202);
  await library.eventually("/books/emma", { copies: 5, available: 3 });
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
