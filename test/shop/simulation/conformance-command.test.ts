/** npm run conformance, in a process of its own. */
import { expect, test } from "vitest";
import { run } from "../../bin/command-line.ts";

const conformance = (...words: readonly string[]) => run("test/shop/simulation/conformance/run.ts", words);

test.each([
  [["--engine", "steam"], "--engine: expected pure, reference, compiled or choreography, got steam"],
  [["--saga", "nothing"], "--saga: expected checkout, lending or loan-period, got nothing"],
  [["--extent", "half"], "--extent: expected triples, whole or a whole number from 1, got half"],
  [["--extent", "0"], "--extent: expected triples, whole or a whole number from 1, got 0"],
  [["--seed", "one"], "--seed: expected a whole number from 0, got one"],
  [["--shard", "3/2"], "--shard: expected I/N with I from 1 to N, got 3/2"],
  [["--shard", "0/2"], "--shard: expected I/N with I from 1 to N, got 0/2"],
  [["--shard", "half"], "--shard: expected I/N with I from 1 to N, got half"],
  [["--sed", "1"], "there is no option --sed; did you mean --seed?"],
  [["everything"], "Unexpected argument 'everything'"],
] as const)("%j is refused, and nothing is played", async (words, because) => {
  const { code, stdout, stderr } = await conformance(...words);
  expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
  expect(stderr.startsWith(because)).toBe(true);
  expect(stderr).toMatch(/^.+\n\n--help lists the options\n$/);
});

test("--help plays nothing and lists the engines and the sagas", async () => {
  const { code, stdout, stderr } = await conformance("--help");
  expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
  expect(stdout).toMatch(/--engine NAME +only this engine: pure, reference, compiled or choreography/);
  expect(stdout).toMatch(/--saga NAME +only this saga: checkout, lending or loan-period/);
});

test("random scenarios of one saga on one engine", async () => {
  const words = ["--engine", "choreography", "--saga", "checkout", "--extent", "3", "--seed", "5"];
  const { code, stdout, stderr } = await conformance(...words);
  expect({ code, stderr }).toEqual({
    code: 0,
    stderr: "3 scenarios: --engine choreography --saga checkout --extent 3 --seed 5 --shard 1/1\n",
  });
  expect(stdout).toMatch(/^\ncheckout\n\n\| {2}\| choreography \|\n/);
  expect(stdout).toContain("| scenarios | 3 |");
  expect(stdout).toContain("| → with problems | 0 |");
});
