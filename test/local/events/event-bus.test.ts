import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, describe, expect, test } from "vitest";
import { eventBuses } from "../../../lib/local/events/event-bus.ts";
import { localClock } from "../../../lib/local/machine/clock.ts";
import {
  type Input,
  type Operation,
  type Resource,
  ServiceError,
} from "../../../lib/local/service/service.ts";
import { sqs } from "../../../lib/local/sqs/sqs.ts";
import { account, region, resource, type TestCloud, testCloud } from "../cloud.ts";

const queueArn = (name: string) => `arn:aws:sqs:${region}:${account}:${name}`;
const ruleArn = `arn:aws:events:${region}:${account}:rule/shop/paid`;
const target = { Id: "work", Arn: queueArn("work") };

const rule = (properties: Input = {}) =>
  resource(
    "AWS::Events::Rule",
    "paid",
    { EventBusName: "shop", EventPattern: { source: ["orders"] }, Targets: [target], ...properties },
    ruleArn,
  );

const template = (rules: readonly Resource[]) => [
  resource(
    "AWS::Events::EventBus",
    "shop",
    { Name: "shop" },
    `arn:aws:events:${region}:${account}:event-bus/shop`,
  ),
  ...["work", "dead"].map((name) => resource("AWS::SQS::Queue", name)),
  ...rules,
];

const eventProvider = [eventBuses, "AWS::Events::EventBus", "AWS::Events::Rule"] as const;
const entry = { EventBusName: "shop", Source: "orders", DetailType: "OrderPaid", Detail: '{"amount":5}' };

type Received = {
  readonly Body: string;
  readonly MessageAttributes?: Record<string, { StringValue: string }>;
};
type Put = { readonly FailedEntryCount: number; readonly Entries: readonly Record<string, string>[] };

const put = async (cloud: TestCloud, ...entries: readonly Input[]) =>
  // What PutEvents answers.
  (await cloud.call("events", "PutEvents", { Entries: entries })) as Put;

const receive = async (cloud: TestCloud, QueueUrl: string, WaitTimeSeconds = 20) => {
  const input = { QueueUrl, WaitTimeSeconds, MaxNumberOfMessages: 10, MessageAttributeNames: ["All"] };
  // What ReceiveMessage answers.
  const { Messages = [] } = (await cloud.call("sqs", "ReceiveMessage", input)) as { Messages?: Received[] };
  return Messages;
};

