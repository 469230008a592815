/** The alarms of each variant of the shop: each fault is reported by one alarm, and each alarm names its commands. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { usage } from "../../../bin/operate/usage.ts";
import { alarmsIn, commandsIn, functionsIn } from "../../constructs/alarms.ts";
import { variants } from "../templates/variants.ts";
import { stacksWithoutCode } from "../templates/without-code.ts";

const outdir = mkdtempSync(join(tmpdir(), "alarms-"));
afterAll(() => rmSync(outdir, { recursive: true }));

const templatesOf = (context: Readonly<Record<string, string>>): readonly unknown[] =>
  stacksWithoutCode(context, outdir)
    .synth()
    .stacks.map(({ template }) => template);

const repeatedIn = (all: readonly string[]): readonly string[] =>
  all.filter((each, index) => all.indexOf(each) !== index);

/** The commands of AWS that a description may name. */
const ofAws = [
  "dynamodb restore-table-to-point-in-time",
  "lambda get-account-settings",
  "logs describe-log-groups",
  "logs tail",
  "s3 ls",
  "sqs get-queue-attributes",
  "sqs start-message-move-task",
];

const isKnown = (command: string): boolean => {
  const [program, ...words] = command.split(" ");
  if (program === "aws") return ofAws.includes(words.slice(0, 2).join(" "));
  const [eventfold, operate, ...argv] = words;
  return `${program} ${eventfold} ${operate}` === "npx eventfold operate" && usage(argv).kind === "operation";
};

describe.each(Object.entries(variants))("%s", (_, context) => {
  const templates = templatesOf(context);
  const alarms = templates.flatMap(alarmsIn);

  // The queue of replays has three, and only EventBridge has replays.
  test("the shop has 40 alarms, and 37 with a broker", () => {
    expect(alarms).toHaveLength("bus" in context ? 37 : 40);
  });

  test("no two alarms have the same metric and dimensions", () => {
    expect(repeatedIn(alarms.map(({ metric }) => metric))).toEqual([]);
  });

  test("no two alarms report the same fault", () => {
    const reported = alarms.flatMap(({ of, faults }) => faults.map((fault) => `${of}: ${fault}`));
    expect(repeatedIn(reported)).toEqual([]);
    const ofApplication = alarms.flatMap(({ of, faults }) => (of === "application" ? faults : []));
    const ofOne = alarms.flatMap(({ of, faults }) => (of === "application" ? [] : faults));
    expect(ofApplication.filter((fault) => ofOne.includes(fault))).toEqual([]);
  });

  test("the failure of each function is reported, of a saga's task by SagaDelayed", () => {
    const reporting = alarms.flatMap(({ of, faults }) => (faults.includes("the function fails") ? [of] : []));
    const others = templates.flatMap(functionsIn).filter((id) => !reporting.includes(id));
    expect(others.filter((id) => !/TaskFunction[0-9A-F]{8}$/.test(id))).toEqual([]);
    expect(alarms.flatMap(({ faults }) => faults)).toContain("a task of a saga fails or gets no answer");
  });

  test("each description has commands that exist, and fits into the limit of CloudWatch", () => {
    for (const { id, description } of alarms) {
      // A name of CloudFormation is longer than NAME.
      expect(description.length + 100 * description.split("NAME").length, id).toBeLessThan(1024);
      expect(
        commandsIn(description).filter((command) => !isKnown(command)),
        id,
      ).toEqual([]);
    }
  });
});
