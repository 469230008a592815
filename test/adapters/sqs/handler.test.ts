import * as sqs from "@aws-sdk/client-sqs";
import { mockClient } from "aws-sdk-client-mock";
import { beforeEach, describe, expect, test } from "vitest";
import { memoryLog } from "../../../lib/adapters/memory/log.ts";
import { sqsHandler } from "../../../lib/adapters/sqs/handler.ts";
import { problemsOfDelivery } from "../../../lib/model/delivery/delivery-policy.ts";
import { toCloudEvent } from "../../../lib/model/events/cloud-event.ts";
import { type Delivery, dead, type NotDone, retry, wait } from "../../../lib/ports/delivery.ts";
import { recordedEvent } from "../../../lib/testing/contracts/samples/recorded-event.ts";

const client = new sqs.SQSClient({ region: "eu-central-1" });
const sqsMock = mockClient(client);
const deadLetterTargetArn = "arn:aws:sqs:eu-central-1:123456789012:dead";
const withDeadLetters = { Attributes: { RedrivePolicy: JSON.stringify({ deadLetterTargetArn }) } };

beforeEach(() => {
  sqsMock.reset();
  sqsMock.on(sqs.ChangeMessageVisibilityCommand).resolves({});
  sqsMock.on(sqs.SendMessageCommand).resolves({});
  sqsMock.on(sqs.GetQueueAttributesCommand).resolves(withDeadLetters);
});

const record = (messageId: string, body: unknown, receiveCount = 1) => ({
  messageId,
  receiptHandle: `handle of ${messageId}`,
  body: typeof body === "string" ? body : JSON.stringify(body),
  attributes: {
    ApproximateReceiveCount: `${receiveCount}`,
    SentTimestamp: "1545082649183",
    SenderId: "AIDAIENQZJOLO23YVJ4VO",
    ApproximateFirstReceiveTimestamp: "1545082649185",
  },
  messageAttributes: {},
  md5OfBody: "098f6bcd4621d373cade4e832627b4f6",
  eventSource: "aws:sqs",
  eventSourceARN: "arn:aws:sqs:eu-central-1:123456789012:queue",
  awsRegion: "eu-central-1",
});

const envelope = { version: "0", id: "1", account: "123456789012", region: "eu-central-1", resources: [] };

const eventBody = (version: number) => ({
  ...envelope,
  source: "shop",
  "detail-type": "OrderPlaced",
  detail: toCloudEvent(recordedEvent(version), "shop"),
});

const endedBody = (detail: object) => ({
  ...envelope,
  source: "aws.states",
  "detail-type": "Step Functions Execution Status Change",
  detail: {
    status: "FAILED",
    name: "10248",
    input: JSON.stringify({ sagaId: "checkout/10248", execution: "10248" }),
    output: null,
    ...detail,
  },
});

/** Runs the handler. `notDone` are its outcomes; an id alone asks for a retry. */
const handling = async (
  records: readonly object[],
  notDone: readonly (string | NotDone)[] = [],
  chance = 0,
) => {
  const log = memoryLog();
  const deliveries: Delivery[] = [];
  const handle = async (given: readonly Delivery[]) => {
    deliveries.push(...given);
    return notDone.map((each) => (typeof each === "string" ? retry(each) : each));
  };
  const answer = await sqsHandler(handle, { client, random: () => chance, log })({ Records: records });
  return { answer, deliveries, log };
};

const failures = (...ids: readonly string[]) => ({
  batchItemFailures: ids.map((itemIdentifier) => ({ itemIdentifier })),
});

/** The messages that were sent to the dead-letter queue. */
const sentDeadLetters = () =>
  sqsMock.commandCalls(sqs.SendMessageCommand).map(({ args: [{ input }] }) => input);

const deadLetterOf = (body: unknown, because: unknown) => ({
  QueueUrl: "https://sqs.eu-central-1.amazonaws.com/123456789012/dead",
  MessageBody: typeof body === "string" ? body : JSON.stringify(body),
  MessageAttributes: {
    "dead-letter-because": { DataType: "String", StringValue: because },
    "dead-letter-sent": { DataType: "Number", StringValue: "1545082649183" },
  },
});

const visibilities = () =>
  sqsMock.commandCalls(sqs.ChangeMessageVisibilityCommand).map(({ args: [{ input }] }) => input);

test("messages of the bus are deliveries of events", async () => {
  const { answer, deliveries } = await handling([record("a", eventBody(1)), record("b", eventBody(2), 3)]);
  expect(deliveries).toEqual([
    { id: "a", receiveCount: 1, kind: "event", event: recordedEvent(1) },
    { id: "b", receiveCount: 3, kind: "event", event: recordedEvent(2) },
  ]);
  expect(answer).toEqual(failures());
  expect(visibilities()).toEqual([]);
});

