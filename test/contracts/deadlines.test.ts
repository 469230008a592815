import { expect, test } from "vitest";
import { memoryDeadlines } from "../../lib/adapters/memory/deadlines.ts";
import type { Deadline } from "../../lib/ports/deadlines.ts";
import { type DeadlinesUnderTest, deadlinesContract } from "../../lib/testing/contracts/deadlines.ts";
import { timeline } from "../simulation/timeline.ts";

const make = async (): Promise<DeadlinesUnderTest> => {
  const { now, sleep, pass } = timeline({ seed: 1, shuffled: false, clockJumps: false });
  const delivered: Deadline[] = [];
  const deadlines = memoryDeadlines({
    clock: () => new Date(now()),
    sleep,
    deliver: (deadline) => void delivered.push(deadline),
  });
  return { deadlines, now, pass, delivered: async () => [...delivered] };
};

deadlinesContract("in memory", make);

test("after a deadline its name is free again, as on AWS", async () => {
  const { deadlines, now, pass, delivered } = await make();
  const deadline = { sagaId: "checkout/1", task: "pay" };
  for (const _ of [1, 2]) {
    await deadlines.set("one", new Date(now() + 1000), deadline);
    await pass(2);
  }
  expect(await delivered()).toEqual([deadline, deadline]);
});
