import { expect, test } from "vitest";
import { acknowledgements, judged } from "../../../lib/compile/compatibility/acknowledged.ts";
import type { Change } from "../../../lib/compile/compatibility/changes/change.ts";

const removed = (name: string): Change => ({ part: "sagas", name, kind: "breaking", what: "is removed" });

const because = "its last instance has ended";

test("an acknowledgement names exactly one change; one that matches nothing is stale", () => {
  const found = judged(
    [removed("restock"), removed("checkout")],
    [
      { change: "saga restock: is removed", because },
      { change: "saga refund: is removed", because },
    ],
  );
  expect(found.changes).toEqual([{ ...removed("restock"), acknowledged: because }, removed("checkout")]);
  expect(found.stale).toEqual(["saga refund: is removed"]);
});

test.each([
  ["an empty reason", [{ change: "a", because: " " }]],
  ["no reason", [{ change: "a" }]],
  ["an unknown field", [{ change: "a", because, until: "2027" }]],
  ["no list", { change: "a", because }],
])("%s is refused", (_, given) => {
  expect(acknowledgements.safeParse(given).success).toBe(false);
});
