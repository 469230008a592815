/** For one release: a former Express machine keeps the definition that it had, to the letter. */
import { createHash } from "node:crypto";
import { expect, test } from "vitest";
import { toFormerExpress } from "../../../lib/compile/machine/former-express.ts";
import { toStateMachine } from "../../../lib/compile/machine/state-machine.ts";
import { lendingOf, step } from "../../library/fixtures/lending-of.ts";
import { takeBack } from "../../library/lib/loans/take-back.ts";

const lending = lendingOf([
  step("one", { waits: false }),
  step("two", { waits: false, pivot: true }),
  step("three", { waits: false }),
]);

/** Of the definitions that version 2026-11 compiled. */
test.each([
  ["take-back", takeBack, "bb0cce45349cdb305c74a878a5709a88a14bcdff73fd7b38156e4a55f1b94671"],
  [
    "a saga with undos and a pivot",
    lending,
    "a4cf52655003cec25a21e1c1991f6a4dea228be924190cfb62df9c941b0e0476",
  ],
] as const)("%s", (_, saga, hash) => {
  const definition = JSON.stringify(toFormerExpress(toStateMachine(saga, { functionArn: "function" })));
  expect(createHash("sha256").update(definition).digest("hex")).toBe(hash);
});
