/** The alarms of each variant of the shop: each fault is reported by one alarm, and each alarm names its commands. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { alarmCostsTable } from "../../../bin/document/alarm-costs.ts";
import { usage } from "../../../bin/operate/usage.ts";
import { readAssembly } from "../../../lib/local/cloudformation/assembly.ts";
import { foreignLines } from "../../../lib/local/cloudformation/foreign.ts";
import { stackOf } from "../../../lib/local/cloudformation/resources.ts";
import { alarmsIn, commandsIn, functionsIn } from "../../constructs/alarms.ts";
import { project } from "../project.ts";
import { variants } from "../templates/variants.ts";
import { stacksWithoutCode, synthesizeWithoutCode } from "../templates/without-code.ts";

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
  test("the shop has 41 alarms, and 38 with a broker", () => {
    expect(alarms).toHaveLength("bus" in context ? 38 : 41);
  });

  test("each alarm has one action, the same when it fires and when it is over, if and only if they are sent", () => {
    const actions = alarms.map(({ actions }) => actions);
    expect(new Set(actions.map((each) => each.alarm.length))).toEqual(new Set(["alarms" in context ? 1 : 0]));
    for (const { alarm, ok } of actions) expect(ok).toEqual(alarm);
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

test("the guide states the price of these alarms, by bus", () => {
  expect(alarmCostsTable(project).split("\n").slice(2, 5)).toEqual([
    "| EventBridge | 41 | $4.10 |",
    "| Kafka | 38 | $3.80 |",
    "| RabbitMQ | 38 | $3.80 |",
  ]);
});

test("the local cloud accepts alarms that are sent by e-mail, and says that it does not run their topic", () => {
  const folder = join(outdir, "local");
  synthesizeWithoutCode({ alarms: "ops@example.com" }, folder);
  const place = { region: "eu-central-1", account: "123456789012", endpoint: "http://127.0.0.1:1" };
  const { resources, outputs } = stackOf(readAssembly(folder, "shop"), place);
  expect(foreignLines(resources).map((line) => line.split(":").slice(0, 5).join(":"))).toEqual(
    ["Topic", "TopicPolicy", "Subscription"].map((type) => `AWS::SNS::${type} does not run here`),
  );
  expect(outputs.AlarmSubscription).toMatch(/^ops@example\.com gets no alarm until/);
});