describe("the end of an execution is a delivery of its own kind", () => {
  const cases = [
    [{ error: "Parked", cause: "no task" }, "FAILED", "Parked: no task"],
    [{ error: "States.Runtime", cause: null }, "FAILED", "States.Runtime"],
    [{ status: "ABORTED", cause: "by hand" }, "ABORTED", "by hand"],
    [{ status: "TIMED_OUT", error: null, cause: null }, "TIMED_OUT", "no reason given"],
  ] as const;
  test.each(cases)("%j", async (detail, status, because) => {
    const { deliveries, answer } = await handling([record("a", endedBody(detail))]);
    expect(deliveries).toEqual([
      {
        id: "a",
        receiveCount: 1,
        kind: "execution-ended",
        sagaId: "checkout/10248",
        execution: "10248",
        status,
        because,
      },
    ]);
    expect(answer).toEqual(failures());
  });
});

describe("an unreadable message becomes a dead letter at the first attempt, with its reason", () => {
  const cases = [
    ["text", "hello"],
    ["no envelope", {}],
    ["a detail that is not an event", { ...eventBody(1), detail: { orderId: "1" } }],
    ["an execution without input", endedBody({ input: null })],
    ["an execution with broken input", endedBody({ input: "{" })],
    ["an execution of another application", endedBody({ input: "{}" })],
  ] as const;
  test.each(cases)("%s", async (_, body) => {
    const { answer, deliveries, log } = await handling([record("bad", body), record("good", eventBody(1))]);
    expect(answer).toEqual(failures());
    expect(deliveries.map(({ id }) => id)).toEqual(["good"]);
    expect(sentDeadLetters()).toEqual([deadLetterOf(body, expect.stringMatching(/^unreadable: /))]);
    expect(log.entries()).toMatchObject([
      { kind: "problem", message: expect.stringContaining("the message bad is a dead letter: unreadable") },
    ]);
    expect(visibilities()).toEqual([]);
  });

  test("a handler is not called without deliveries", async () => {
    const handle = () => Promise.reject(new Error("called"));
    const handler = sqsHandler(handle, { client, random: () => 0, log: memoryLog() });
    expect(await handler({ Records: [record("bad", "hello")] })).toEqual(failures());
  });
});

describe("a delivery that its handler calls dead", () => {
  test("becomes a dead letter at once, and failed ones are retried", async () => {
    const records = ["a", "b", "c"].map((id, index) => record(id, eventBody(index + 1)));
    const { answer } = await handling(records, [dead("b", "event-id-reused: no"), "c"]);
    expect(answer).toEqual(failures("c"));
    expect(sentDeadLetters()).toEqual([deadLetterOf(eventBody(2), "event-id-reused: no")]);
    expect(visibilities().map(({ ReceiptHandle }) => ReceiptHandle)).toEqual(["handle of c"]);
  });

  test("is retried if the dead-letter queue cannot be found or refuses it", async () => {
    sqsMock.on(sqs.SendMessageCommand).rejectsOnce(new Error("throttled"));
    const records = [record("a", eventBody(1), 10)];
    const { answer, log } = await handling(records, [dead("a", "no")]);
    expect(answer).toEqual(failures("a"));
    expect(visibilities()).toHaveLength(1);
    expect(log.entries()).toMatchObject([{ kind: "problem", message: expect.stringContaining("throttled") }]);
    expect(log.counted()).toEqual(["DeliveryFailing"]);
    sqsMock.on(sqs.GetQueueAttributesCommand).resolves({});
    expect((await handling(records, [dead("a", "no")])).answer).toEqual(failures("a"));
  });

  test("has its queue looked up once, and again after a failure", async () => {
    sqsMock.on(sqs.GetQueueAttributesCommand).rejectsOnce(new Error("throttled")).resolves(withDeadLetters);
    const handle = async (all: readonly Delivery[]) => all.map(({ id }) => dead(id, "no"));
    const handler = sqsHandler(handle, { client, random: () => 0, log: memoryLog() });
    const looks = () => sqsMock.commandCalls(sqs.GetQueueAttributesCommand).length;
    expect(await handler({ Records: [record("a", eventBody(1))] })).toEqual(failures("a"));
    for (const _ of [1, 2])
      expect(await handler({ Records: [record("a", eventBody(1)), record("b", "hello")] })).toEqual(
        failures(),
      );
    expect(looks()).toBe(2);
  });

  test("is kept without a reason if there is no room for one", async () => {
    const body = JSON.stringify({ ...eventBody(1), filler: "" });
    const full = body.replace('"filler":""', `"filler":"${"x".repeat(1024 * 1024 - body.length)}"`);
    await handling([record("a", full)], [dead("a", "no")]);
    expect(sentDeadLetters()).toEqual([{ ...deadLetterOf(full, "no"), MessageAttributes: undefined }]);
  });

  test("has a reason in characters that SQS accepts", async () => {
    await handling([record("a", eventBody(1))], [dead("a", "a\u0000b\uFFFEc\uD800d 👩 é\t")]);
    expect(sentDeadLetters()).toEqual([deadLetterOf(eventBody(1), "a\uFFFDb\uFFFDc\uFFFDd 👩 é\t")]);
  });
});