describe("an event bus", () => {
  let cloud: TestCloud;
  const start = async (...rules: readonly Resource[]) => {
    cloud = await testCloud({
      providers: [[sqs, "AWS::SQS::Queue"], eventProvider],
      resources: template(rules.length > 0 ? rules : [rule()]),
    });
  };
  afterEach(() => cloud.stop());

  test("delivers an event in the envelope of AWS, in its order", async () => {
    await start();
    const { FailedEntryCount, Entries } = await put(cloud, {
      ...entry,
      Time: 1_700_000_000,
      Resources: ["r"],
    });
    const [message] = await receive(cloud, "work");
    expect(FailedEntryCount).toBe(0);
    expect(message?.Body).toBe(
      JSON.stringify({
        version: "0",
        id: Entries[0]?.EventId,
        "detail-type": "OrderPaid",
        source: "orders",
        account,
        time: "2023-11-14T22:13:20Z",
        region,
        resources: ["r"],
        detail: { amount: 5 },
      }),
    );
  });

  test("delivers to the matching rules of its own bus, but not to disabled rules", async () => {
    const other = (id: string, properties: Input) => ({ ...rule(properties), id, arn: `${ruleArn}-${id}` });
    await start(
      rule({ EventPattern: { source: ["stock"] } }),
      other("default-bus", { EventBusName: "default" }),
      other("disabled", { State: "DISABLED" }),
      other("matching", { Targets: [{ Id: "dead", Arn: queueArn("dead") }] }),
    );
    await put(cloud, entry);
    expect(await receive(cloud, "dead")).toHaveLength(1);
    expect(await receive(cloud, "work", 0)).toEqual([]);
  });

  test("calls the queue as EventBridge on behalf of the rule, after it has checked the permission to put events", async () => {
    await start();
    await put(cloud, entry, entry);
    await receive(cloud, "work");
    expect(cloud.asked.filter(({ requirement }) => requirement.action !== "sqs:ReceiveMessage")).toEqual([
      {
        caller: { kind: "owner" },
        requirement: {
          action: "events:PutEvents",
          resource: `arn:aws:events:${region}:${account}:event-bus/shop`,
        },
      },
      {
        caller: { kind: "service", principal: "events.amazonaws.com", sourceArn: ruleArn },
        requirement: { action: "sqs:SendMessage", resource: queueArn("work") },
      },
      expect.objectContaining({ caller: expect.objectContaining({ kind: "service" }) }),
    ]);
  });

  test("answers 200 for a bus that does not exist, drops the event and reports it", async () => {
    await start();
    const answer = await put(cloud, { ...entry, EventBusName: "shoop" });
    expect(answer).toEqual({ FailedEntryCount: 0, Entries: [{ EventId: expect.any(String) }] });
    expect(cloud.reports).toEqual([
      expect.objectContaining({ level: "problem", message: expect.stringContaining("no event bus shoop") }),
    ]);
  });

  test("refuses each invalid entry separately and accepts the others", async () => {
    await start();
    const { FailedEntryCount, Entries } = await put(
      cloud,
      { ...entry, Source: undefined },
      { ...entry, DetailType: undefined },
      { ...entry, Detail: undefined },
      { ...entry, Detail: "{" },
      { ...entry, Detail: "[]" },
      { ...entry, Source: "aws.orders" },
      entry,
    );
    expect(FailedEntryCount).toBe(6);
    expect(Entries.map(({ ErrorCode }) => ErrorCode)).toEqual([
      "InvalidArgument",
      "InvalidArgument",
      "InvalidArgument",
      "MalformedDetail",
      "MalformedDetail",
      "NotAuthorizedForSourceException",
      undefined,
    ]);
    expect(await receive(cloud, "work")).toHaveLength(1);
  });

  test("accepts an AWS source from a service", async () => {
    await start(rule({ EventBusName: "default", EventPattern: { source: [{ prefix: "aws." }] } }));
    const caller = { kind: "service", principal: "states.amazonaws.com", sourceArn: "x" } as const;
    const { EventBusName: _, ...onDefault } = entry;
    await cloud.call("events", "PutEvents", { Entries: [{ ...onDefault, Source: "aws.states" }] }, caller);
    expect(await receive(cloud, "work")).toHaveLength(1);
  });

  test.each<readonly [string, readonly Input[], string]>([
    ["no entries", [], "length between 1 and 10"],
    ["eleven entries", Array.from({ length: 11 }, () => entry), "length between 1 and 10"],
    ["1 MiB", [{ ...entry, Detail: JSON.stringify({ x: "x".repeat(1024 * 1024) }) }], "over the limit"],
  ])("refuses a request of %s", async (_, entries, message) => {
    await start();
    await expect(put(cloud, ...entries)).rejects.toThrow(message);
  });
});

