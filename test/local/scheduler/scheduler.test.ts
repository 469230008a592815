import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, describe, expect, test } from "vitest";
import { localClock } from "../../../lib/local/machine/clock.ts";
import type { Schedule } from "../../../lib/local/scheduler/schedule.ts";
import { scheduler } from "../../../lib/local/scheduler/scheduler.ts";
import { type Input, type Operation, ServiceError } from "../../../lib/local/service/service.ts";
import { sqs } from "../../../lib/local/sqs/sqs.ts";
import { account, region, resource, type TestCloud, testCloud } from "../cloud.ts";

const queueArn = (name: string) => `arn:aws:sqs:${region}:${account}:${name}`;
const arnOf = (path: string) => `arn:aws:scheduler:${region}:${account}:${path}`;
const roleArn = (name: string) => `arn:aws:iam::${account}:role/${name}`;

const role = (name: string, Service: string, Condition: Input = {}) =>
  resource(
    "AWS::IAM::Role",
    name,
    {
      AssumeRolePolicyDocument: {
        Statement: [{ Effect: "Allow", Action: "sts:AssumeRole", Principal: { Service }, Condition }],
      },
    },
    roleArn(name),
  );

const onBehalfOf = (group: string) => ({
  StringEquals: { "aws:SourceAccount": account, "aws:SourceArn": arnOf(`schedule-group/${group}`) },
});

const group = resource("AWS::Scheduler::ScheduleGroup", "shop", { Name: "shop" });

const resources = [
  group,
  ...["work", "dead"].map((name) => resource("AWS::SQS::Queue", name)),
  role("sender", "scheduler.amazonaws.com", onBehalfOf("shop")),
  role("other-group", "scheduler.amazonaws.com", onBehalfOf("library")),
  role("function", "lambda.amazonaws.com"),
];

const schedulerProvider = [scheduler, "AWS::Scheduler::ScheduleGroup"] as const;
const queueProvider = [sqs, "AWS::SQS::Queue"] as const;

const startOfTime = Date.parse("2026-02-03T04:05:06Z");

const target = { Arn: queueArn("work"), RoleArn: roleArn("sender"), Input: '{"wake":"up"}' };
const DeadLetterConfig = { Arn: queueArn("dead") };

const schedule = (more: Input = {}): Input => ({
  Name: "one",
  GroupName: "shop",
  ScheduleExpression: "at(2026-02-03T05:00:00)",
  FlexibleTimeWindow: { Mode: "OFF" },
  ActionAfterCompletion: "DELETE",
  Target: target,
  ...more,
});

let cloud: TestCloud;
afterEach(() => cloud.stop());

const start = async (more: Partial<Parameters<typeof testCloud>[0]> = {}, now = startOfTime) => {
  const providers = [queueProvider, schedulerProvider];
  cloud = await testCloud({ providers, resources, clock: localClock(() => now), ...more });
};

const create = (input = schedule()) => cloud.call("scheduler", "CreateSchedule", input);
const remove = () => cloud.call("scheduler", "DeleteSchedule", { Name: "one", GroupName: "shop" });
const untilDue = () => cloud.clock.advance(3600_000);
const schedules = () => cloud.journal.map<Schedule>("schedules").size();

type Received = {
  readonly Body: string;
  readonly MessageAttributes?: Record<string, { StringValue: string }>;
};

const receive = async (QueueUrl: string, WaitTimeSeconds = 20) => {
  const input = { QueueUrl, WaitTimeSeconds, MaxNumberOfMessages: 10, MessageAttributeNames: ["All"] };
  // The response of ReceiveMessage.
  const { Messages = [] } = (await cloud.call("sqs", "ReceiveMessage", input)) as { Messages?: Received[] };
  return Messages;
};

