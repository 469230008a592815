/** Wrong usage: exit code 2, and a message that names the option. The help is not printed. */
import { expect, test } from "vitest";
import { run } from "./command-line.ts";

const engines = "auto, step-functions or choreography";

test.each([
  ["start", ["--bus", "redis"], "--bus: expected eventbridge, kafka or rabbitmq, got redis"],
  ["start", ["--bus", ""], "--bus: expected eventbridge, kafka or rabbitmq, got an empty value"],
  ["start", ["--saga", "foo"], `--saga: expected ${engines}, got foo`],
  ["start", ["--saga", "checkout=foo"], `--saga checkout=ENGINE: expected ${engines}, got foo`],
  ["start", ["--saga", "nothing=choreography"], "--saga: there is no saga nothing; expected "],
  ["start", ["--saga", "express"], "--saga: Express is not offered any more, because "],
  [
    "start",
    ["--saga", "restock=express"],
    "--saga restock=ENGINE: Express is not offered any more, because ",
  ],
  ["provision", ["--bus", "kafka", "--saga", "express"], "--saga: Express is not offered any more, because "],
  ["start", ["--prot", "1"], "there is no option --prot; did you mean --port?"],
  ["start", ["--something-else"], "there is no option --something-else\n"],
  ["synth", ["--contxt", "a=b"], "there is no option --contxt; did you mean --context?"],
  ["operate", ["parked", "--ur", "x"], "there is no option --ur; did you mean --url?"],
  ["provision", [], "--bus is missing: expected kafka or rabbitmq"],
  ["provision", ["--bus", "eventbridge"], "--bus: expected kafka or rabbitmq, got eventbridge"],
  ["provision", ["--bus", "kafka", "--saga", "foo"], `--saga: expected ${engines}, got foo`],
] as const)("%s %j", async (command, words, because) => {
  const { code, stdout, stderr } = await run("bin/eventfold.ts", [command, ...words]);
  expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
  expect(stderr.startsWith(because)).toBe(true);
  expect(stderr).toMatch(/^.+\n\n--help lists the options\n$/);
});
