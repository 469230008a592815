import { expect, test } from "vitest";
import { memoryDeadLetters } from "../../../lib/adapters/memory/dead-letters.ts";
import { allDeadLetters } from "../../../lib/runtime/operations/all-dead-letters.ts";

const at = "2026-01-01T00:00:00.000Z";

const place = () => {
  const [queue, topic] = [memoryDeadLetters(), memoryDeadLetters()];
  for (const payload of ["1", "2"]) queue.add("checkout", { payload, at });
  for (const payload of ["3", "4"]) topic.add("checkout", { payload, at });
  return { queue, topic, all: allDeadLetters(queue, topic) };
};

test("dead letters of all places are listed, the first place first, up to the maximum", async () => {
  const { all } = place();
  const payloads = async (countMax: number) =>
    (await all.list("checkout", countMax)).map(({ payload }) => payload);
  expect(await payloads(10)).toEqual(["1", "2", "3", "4"]);
  expect(await payloads(3)).toEqual(["1", "2", "3"]);
  expect(await payloads(1)).toEqual(["1"]);
});

test("each place redrives its dead letters, and all are counted", async () => {
  const { all, queue, topic } = place();
  const redriven = await all.redrive("checkout", (letters) =>
    letters.filter(({ payload }) => payload !== "3"),
  );
  expect(redriven).toEqual({ count: 3, more: false });
  expect(queue.redriven("checkout").map(({ payload }) => payload)).toEqual(["1", "2"]);
  expect(topic.redriven("checkout").map(({ payload }) => payload)).toEqual(["4"]);
});

test("there are more if one place has more", async () => {
  const { queue, topic } = place();
  const long = { ...topic, redrive: async () => ({ count: 5000, more: true }) };
  const redriven = await allDeadLetters(long, queue).redrive("checkout", (letters) => letters);
  expect(redriven).toEqual({ count: 5002, more: true });
});
