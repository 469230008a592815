import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, describe, expect, test } from "vitest";
import { type Clock, localClock } from "../../../lib/local/machine/clock.ts";
import type { Input } from "../../../lib/local/service/service.ts";
import { sqs } from "../../../lib/local/sqs/sqs.ts";
import { resource, type TestCloud, testCloud } from "../cloud.ts";

const deadArn = "arn:aws:sqs:eu-central-1:123456789012:dead";
const redrive = { RedrivePolicy: { deadLetterTargetArn: deadArn, maxReceiveCount: 2 } };

const template = (properties: Input) => [
  resource("AWS::SQS::Queue", "work", properties),
  resource("AWS::SQS::Queue", "dead"),
];

type Received = {
  readonly MessageId: string;
  readonly Body: string;
  readonly ReceiptHandle: string;
  readonly Attributes: Readonly<Record<string, string>>;
  readonly MessageAttributes?: unknown;
};

describe("a queue", () => {
  let cloud: TestCloud;
  const start = async (properties: Input = {}, journalFile?: string, clock?: Clock) => {
    cloud = await testCloud({
      providers: [[sqs, "AWS::SQS::Queue"]],
      resources: template(properties),
      ...(journalFile && { journalFile }),
      ...(clock && { clock }),
    });
  };
  afterEach(() => cloud.stop());

  // The responses are those of the operation that was called.
  const call = async <Output>(operation: string, input: Input = {}) =>
    (await cloud.call("sqs", operation, { QueueUrl: "http://localhost/1/work", ...input })) as Output;
  const send = (MessageBody: string, more: Input = {}) =>
    call<{ MessageId: string }>("SendMessage", { MessageBody, ...more });
  const receive = async (more: Input = {}) => {
    const input = { MaxNumberOfMessages: 10, AttributeNames: ["All"], ...more };
    return (await call<{ Messages?: Received[] }>("ReceiveMessage", input)).Messages ?? [];
  };
  const bodies = async (more: Input = {}) => (await receive(more)).map(({ Body }) => Body);
  const counts = async (QueueUrl = "work") => {
    const answer = await call<{ Attributes: Record<string, string> }>("GetQueueAttributes", {
      QueueUrl,
      AttributeNames: ["All"],
    });
    const of = (kind: string) => Number(answer.Attributes[`ApproximateNumberOfMessages${kind}`]);
    return [of(""), of("NotVisible"), of("Delayed")];
  };

  test("returns a message with the attributes that were asked for", async () => {
    await start();
    const MessageAttributes = { kind: { DataType: "String", StringValue: "x" } };
    const sent = await send("hello", { MessageAttributes });
    expect(sent).toMatchObject({
      MD5OfMessageBody: "5d41402abc4b2a76b9719d911017c592",
      MD5OfMessageAttributes: expect.stringMatching(/^[0-9a-f]{32}$/),
    });
    const [message] = await receive({ MessageAttributeNames: ["All"] });
    expect(message).toMatchObject({ MessageId: sent.MessageId, Body: "hello", MessageAttributes });
    expect(message?.Attributes).toEqual({
      ApproximateReceiveCount: "1",
      ApproximateFirstReceiveTimestamp: expect.stringMatching(/^\d+$/),
      SentTimestamp: expect.stringMatching(/^\d+$/),
      SenderId: "owner",
    });
    cloud.clock.advance(30_000);
    expect((await receive({ AttributeNames: [] }))[0]).not.toHaveProperty("Attributes");
  });

  test("returns the same digest of message attributes as AWS", async () => {
    await start();
    const MessageAttributes = {
      timestamp: { DataType: "Number", StringValue: "1493147359900" },
    };
    expect(await send("x", { MessageAttributes })).toMatchObject({
      MD5OfMessageAttributes: "235c5c510d26fb653d073faed50ae77c",
    });
  });

  test("hides a received message for its visibility timeout, then delivers it again with a new handle", async () => {
    await start({ VisibilityTimeout: 60 });
    await send("one");
    const [first] = await receive();
    expect(await receive()).toEqual([]);
    cloud.clock.advance(59_000);
    expect(await receive()).toEqual([]);
    cloud.clock.advance(1_000);
    const [second] = await receive();
    expect(second?.MessageId).toBe(first?.MessageId);
    expect(second?.ReceiptHandle).not.toBe(first?.ReceiptHandle);
    expect(second?.Attributes.ApproximateReceiveCount).toBe("2");
    expect(second?.Attributes.ApproximateFirstReceiveTimestamp).toBe(
      first?.Attributes.ApproximateFirstReceiveTimestamp,
    );
  });

  test("deletes only by the latest handle, also after the visibility timeout", async () => {
    await start();
    await send("one");
    const [first] = await receive();
    cloud.clock.advance(30_000);
    const [second] = await receive();
    await call("DeleteMessage", { ReceiptHandle: first?.ReceiptHandle });
    expect(await counts()).toEqual([0, 1, 0]);
    cloud.clock.advance(30_000);
    await call("DeleteMessage", { ReceiptHandle: second?.ReceiptHandle });
    expect(await counts()).toEqual([0, 0, 0]);
  });

  test("changes the visibility of a message in flight: visible at once, or hidden longer", async () => {
    await start();
    await send("one");
    const [first] = await receive();
    await call("ChangeMessageVisibility", { ReceiptHandle: first?.ReceiptHandle, VisibilityTimeout: 0 });
    const [second] = await receive();
    await call("ChangeMessageVisibility", { ReceiptHandle: second?.ReceiptHandle, VisibilityTimeout: 90 });
    cloud.clock.advance(89_000);
    expect(await receive()).toEqual([]);
    cloud.clock.advance(1_000);
    await expect(
      call("ChangeMessageVisibility", { ReceiptHandle: second?.ReceiptHandle, VisibilityTimeout: 9 }),
    ).rejects.toMatchObject({ code: "MessageNotInflight" });
    expect(await bodies()).toEqual(["one"]);
  });

  test("moves a message to the dead-letter queue after maxReceiveCount receives, with the same id and body", async () => {
    await start(redrive);
    const { MessageId } = await send("poison");
    for (const seconds of [30, 30]) {
      expect(await bodies()).toEqual(["poison"]);
      cloud.clock.advance(seconds * 1000);
    }
    expect(await receive()).toEqual([]);
    const [dead] = await receive({ QueueUrl: "dead" });
    expect(dead).toMatchObject({ MessageId, Body: "poison" });
    expect(dead?.Attributes.DeadLetterQueueSourceArn).toBe("arn:aws:sqs:eu-central-1:123456789012:work");
    expect(await counts()).toEqual([0, 0, 0]);
  });

  test("delays a message by its own delay, or else by the delay of the queue", async () => {
    await start({ DelaySeconds: 10 });
    await send("late");
    await send("soon", { DelaySeconds: 1 });
    expect(await counts()).toEqual([0, 0, 2]);
    cloud.clock.advance(1_000);
    expect(await bodies()).toEqual(["soon"]);
    cloud.clock.advance(9_000);
    expect(await bodies()).toEqual(["late"]);
  });

  test("long polling returns messages as soon as they are sent, in one response", async () => {
    await start();
    const waiting = bodies({ WaitTimeSeconds: 20 });
    await Promise.all([send("one"), send("two")]);
    expect(await waiting).toEqual(["one", "two"]);
  });

  test("long polling returns messages that become visible again, and nothing if the wait ends first", async () => {
    await start({ ReceiveMessageWaitTimeSeconds: 20, VisibilityTimeout: 5 });
    await send("one");
    await receive();
    const waiting = bodies();
    cloud.clock.advance(5_000);
    expect(await waiting).toEqual(["one"]);
    const inVain = bodies({ WaitTimeSeconds: 4 });
    cloud.clock.advance(4_000);
    expect(await inVain).toEqual([]);
  });

  test("delivers each message to only one receiver, in the order of sending", async () => {
    await start();
    const waiting = [1, 2, 3].map(() => bodies({ MaxNumberOfMessages: 1, WaitTimeSeconds: 20 }));
    for (const body of ["one", "two", "three"]) await send(body);
    expect(await Promise.all(waiting)).toEqual([["one"], ["two"], ["three"]]);
  });

  test("deletes a message after its retention period, but not because of a jump of the clock", async () => {
    let machineAhead = 0;
    await start(
      { MessageRetentionPeriod: 60 },
      undefined,
      localClock(() => Date.now() + machineAhead),
    );
    await send("old");
    cloud.clock.advance(60_000);
    expect(await counts()).toEqual([1, 0, 0]);
    machineAhead = 60_000;
    expect(await counts()).toEqual([0, 0, 0]);
    expect(await receive()).toEqual([]);
  });

  test("answers each entry of a batch separately", async () => {
    await start();
    const entries = [1, 2, 3].map((Id) => ({ Id: String(Id), MessageBody: `body ${Id}` }));
    expect(await call("SendMessageBatch", { Entries: entries })).toMatchObject({
      Successful: [{ Id: "1" }, { Id: "2" }, { Id: "3" }],
    });
    const received = await receive();
    const Entries = received.map(({ ReceiptHandle }, index) => ({
      Id: String(index),
      ReceiptHandle: index === 1 ? "nonsense" : ReceiptHandle,
    }));
    expect(await call("DeleteMessageBatch", { Entries })).toMatchObject({
      Successful: [{ Id: "0" }, { Id: "2" }],
      Failed: [{ Id: "1", SenderFault: true, Code: "ReceiptHandleIsInvalid" }],
    });
    expect(await counts()).toEqual([0, 1, 0]);
  });

  test.each([
    ["no entries", [], "EmptyBatchRequest"],
    ["eleven entries", Array.from({ length: 11 }, (_, index) => index), "TooManyEntriesInBatchRequest"],
    ["the same id twice", [1, 1], "BatchEntryIdsNotDistinct"],
  ])("refuses a batch with %s", async (_, ids, code) => {
    await start();
    const Entries = ids.map((id) => ({ Id: String(id), MessageBody: "x" }));
    await expect(call("SendMessageBatch", { Entries })).rejects.toMatchObject({ code });
  });

  test("refuses a message above 1 MiB, an unknown queue and a field of FIFO queues", async () => {
    await start();
    await expect(send("x".repeat(1024 * 1024 + 1))).rejects.toMatchObject({ code: "InvalidParameterValue" });
    await expect(send("x", { QueueUrl: "other" })).rejects.toMatchObject({ code: "QueueDoesNotExist" });
    await expect(send("x", { MessageGroupId: "a" })).rejects.toThrow(
      'MessageGroupId = "a": does not run here',
    );
  });

  test("can be purged, named by URL and listed", async () => {
    await start();
    await send("one");
    await call("PurgeQueue");
    expect(await counts()).toEqual([0, 0, 0]);
    const url = "https://sqs.eu-central-1.amazonaws.com/123456789012/work";
    expect(await cloud.call("sqs", "GetQueueUrl", { QueueName: "work" })).toEqual({ QueueUrl: url });
    expect(await cloud.call("sqs", "ListQueues", { QueueNamePrefix: "w" })).toEqual({ QueueUrls: [url] });
  });

  test("checks the permission to send for a batch, on the ARN of the queue", async () => {
    await start();
    await call("SendMessageBatch", { Entries: [{ Id: "1", MessageBody: "x" }] });
    expect(cloud.asked.at(-1)?.requirement).toEqual({
      action: "sqs:SendMessage",
      resource: "arn:aws:sqs:eu-central-1:123456789012:work",
    });
  });

  test("shows messages that were in flight immediately after a restart, with their receive count", async () => {
    const folder = mkdtempSync(join(tmpdir(), "sqs-"));
    await start(redrive, join(folder, "journal"));
    const { MessageId } = await send("kept");
    await receive();
    await cloud.stop();
    await start(redrive, join(folder, "journal"));
    const [message] = await receive();
    expect(message).toMatchObject({ MessageId, Body: "kept" });
    expect(message?.Attributes.ApproximateReceiveCount).toBe("2");
    rmSync(folder, { recursive: true });
  });
});

test.each([
  ["FifoQueue", true, "work (AWS::SQS::Queue): property FifoQueue = true: does not run here"],
  ["VisibilityTimeout", 50_000, "work (AWS::SQS::Queue): property VisibilityTimeout = 50000:"],
  [
    "RedrivePolicy",
    { deadLetterTargetArn: "x:gone", maxReceiveCount: 1 },
    "RedrivePolicy.deadLetterTargetArn",
  ],
])("a queue with %s = %j is refused by name", async (property, value, message) => {
  const resources = template({ [property]: value });
  await expect(testCloud({ providers: [[sqs, "AWS::SQS::Queue"]], resources })).rejects.toThrow(message);
});