describe("a delivery", () => {
  let cloud: TestCloud;
  afterEach(() => cloud.stop());
  const DeadLetterConfig = { Arn: queueArn("dead") };

  test.each([
    ["that the queue policy forbids", "sqs:SendMessage", queueArn("work")],
    ["to a queue that does not exist", "nothing", queueArn("gone")],
  ])("%s is dropped at once and reported", async (_, denied, Arn) => {
    cloud = await testCloud({
      providers: [[sqs, "AWS::SQS::Queue"], eventProvider],
      resources: template([rule({ Targets: [{ Id: "t", Arn, DeadLetterConfig: undefined }] })]),
    });
    cloud.deny(denied);
    await put(cloud, entry);
    await expect.poll(() => cloud.reports.at(-1)?.message).toContain("dropped an event");
    expect(cloud.journal.map("deliveries").size()).toBe(0);
  });

  test("to a queue that does not exist goes to the dead-letter queue with the attributes that AWS sets", async () => {
    cloud = await testCloud({
      providers: [[sqs, "AWS::SQS::Queue"], eventProvider],
      resources: template([rule({ Targets: [{ Id: "t", Arn: queueArn("gone"), DeadLetterConfig }] })]),
    });
    const { Entries } = await put(cloud, entry);
    const [message] = await receive(cloud, "dead");
    expect(JSON.parse(message?.Body ?? "")).toMatchObject({ id: Entries[0]?.EventId, detail: { amount: 5 } });
    expect(message?.MessageAttributes).toMatchObject({
      RULE_ARN: { DataType: "String", StringValue: ruleArn },
      TARGET_ARN: { StringValue: queueArn("gone") },
      ERROR_CODE: { StringValue: "NO_RESOURCE" },
      ERROR_MESSAGE: { StringValue: "The specified queue does not exist." },
      RETRY_ATTEMPTS: { StringValue: "0" },
    });
  });

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
    cloud = await testCloud({
      providers: [eventProvider],
      resources: template([rule()]),
      services: queue.services,
      clock: localClock(() => 1_000_000),
    });
    await put(cloud, entry);
    await expect.poll(queue.attempts).toBe(1);
    for (const [seconds, attempts] of [
      [1, 2],
      [2, 3],
      [4, 4],
    ] as const) {
      cloud.clock.advance(seconds * 499);
      await new Promise((resolve) => setTimeout(resolve, 5));
      expect(queue.attempts()).toBe(attempts - 1);
      cloud.clock.advance(seconds * 501);
      await expect.poll(queue.attempts).toBe(attempts);
    }
    expect(queue.sent).toHaveLength(1);
    expect(cloud.journal.map("deliveries").size()).toBe(0);
  });

  test.each([
    ["MaximumRetryAttempts", { MaximumRetryAttempts: 2 }, 3],
    ["MaximumEventAgeInSeconds", { MaximumEventAgeInSeconds: 60 }, 2],
  ])("that exhausts %s goes to the dead-letter queue", async (condition, RetryPolicy, attempts) => {
    const queue = throttled(100);
    const resources = template([rule({ Targets: [{ ...target, RetryPolicy, DeadLetterConfig }] })]);
    cloud = await testCloud({ providers: [eventProvider], resources, services: queue.services });
    await put(cloud, entry);
    for (let attempt = 1; attempt <= attempts; attempt++) {
      await expect.poll(queue.attempts).toBe(attempt);
      cloud.clock.advance(60_000);
    }
    await expect
      .poll(() => queue.sent[0])
      .toMatchObject({
        QueueUrl: "dead",
        MessageAttributes: {
          ERROR_CODE: { StringValue: "ThrottlingException" },
          EXHAUSTED_RETRY_CONDITION: { StringValue: condition },
          RETRY_ATTEMPTS: { StringValue: String(attempts - 1) },
        },
      });
    expect(queue.attempts()).toBe(attempts);
  });

  test("that was accepted but not yet made is made after a restart", async () => {
    const folder = mkdtempSync(join(tmpdir(), "events-"));
    const journalFile = join(folder, "journal");
    const resources = template([rule()]);
    cloud = await testCloud({
      providers: [eventProvider],
      resources,
      journalFile,
      services: throttled(9).services,
    });
    await put(cloud, entry);
    await cloud.stop();
    const queue = throttled(0);
    cloud = await testCloud({ providers: [eventProvider], resources, journalFile, services: queue.services });
    await expect.poll(() => queue.sent).toHaveLength(1);
    rmSync(folder, { recursive: true });
  });
});