describe("a schedule", () => {
  test("sends its input when it is due, and is then deleted", async () => {
    await start();
    expect(await create()).toEqual({ ScheduleArn: arnOf("schedule/shop/one") });
    cloud.clock.advance(3000_000);
    expect(await receive("work", 0)).toEqual([]);
    untilDue();
    expect(await receive("work")).toMatchObject([{ Body: target.Input }]);
    expect(schedules()).toBe(0);
    expect(await create(schedule({ ScheduleExpression: "at(2026-02-04T00:00:00)" }))).toBeDefined();
  });

  test("needs permission to create it and to pass its role, and sends with that role", async () => {
    await start();
    await create();
    untilDue();
    await receive("work");
    expect(cloud.asked.filter(({ requirement }) => requirement.action !== "sqs:ReceiveMessage")).toEqual([
      {
        caller: { kind: "owner" },
        requirement: { action: "scheduler:CreateSchedule", resource: arnOf("schedule/shop/one") },
      },
      { caller: { kind: "owner" }, requirement: { action: "iam:PassRole", resource: roleArn("sender") } },
      {
        caller: { kind: "role", arn: roleArn("sender") },
        requirement: { action: "sqs:SendMessage", resource: queueArn("work") },
      },
    ]);
  });

  test.each(["scheduler:CreateSchedule", "iam:PassRole"])("is refused without %s", async (action) => {
    await start();
    cloud.deny(action);
    await expect(create()).rejects.toMatchObject({ code: "AccessDenied" });
    expect(schedules()).toBe(0);
  });

  test("that is deleted sends nothing, and needs permission for it", async () => {
    await start();
    await create();
    await remove();
    expect(cloud.asked.at(-1)?.requirement).toEqual({
      action: "scheduler:DeleteSchedule",
      resource: arnOf("schedule/shop/one"),
    });
    const missing = { code: "ResourceNotFoundException", status: 404 };
    await expect(remove()).rejects.toMatchObject(missing);
    untilDue();
    expect(await receive("work", 0)).toEqual([]);
  });

  test("is not deleted without scheduler:DeleteSchedule", async () => {
    await start();
    await create();
    cloud.deny("scheduler:DeleteSchedule");
    await expect(remove()).rejects.toMatchObject({ code: "AccessDenied" });
    expect(schedules()).toBe(1);
  });

  test("reserves its name in its group until it is deleted", async () => {
    await start();
    await create();
    const conflict = { code: "ConflictException", status: 409, message: "Schedule one already exists." };
    await expect(create(schedule({ ClientToken: "b" }))).rejects.toMatchObject(conflict);
    await expect(create()).rejects.toMatchObject(conflict);
    await create(schedule({ Name: "two" }));
    expect(schedules()).toBe(2);
  });

  test("is created once if the same request comes twice", async () => {
    await start();
    for (const _ of [1, 2]) await create(schedule({ ClientToken: "a" }));
    untilDue();
    expect(await receive("work")).toHaveLength(1);
  });

  test("that was accepted is sent after a restart, even if it is late", async () => {
    const folder = mkdtempSync(join(tmpdir(), "scheduler-"));
    const journalFile = join(folder, "journal");
    await start({ journalFile });
    await create();
    await cloud.stop();
    await start({ journalFile }, startOfTime + 86_400_000);
    expect(await receive("work")).toHaveLength(1);
    rmSync(folder, { recursive: true });
  });

  test("is deleted with its group", async () => {
    const folder = mkdtempSync(join(tmpdir(), "scheduler-"));
    const journalFile = join(folder, "journal");
    await start({ journalFile });
    await create();
    await cloud.stop();
    await start({ journalFile, resources: resources.filter((each) => each !== group) });
    expect(schedules()).toBe(0);
    rmSync(folder, { recursive: true });
  });
});

describe("a schedule that is not supported is refused by name", () => {
  const invalid = "ValidationException";
  const assume = "must allow AWS EventBridge Scheduler to assume the role";
  test.each<readonly [Input, code: string, message: string]>([
    [{ GroupName: "library" }, "ResourceNotFoundException", "Schedule group library does not exist."],
    [{ Name: "a b" }, invalid, 'Name = "a b"'],
    [{ ScheduleExpression: "at(2026-02-03T04:05:05)" }, invalid, "one is in the past"],
    [{ ScheduleExpression: "at(2026-02-30T00:00:00)" }, invalid, "only at(yyyy-mm-ddThh:mm:ss)"],
    [{ ScheduleExpression: "rate(1 hour)" }, invalid, 'ScheduleExpression = "rate(1 hour)"'],
    [{ ScheduleExpressionTimezone: "Europe/Berlin" }, invalid, "only UTC runs here"],
    [{ FlexibleTimeWindow: { Mode: "FLEXIBLE" } }, invalid, "only OFF runs here"],
    [{ ActionAfterCompletion: undefined }, invalid, "only DELETE runs here"],
    [{ KmsKeyArn: "arn" }, invalid, 'KmsKeyArn = "arn": does not run here'],
    [{ Target: { ...target, SqsParameters: {} } }, invalid, "Target.SqsParameters = {}: does not run here"],
    [{ Target: { ...target, Arn: "arn:aws:lambda:x:1:function:f" } }, invalid, "only an SQS queue"],
    [{ Target: { ...target, RoleArn: roleArn("none") } }, invalid, assume],
    [{ Target: { ...target, RoleArn: roleArn("function") } }, invalid, assume],
    [{ Target: { ...target, RoleArn: roleArn("other-group") } }, invalid, assume],
  ])("%j: %s", async (more, code, message) => {
    await start();
    await expect(create(schedule(more))).rejects.toMatchObject({
      code,
      message: expect.stringContaining(message),
    });
    expect(schedules()).toBe(0);
  });

  test("a property of a group", async () => {
    await start();
    const wrong = resource("AWS::Scheduler::ScheduleGroup", "shop", { Nam: "x" });
    await expect(testCloud({ providers: [schedulerProvider], resources: [wrong] })).rejects.toThrow(
      'shop (AWS::Scheduler::ScheduleGroup): property Nam = "x": does not run here',
    );
  });
});

