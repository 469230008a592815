/** What npm run conformance plays, counts and reports. */
import { expect, test } from "vitest";
import type { Options } from "./conformance/command/options.ts";
import { progress } from "./conformance/command/progress.ts";
import { conform } from "./conformance/command/run.ts";
import { librarySagas } from "./conformance/library.ts";
import type { Subject } from "./conformance/subject.ts";

const shortly: Options = {
  engine: "pure",
  saga: "lending",
  extent: "triples",
  seed: 1,
  shard: { index: 1, of: 1 },
  repeat: "--seed 1",
};

const conforming = async (options: Partial<Options>, subjects: readonly Subject[] = librarySagas) => {
  const printed: string[] = [];
  const reported: string[] = [];
  const problems = await conform(
    subjects,
    { ...shortly, ...options },
    { print: (line) => printed.push(line), report: (line) => reported.push(line) },
  );
  const scenarios = printed
    .flatMap((text) => /^\| scenarios \| (\d+) \|$/m.exec(text)?.[1] ?? [])
    .map(Number);
  return { problems, printed, reported, scenarios };
};

test("shards together play all scenarios", async () => {
  const { scenarios: all } = await conforming({});
  const shards = [1, 2, 3].map((index) => conforming({ shard: { index, of: 3 } }));
  const parts = (await Promise.all(shards)).flatMap(({ scenarios }) => scenarios);
  expect(parts).toHaveLength(3);
  expect([parts.reduce((sum, part) => sum + part, 0)]).toEqual(all);
});

test("a number plays this many scenarios over all sagas, and another seed plays others", async () => {
  const { scenarios, printed } = await conforming({ extent: 100, saga: undefined });
  expect(scenarios.length).toBeGreaterThan(1);
  expect(scenarios.reduce((sum, each) => sum + each, 0)).toBe(100);
  const { printed: same } = await conforming({ extent: 100, saga: undefined });
  const { printed: other } = await conforming({ extent: 100, saga: undefined, seed: 2 });
  const counts = (texts: readonly string[]) => texts.map((text) => text.replace(/^\| seconds .+$/m, ""));
  expect(counts(same)).toEqual(counts(printed));
  expect(counts(other)).not.toEqual(counts(printed));
});

test("a scenario with a problem is printed and counted, and the report says how to repeat it", async () => {
  const wrong = librarySagas.map((subject) => ({ ...subject, imbalancesOf: () => ["a book is lost"] }));
  const { problems, printed, reported } = await conforming({ extent: 2 }, wrong);
  expect(problems).toBe(2);
  expect(printed[0]).toMatch(/^the pure functions: lending.*, seed 1\n {2}a book is lost$/);
  expect(reported.at(-1)).toBe("✗ 2 scenarios with problems. The same again: --seed 1");
});

test("the progress is reported at intervals, with the scenarios per minute", () => {
  let milliseconds = 0;
  const reported: string[] = [];
  const done = progress(4000, {
    milliseconds: () => milliseconds,
    every: 10,
    report: (line) => reported.push(line),
  });
  for (let scenario = 0; scenario < 3000; scenario += 1) {
    milliseconds += 10;
    done();
  }
  expect(reported).toEqual([
    "1,000 of 4,000 scenarios, 6,000 per minute",
    "2,000 of 4,000 scenarios, 6,000 per minute",
    "3,000 of 4,000 scenarios, 6,000 per minute",
  ]);
});