describe("a rule with a schedule", () => {
  let cloud: TestCloud;
  afterEach(() => cloud.stop());

  const functionArn = `arn:aws:lambda:${region}:${account}:function:look`;

  /** The Lambda service, which records what it is asked to invoke. */
  const start = async (properties: Input = {}) => {
    const invoked: Input[] = [];
    const Invoke: Operation = {
      requires: ({ FunctionName }) => [{ action: "lambda:InvokeFunction", resource: String(FunctionName) }],
      run: (input) => void invoked.push(input),
    };
    const scheduled = {
      EventBusName: undefined,
      EventPattern: undefined,
      ScheduleExpression: "rate(5 minutes)",
      Targets: [{ Id: "look", Arn: functionArn }],
    };
    cloud = await testCloud({
      providers: [eventProvider],
      resources: template([rule({ ...scheduled, ...properties })]),
      services: { lambda: { Invoke } },
    });
    return invoked;
  };

  const minutes = (count: number) => cloud.clock.advance(count * 60_000);

  test("invokes its function at each interval, as EventBridge on behalf of the rule", async () => {
    const invoked = await start();
    minutes(4);
    expect(invoked).toEqual([]);
    for (const turn of [1, 2, 3]) {
      minutes(5);
      await expect.poll(() => invoked.length).toBe(turn);
    }
    expect(invoked[0]).toMatchObject({ FunctionName: functionArn, InvocationType: "Event" });
    expect(JSON.parse(String(invoked[0]?.Payload))).toMatchObject({
      "detail-type": "Scheduled Event",
      source: "aws.events",
      resources: [ruleArn],
      detail: {},
    });
    expect(cloud.asked[0]).toEqual({
      caller: { kind: "service", principal: "events.amazonaws.com", sourceArn: ruleArn },
      requirement: { action: "lambda:InvokeFunction", resource: functionArn },
    });
  });

  test("runs once if the clock jumps over several intervals, with the time at which it was due", async () => {
    const before = cloud.clock.now();
    const invoked = await start();
    minutes(60);
    await expect.poll(() => invoked.length).toBe(1);
    const { time } = JSON.parse(String(invoked[0]?.Payload));
    expect(Date.parse(time)).toBeLessThan(before + 6 * 60_000);
    minutes(5);
    await expect.poll(() => invoked.length).toBe(2);
  });

  test("does nothing if it is disabled", async () => {
    const invoked = await start({ State: "DISABLED" });
    minutes(60);
    await new Promise((resolve) => setTimeout(resolve, 5));
    expect(invoked).toEqual([]);
  });
});

test.each<readonly [Input, string]>([
  [
    { ScheduleExpression: "rate(1 hour)" },
    "ScheduleExpression: expected none, because only rules of the default bus may have a schedule",
  ],
  [
    { EventBusName: "default", ScheduleExpression: "cron(0 12 * * ? *)" },
    "property ScheduleExpression: cron(0 12 * * ? *) does not run here",
  ],
  [
    { EventBusName: "default", ScheduleExpression: "rate(1 minutes)" },
    "property ScheduleExpression: rate(1 minutes) does not run here",
  ],
  [{ EventPattern: undefined }, "expected EventPattern or ScheduleExpression, found neither"],
  [{ EventBusName: "gone" }, "paid: property EventBusName = gone: no such event bus"],
  [
    { EventPattern: { source: [{ wildcard: "*" }] } },
    "property EventPattern: operator wildcard does not run here",
  ],
  [
    { Targets: [{ ...target, InputPath: "$.detail" }] },
    'property Targets.0.InputPath = "$.detail": does not run here',
  ],
  [
    { Targets: [{ Id: "f", Arn: "arn:aws:sns:x:1:t" }] },
    "expected an SQS queue or a function, because no other type runs here",
  ],
])("a rule with %j is refused by name", async (properties, message) => {
  const resources = template([rule(properties)]);
  await expect(testCloud({ providers: [eventProvider], resources })).rejects.toThrow(message);
});
