import { expect, test } from "vitest";
import { memoryInstances } from "../../../lib/adapters/memory/instances.ts";
import { attention } from "../../../lib/runtime/operations/attention.ts";
import { approvedLibrary } from "../../library/fixtures/approved-loans.ts";

test("of many instances that are not late none is read", async () => {
  const kept = memoryInstances();
  for (let number = 0; number < 60; number += 1)
    await kept.setListedStatus(`lending/${number}`, { kind: "open", at: "2026-02-01T00:00:00.000Z" }, 0);
  const read: string[] = [];
  const instances: typeof kept = {
    ...kept,
    read: (id) => {
      read.push(id);
      return kept.read(id);
    },
  };
  const clock = () => new Date("2026-01-31T00:00:00Z");
  expect(await attention(approvedLibrary, { instances, clock }).stuck()).toEqual({ sagas: [], removed: [] });
  expect(read).toEqual([]);
});
