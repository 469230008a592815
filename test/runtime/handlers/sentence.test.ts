import { expect, test } from "vitest";
import { sentenceOf } from "../../../lib/runtime/handlers/sentence.ts";

const lambdaError = JSON.stringify({
  errorType: "TypeError",
  errorMessage: "Cannot read properties of undefined (reading 'x')",
  trace: ["TypeError: Cannot read", "    at file:///var/task/index.mjs:1:2"],
});

test.each<readonly [unknown, string]>([
  [new TypeError("it broke"), "TypeError: it broke"],
  ["it broke", "it broke"],
  ["TypeError: it broke\n    at handler (file:///var/task/index.mjs:1:2)", "TypeError: it broke"],
  [lambdaError, "TypeError: Cannot read properties of undefined (reading 'x')"],
  ['{"errorType":"no document"', '{"errorType":"no document"'],
  ['{"other":1}', '{"other":1}'],
  ["Cannot find module '/var/task/lib/pay.mjs'", "Cannot find module 'pay.mjs'"],
  ["at file:///var/task/index.mjs:12:34 it broke", "at index.mjs it broke"],
  ["C:\\app\\lib\\index.js: it broke", "index.js: it broke"],
  ["checkout/1 pay: see https://example.com/a/b", "checkout/1 pay: see https://example.com/a/b"],
  ["", ""],
])("%j is %j", (error, sentence) => {
  expect(sentenceOf(error)).toBe(sentence);
});

test("a long sentence is cut at 300 characters", () => {
  expect(sentenceOf("x".repeat(301))).toBe(`${"x".repeat(299)}…`);
});
