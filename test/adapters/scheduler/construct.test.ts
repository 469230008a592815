/**
 * Both halves together: the construct's resources, run by the local cloud and used by the adapter with its binding.
 */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { SchedulerClient } from "@aws-sdk/client-scheduler";
import { App, CfnOutput, Stack } from "aws-cdk-lib";
import { Template } from "aws-cdk-lib/assertions";
import { Role, ServicePrincipal } from "aws-cdk-lib/aws-iam";
import { Queue } from "aws-cdk-lib/aws-sqs";
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from "vitest";
import { schedulerResources as bind } from "../../../lib/adapters/scheduler/construct.ts";
import { schedulerDeadlines } from "../../../lib/adapters/scheduler/deadlines.ts";
import { deadlineSettings, variables } from "../../../lib/adapters/scheduler/settings.ts";
import { policyOf } from "../../../lib/constructs/function.ts";
import { type LocalCloud, localCloud } from "../../../lib/local/local-cloud.ts";
import type { Caller } from "../../../lib/local/service/service.ts";
import { rightsOf } from "../../constructs/rights.ts";

const outdir = mkdtempSync(join(tmpdir(), "deadlines-"));
const app = new App({ outdir, builtinCloudFormationValidation: false });
const stack = new Stack(app, "Shop");
const queue = new Queue(stack, "Saga", { enforceSSL: true });
const deadLetters = new Queue(stack, "Dead", { enforceSSL: true });
const { environment, statements } = bind(stack, {
  queueArn: queue.queueArn,
  deadLettersArn: deadLetters.queueArn,
  retry: { attemptsMax: 12, ageSecondsMax: 3600 },
  admit: () => {
    throw new Error("the Scheduler sends with a role, not by a policy of the queue");
  },
});
new Role(stack, "SetterRole", {
  assumedBy: new ServicePrincipal("lambda.amazonaws.com"),
  inlinePolicies: { Needs: policyOf(statements) },
});
for (const [name, value] of Object.entries(environment))
  new CfnOutput(stack, name.replaceAll("_", ""), { value });
const template = Template.fromStack(stack);
app.synth();

test("the Scheduler may send to the queue and its dead-letter queue, and the function may set deadlines", () => {
  const rights = rightsOf(template);
  expect(rights.Deadlines).toEqual(["sqs:SendMessage on Dead", "sqs:SendMessage on Saga"]);
  expect(rights.Setter).toEqual([
    "iam:PassRole on DeadlinesRole",
    "scheduler:CreateSchedule on arn:AWS::Partition:scheduler:AWS::Region:AWS::AccountId:schedule/Deadlines/*",
    "scheduler:DeleteSchedule on arn:AWS::Partition:scheduler:AWS::Region:AWS::AccountId:schedule/Deadlines/*",
  ]);
});

test("only the Scheduler may assume the role, and only for schedules of the group", () => {
  template.hasResourceProperties("AWS::IAM::Role", {
    AssumeRolePolicyDocument: {
      Statement: [
        {
          Action: "sts:AssumeRole",
          Principal: { Service: "scheduler.amazonaws.com" },
          Condition: {
            StringEquals: {
              "aws:SourceAccount": { Ref: "AWS::AccountId" },
              "aws:SourceArn": { "Fn::GetAtt": ["Deadlines", "Arn"] },
            },
          },
        },
      ],
    },
  });
});

describe("on the local cloud", () => {
  let cloud: LocalCloud;
  beforeAll(async () => {
    cloud = await localCloud({ assembly: outdir, port: 0, report: () => {} });
    for (const name of Object.values(variables))
      vi.stubEnv(name, cloud.outputs[name.replaceAll("_", "")] ?? "");
  });
  afterAll(async () => {
    vi.unstubAllEnvs();
    await cloud.stop();
    rmSync(outdir, { recursive: true });
  });

  const owner: Caller = { kind: "owner" };
  const arnOf = (id: string) => cloud.resources.find((each) => each.id.startsWith(id))?.arn ?? "";
  const bodies = async () => {
    const QueueUrl = cloud.find(deadlineSettings().queueArn)?.name ?? "";
    // The answer of ReceiveMessage.
    const { Messages = [] } = (await cloud.call(owner, {
      service: "sqs",
      operation: "ReceiveMessage",
      input: { QueueUrl, WaitTimeSeconds: 20 },
    })) as { Messages?: { Body: string }[] };
    return Messages.map(({ Body }) => JSON.parse(Body));
  };

  test("a deadline that is set with the environment reaches the queue", async () => {
    const client = new SchedulerClient({
      region: "eu-central-1",
      endpoint: cloud.endpoint,
      credentials: cloud.ownerCredentials,
    });
    const clock = () => new Date(cloud.clock.now());
    const deadline = { sagaId: "checkout/10248", task: "pay" };
    const { retry } = deadlineSettings();
    expect(retry).toEqual({ attemptsMax: 12, ageSecondsMax: 3600 });
    await schedulerDeadlines(client, deadlineSettings(), { clock }).set("pay", clock(), deadline);
    cloud.advance(10);
    expect(await bodies()).toEqual([
      { source: "eventfold.deadlines", "detail-type": "Deadline", detail: deadline },
    ]);
  });

  const schedule = (GroupName: string) => ({
    Name: "by-role",
    GroupName,
    ScheduleExpression: "at(2100-01-01T00:00:00)",
    FlexibleTimeWindow: { Mode: "OFF" },
    ActionAfterCompletion: "DELETE",
    Target: { Arn: deadlineSettings().queueArn, RoleArn: deadlineSettings().roleArn, Input: "{}" },
  });
  const create = (GroupName: string) =>
    cloud.call(
      { kind: "role", arn: arnOf("SetterRole") },
      { service: "scheduler", operation: "CreateSchedule", input: schedule(GroupName) },
    );

  test("the permissions of the binding are enough for its group, and for no other", async () => {
    await expect(create(deadlineSettings().groupName)).resolves.toBeDefined();
    await expect(create("default")).rejects.toMatchObject({ code: "AccessDeniedException" });
  });
});

describe("the settings", () => {
  afterEach(() => vi.unstubAllEnvs());

  test.each(Object.values(variables))("name %s if it is missing", (missing) => {
    for (const name of Object.values(variables)) vi.stubEnv(name, name === missing ? "" : "1");
    expect(deadlineSettings).toThrow(`environment variable ${missing} is missing`);
  });
});
