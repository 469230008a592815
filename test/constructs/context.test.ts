import { expect, test } from "vitest";
import { contextOf } from "../../bin/context.ts";

const context = (values: Readonly<Record<string, unknown>>) => contextOf((name) => values[name]);

test("without a word of context the defaults stand and nothing but public routes is open", () => {
  expect(context({})).toEqual({
    bus: "eventbridge",
    sagas: "step-functions",
    payments: "sandbox",
    sender: "shop@example.com",
    guard: { kind: "iam" },
  });
});

test.each([
  [{ public: "true" }, { kind: "open" }],
  [{ public: true }, { kind: "open" }],
  [{ public: "false" }, { kind: "iam" }],
  [
    { issuer: "https://id.example.com", audience: "shop" },
    { kind: "jwt", issuer: "https://id.example.com", audience: "shop" },
  ],
] as const)("%o guards the API so", (values, guard) => {
  expect(context(values).guard).toEqual(guard);
});

test.each([
  [{ bus: "carrier-pigeon" }, "context bus=carrier-pigeon: possible is eventbridge"],
  [{ sagas: "luck" }, "context sagas=luck: possible is step-functions"],
  [{ public: "yes" }, "context public=yes: possible is true, false"],
  [{ sender: "" }, "context sender=: a text is expected"],
  [{ issuer: "https://id.example.com" }, "the one needs the other"],
  [{ issuer: "i", audience: "a", public: "true" }, "either open or guarded by tokens"],
])("%o is refused with what is possible", (values, problem) => {
  expect(() => context(values)).toThrow(problem);
});