describe("a delivery", () => {
  /** A queue that throttles the first `failures` sends to `work` and records the rest. */
  const throttled = (failures: number) => {
    const sent: Input[] = [];
    let attempts = 0;
    const SendMessage: Operation = {
      requires: () => [],
      run: (input) => {
        if (input.QueueUrl === "work" && attempts++ < failures)
          throw new ServiceError("ThrottlingException", "Rate exceeded", 400);
        sent.push(input);
      },
    };
    return { sent, attempts: () => attempts, services: { sqs: { SendMessage } } };
  };

  test("is retried with growing delays until it succeeds", async () => {
    const queue = throttled(3);
    await start({ providers: [schedulerProvider], services: queue.services });
    await create();
    untilDue();
    for (const attempts of [1, 2, 3, 4]) {
      await expect.poll(queue.attempts).toBe(attempts);
      cloud.clock.advance(2 ** attempts * 500);
    }
    await expect.poll(() => queue.sent).toEqual([{ QueueUrl: "work", MessageBody: target.Input }]);
    expect(schedules()).toBe(0);
  });

  test.each([
    ["arrives", () => undefined],
    [
      "fails",
      () => {
        throw new ServiceError("ThrottlingException", "Rate exceeded", 400);
      },
    ],
  ])("that %s after its schedule was deleted leaves the next schedule of this name", async (_, end) => {
    const next = { ScheduleExpression: "at(2026-02-04T00:00:00)" };
    const SendMessage: Operation = {
      requires: () => [],
      run: async () => {
        await remove();
        await create(schedule(next));
        end();
      },
    };
    await start({ providers: [schedulerProvider], services: { sqs: { SendMessage } } });
    await create();
    untilDue();
    await expect
      .poll(() => cloud.asked.filter(({ requirement }) => requirement.action.endsWith("CreateSchedule")))
      .toHaveLength(2);
    await new Promise((resolve) => setImmediate(resolve));
    const left = [...cloud.journal.map<Schedule>("schedules").entries()].map(([, each]) => each);
    expect(left).toMatchObject([{ at: Date.parse("2026-02-04T00:00:00Z"), failures: 0 }]);
  });

  test.each([
    ["MaximumRetryAttempts", { MaximumRetryAttempts: 2 }, 3],
    ["MaximumEventAgeInSeconds", { MaximumEventAgeInSeconds: 360 }, 2],
  ])("that exhausts %s goes to the dead-letter queue", async (condition, RetryPolicy, attempts) => {
    const queue = throttled(100);
    await start({ providers: [schedulerProvider], services: queue.services });
    await create(schedule({ Target: { ...target, RetryPolicy, DeadLetterConfig } }));
    cloud.clock.advance(3300_000);
    for (let attempt = 1; attempt <= attempts; attempt++) {
      await expect.poll(queue.attempts).toBe(attempt);
      cloud.clock.advance(360_000);
    }
    await expect
      .poll(() => queue.sent[0])
      .toEqual({
        QueueUrl: "dead",
        MessageBody: target.Input,
        MessageAttributes: {
          SCHEDULE_ARN: { DataType: "String", StringValue: arnOf("schedule/shop/one") },
          TARGET_ARN: { DataType: "String", StringValue: queueArn("work") },
          SCHEDULED_TIME: { DataType: "String", StringValue: "2026-02-03T05:00:00Z" },
          ERROR_CODE: { DataType: "String", StringValue: "ThrottlingException" },
          ERROR_MESSAGE: { DataType: "String", StringValue: "Rate exceeded" },
          EXHAUSTED_RETRY_CONDITION: { DataType: "String", StringValue: condition },
          RETRY_ATTEMPTS: { DataType: "String", StringValue: `${attempts - 1}` },
          IS_PAYLOAD_TRUNCATED: { DataType: "String", StringValue: "false" },
        },
      });
    expect(queue.attempts()).toBe(attempts);
    expect(schedules()).toBe(0);
  });

  test("to a queue that does not exist goes to the dead-letter queue at once", async () => {
    await start();
    await create(schedule({ Target: { ...target, Arn: queueArn("gone"), DeadLetterConfig } }));
    untilDue();
    const [message] = await receive("dead");
    expect(message?.Body).toBe(target.Input);
    expect(message?.MessageAttributes).toMatchObject({
      ERROR_CODE: { StringValue: "QueueDoesNotExist" },
      RETRY_ATTEMPTS: { StringValue: "0" },
    });
  });

  test("that the role does not allow is dropped at once and reported", async () => {
    await start();
    await create();
    cloud.deny("sqs:SendMessage");
    untilDue();
    await expect
      .poll(() => cloud.reports.at(-1))
      .toMatchObject({
        source: "scheduler",
        level: "problem",
        message: expect.stringContaining(`dropped ${arnOf("schedule/shop/one")} after 1 attempts`),
      });
    expect(schedules()).toBe(0);
  });
});
