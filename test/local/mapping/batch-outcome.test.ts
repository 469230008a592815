import { describe, expect, test } from "vitest";
import { outcomeOf } from "../../../lib/local/mapping/outcome.ts";

describe("the outcome of a batch of 7, 8 and 9", () => {
  const outcome = (payload: unknown, reportsFailures = true) =>
    outcomeOf({ payload }, reportsFailures, ["7", "8", "9"]);

  test.each([[[]], [null], [{}], [""], ["text"], [{ batchItemFailures: [] }], [{ batchItemFailures: null }]])(
    "an answer of %j is success",
    (payload) => {
      expect(outcome(payload)).toEqual({ kind: "done" });
    },
  );

  test.each([
    [{ itemIdentifier: 123 }],
    [{ itemIdentifier: "123" }],
    [{ itemIdentifier: 7 }],
    [{ itemIdentifier: "" }],
    [{ itemIdentifier: null }],
    [{ foo: 123 }],
    [{ foo: null }],
    [null],
    ["7"],
  ])("a failure of %j, which names no record, fails the whole batch", (failure) => {
    expect(outcome({ batchItemFailures: [{ itemIdentifier: "7" }, failure] })).toEqual({
      kind: "failed",
      functionError: null,
    });
  });

  test("a value that is not a list fails the whole batch", () => {
    expect(outcome({ batchItemFailures: "7" })).toEqual({ kind: "failed", functionError: null });
  });

  test("only the records that are named have failed", () => {
    const batchItemFailures = [{ itemIdentifier: "9" }, { itemIdentifier: "8" }];
    expect(outcome({ batchItemFailures })).toEqual({ kind: "partial", failed: new Set(["9", "8"]) });
  });

  test("a partial answer is ignored if the mapping does not ask for it", () => {
    expect(outcome({ batchItemFailures: [{ itemIdentifier: "8" }] }, false)).toEqual({ kind: "done" });
  });

  test("a function error fails the whole batch, whatever its document says", () => {
    const invocation = { payload: { batchItemFailures: [] }, functionError: "Unhandled" } as const;
    expect(outcomeOf(invocation, true, ["7"])).toEqual({ kind: "failed", functionError: "Unhandled" });
  });
});
