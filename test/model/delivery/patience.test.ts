import { expect, test } from "vitest";
import { patienceSeconds, usualAttempts, waitMilliseconds } from "../../../lib/model/delivery/patience.ts";

const attempts = Array.from({ length: usualAttempts - 1 }, (_, index) => index + 1);

test("waits grow to 20 seconds, and are up to a quarter longer by chance", () => {
  expect(attempts.map((attempt) => waitMilliseconds(attempt, 0) / 1000)).toEqual([1, 2, 4, 8, 16, 20, 20]);
  expect(waitMilliseconds(6, 1)).toBe(25_000);
});

test("a function may run as long again as it waits, and for one attempt more, in whole minutes", () => {
  expect([5, usualAttempts, 20].map((attempts) => patienceSeconds(attempts, 30))).toEqual([120, 240, 840]);
  expect(patienceSeconds(5, 300)).toBe(360);
});