describe("a failed message is retried", () => {
  const waits = [
    [1, 0, 1],
    [1, 0.999, 1],
    [2, 0, 1],
    [2, 0.999, 2],
    [5, 0, 8],
    [5, 0.999, 16],
    [9, 0.999, 256],
    [10, 0, 150],
    [10, 0.999, 300],
    [1000, 0.999, 300],
  ] as const;
  test.each(waits)("the time %i, with chance %d, after %i s", async (receiveCount, chance, seconds) => {
    const { answer } = await handling([record("a", eventBody(1), receiveCount)], ["a"], chance);
    expect(answer).toEqual(failures("a"));
    expect(visibilities()).toEqual([
      {
        QueueUrl: "https://sqs.eu-central-1.amazonaws.com/123456789012/queue",
        ReceiptHandle: "handle of a",
        VisibilityTimeout: seconds,
      },
    ]);
  });

  test("alone, without the handled ones", async () => {
    const records = ["a", "b", "c"].map((id, index) => record(id, eventBody(index + 1)));
    expect((await handling(records, ["b"])).answer).toEqual(failures("b"));
    expect(visibilities().map(({ ReceiptHandle }) => ReceiptHandle)).toEqual(["handle of b"]);
  });
});

describe("a message that waits for newer code is delivered again", () => {
  const secondsAfter = async (receiveCount: number, chance: number) => {
    const id = `${receiveCount}`;
    await handling(
      [record(id, eventBody(1), receiveCount)],
      [wait(id, "newer code has recorded it")],
      chance,
    );
    const changed = visibilities().find(({ ReceiptHandle }) => ReceiptHandle === `handle of ${id}`);
    return changed?.VisibilityTimeout ?? 0;
  };

  test.each([
    [1, 0.999, 7],
    [2, 0.999, 82],
    [10, 0, 300],
    [1000, 0.999, 375],
  ])("the time %i, with chance %d, after %i s", async (receiveCount, chance, seconds) => {
    expect(await secondsAfter(receiveCount, chance)).toBe(seconds);
  });

  test("for ten minutes before the fewest attempts of an effect are used up", async () => {
    const counts = Array.from({ length: 10 }, (_, index) => index + 1);
    const tooFew = counts.filter((attempts) => problemsOfDelivery("mail", { attempts }).length > 0);
    // The last attempt that is too few is as many as the delays between the fewest attempts.
    const seconds = await Promise.all(tooFew.map((receiveCount) => secondsAfter(receiveCount, 0)));
    expect(seconds).toHaveLength(4);
    expect(seconds.reduce((sum, each) => sum + each)).toBeGreaterThanOrEqual(10 * 60);
  });
});

describe("if the delay cannot be changed, this is logged, and the message is still retried", () => {
  const faults = [
    sqs.InvalidAddress,
    sqs.InvalidSecurity,
    sqs.MessageNotInflight,
    sqs.QueueDoesNotExist,
    sqs.ReceiptHandleIsInvalid,
    sqs.RequestThrottled,
    sqs.UnsupportedOperation,
  ];
  test.each(faults.map((each) => [each.name, each] as const))("%s", async (name, Fault) => {
    sqsMock.on(sqs.ChangeMessageVisibilityCommand).rejects(new Fault({ message: "no", $metadata: {} }));
    const { answer, log } = await handling([record("a", eventBody(1))], ["a"]);
    expect(answer).toEqual(failures("a"));
    expect(log.entries()).toMatchObject([{ kind: "problem", message: expect.stringContaining(name) }]);
  });
});

test("an event that is not a batch of a queue is refused", async () => {
  await expect(handling([{ messageId: "a" }])).rejects.toThrow("receiptHandle");
});

test("a message that fails for minutes is counted: SQS leaves it out of the age of its oldest message", async () => {
  const records = [
    record("a", eventBody(1), 9),
    record("b", eventBody(2), 10),
    record("c", eventBody(3), 11),
  ];
  const { log } = await handling(records, ["a", "b", "c"]);
  expect(log.counted()).toEqual(["DeliveryFailing", "DeliveryFailing"]);
  const { log: fine } = await handling([record("d", eventBody(1), 500)]);
  expect(fine.counted()).toEqual([]);
});
