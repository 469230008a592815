import { expect, test } from "vitest";
import { patienceSeconds, usualAttempts, waitMilliseconds } from "../../../lib/model/delivery/patience.ts";

const attempts = Array.from({ length: usualAttempts - 1 }, (_, index) => index + 1);

test("waits grow to 20 seconds, and jitter makes them up to a quarter longer", () => {
  expect(attempts.map((attempt) => waitMilliseconds(attempt, 0) / 1000)).toEqual([1, 2, 4, 8, 16, 20, 20]);
  expect(waitMilliseconds(6, 1)).toBe(25_000);
});

test("the timeout of a function is twice its waits and one attempt more, in whole minutes", () => {
  expect([5, usualAttempts, 20].map((attempts) => patienceSeconds(attempts, 30))).toEqual([120, 240, 840]);
  expect(patienceSeconds(5, 300)).toBe(360);
});
