import { expect, test } from "vitest";
import { system } from "../../../lib/adapters/system/system.ts";

test("new ids differ", () => {
  expect(system.newId()).not.toBe(system.newId());
});

test("random numbers are between 0 and 1", () => {
  const chance = system.random();
  expect(chance).toBeGreaterThanOrEqual(0);
  expect(chance).toBeLessThan(1);
});

test("time passes while it sleeps", async () => {
  const before = system.clock().getTime();
  await system.sleep(1);
  expect(system.clock().getTime()).toBeGreaterThanOrEqual(before);
});
