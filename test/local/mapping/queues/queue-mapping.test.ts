import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { queueMappings } from "../../../../lib/local/mapping/queues/queue-mapping.ts";
import type { Input } from "../../../../lib/local/service/service.ts";
import { sqs } from "../../../../lib/local/sqs/sqs.ts";
import { account, region, resource, type TestCloud, type TestFunction, testCloud } from "../../cloud.ts";

const queueArn = (name: string) => `arn:aws:sqs:${region}:${account}:${name}`;
const reports = { FunctionResponseTypes: ["ReportBatchItemFailures"] };
const redrive = { RedrivePolicy: { deadLetterTargetArn: queueArn("dead"), maxReceiveCount: 2 } };

const template = (mapping: Input, queue: Input) => [
  resource("AWS::SQS::Queue", "work", queue),
  resource("AWS::SQS::Queue", "dead"),
  resource("AWS::Lambda::EventSourceMapping", "mapping", {
    EventSourceArn: queueArn("work"),
    FunctionName: "react",
    ...mapping,
  }),
  resource(
    "AWS::Lambda::Function",
    "react",
    { Timeout: 5 },
    `arn:aws:lambda:${region}:${account}:function:react`,
  ),
];

const providers = [
  [sqs, "AWS::SQS::Queue"],
  [queueMappings, "AWS::Lambda::EventSourceMapping"],
] as const;

type Message = { readonly messageId: string; readonly receiptHandle: string; readonly body: string };
// The event that a mapping passes to its function.
const messagesOf = (event: unknown) => (event as { readonly Records: readonly Message[] }).Records;

const fail = () => {
  throw new Error("broken");
};

describe("a mapping of a queue", () => {
  let cloud: TestCloud;
  let events: unknown[];
  beforeEach(() => {
    events = [];
  });
  afterEach(() => cloud.stop());

  const start = async (mapping: Input = {}, queue: Input = {}, run: TestFunction = () => null) => {
    cloud = await testCloud({
      providers,
      resources: template(mapping, queue),
      functions: {
        react: (event) => {
          events.push(event);
          return run(event);
        },
      },
    });
  };

  const send = async (...bodies: readonly string[]) => {
    const Entries = bodies.map((MessageBody, Id) => ({ Id: String(Id), MessageBody }));
    await cloud.call("sqs", "SendMessageBatch", { QueueUrl: "work", Entries });
  };

  /** The number of visible messages and of messages in flight. */
  const counts = async (QueueUrl: string) => {
    // The response of GetQueueAttributes.
    const { Attributes } = (await cloud.call("sqs", "GetQueueAttributes", {
      QueueUrl,
      AttributeNames: ["All"],
    })) as {
      readonly Attributes: Readonly<Record<string, string>>;
    };
    const { ApproximateNumberOfMessages: visible, ApproximateNumberOfMessagesNotVisible: inFlight } =
      Attributes;
    return [Number(visible), Number(inFlight)];
  };
  const bodies = () => events.map((event) => messagesOf(event).map(({ body }) => body));

  test("passes messages in the format of AWS and deletes them, with the permissions of the function's role", async () => {
    await start();
    const MessageAttributes = { kind: { DataType: "String", StringValue: "x" } };
    await cloud.call("sqs", "SendMessage", { QueueUrl: "work", MessageBody: "hello", MessageAttributes });
    await expect
      .poll(() => events)
      .toEqual([
        {
          Records: [
            {
              messageId: expect.any(String),
              receiptHandle: expect.any(String),
              body: "hello",
              attributes: {
                ApproximateReceiveCount: "1",
                SentTimestamp: expect.stringMatching(/^\d{13}$/),
                SenderId: "owner",
                ApproximateFirstReceiveTimestamp: expect.stringMatching(/^\d{13}$/),
              },
              messageAttributes: {
                kind: { stringValue: "x", stringListValues: [], binaryListValues: [], dataType: "String" },
              },
              md5OfMessageAttributes: expect.stringMatching(/^[0-9a-f]{32}$/),
              md5OfBody: "5d41402abc4b2a76b9719d911017c592",
              eventSource: "aws:sqs",
              eventSourceARN: queueArn("work"),
              awsRegion: region,
            },
          ],
        },
      ]);
    await expect.poll(() => counts("work")).toEqual([0, 0]);
    const asked = cloud.asked.filter(({ caller }) => caller.kind === "role");
    expect(new Set(asked.map(({ requirement }) => requirement.action))).toEqual(
      new Set(["sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:GetQueueAttributes"]),
    );
  });

  test("a function error: the message comes again after the visibility timeout, and ends in the dead-letter queue", async () => {
    await start({}, { ...redrive, VisibilityTimeout: 10 }, fail);
    await send("poison");
    await expect.poll(() => events).toHaveLength(1);
    cloud.clock.advance(10_000);
    await expect.poll(() => events).toHaveLength(2);
    cloud.clock.advance(10_000);
    await expect.poll(() => counts("dead")).toEqual([1, 0]);
    const [[first], [second]] = events.map(messagesOf) as [[Message], [Message]];
    expect(second).toMatchObject({
      messageId: first.messageId,
      body: "poison",
      attributes: { ApproximateReceiveCount: "2" },
    });
    expect(second.receiptHandle).not.toBe(first.receiptHandle);
    expect(events).toHaveLength(2);
  });

  test("reported failures come again, and the other messages are deleted", async () => {
    const failing = [["b", "c", "d"], ["d"], []];
    await start(reports, redrive, (event) => {
      const bad = failing.shift() ?? [];
      const failed = messagesOf(event).filter(({ body }) => bad.includes(body));
      return { batchItemFailures: failed.map(({ messageId }) => ({ itemIdentifier: messageId })) };
    });
    await send("a", "b", "c", "d");
    await expect.poll(() => counts("work")).toEqual([0, 3]);
    cloud.clock.advance(30_000);
    await expect.poll(() => counts("work")).toEqual([0, 1]);
    cloud.clock.advance(30_000);
    await expect.poll(() => counts("dead")).toEqual([1, 0]);
    expect(bodies()).toEqual([
      ["a", "b", "c", "d"],
      ["b", "c", "d"],
    ]);
  });

  test.each<readonly [string, TestFunction]>([
    ["an exception", fail],
    ["a failure that names no message", () => ({ batchItemFailures: [{ foo: "notvalid" }] })],
  ])("%s fails the whole batch, good messages included", async (_, run) => {
    await start(reports, redrive, run);
    await send("good", "bad");
    for (const times of [1, 2]) {
      await expect.poll(() => events).toHaveLength(times);
      await expect.poll(() => counts("work")).toEqual([0, 2]);
      cloud.clock.advance(30_000);
    }
    await expect.poll(() => counts("dead")).toEqual([2, 0]);
    expect(events).toHaveLength(2);
  });

  test.each([[{}], [null], [{ batchItemFailures: [] }]])("an answer of %j is success", async (answer) => {
    await start(reports, {}, () => answer);
    await send("a");
    await expect.poll(() => events).toHaveLength(1);
    await expect.poll(() => counts("work")).toEqual([0, 0]);
  });

  test("passes at most BatchSize messages at once, and several batches concurrently", async () => {
    const running = { now: 0, most: 0 };
    await start({ BatchSize: 2, ScalingConfig: { MaximumConcurrency: 3 } }, {}, async () => {
      running.now += 1;
      running.most = Math.max(running.most, running.now);
      await new Promise((resolve) => setTimeout(resolve, 5));
      running.now -= 1;
    });
    await send(..."abcdefghij");
    await send(..."klmnopqrst");
    await expect.poll(() => bodies().flat().sort().join("")).toBe("abcdefghijklmnopqrst");
    expect(running.most).toBe(3);
    expect(bodies().every((batch) => batch.length === 2)).toBe(true);
  });

  test("with a batching window gathers more than ten messages", async () => {
    await start({ BatchSize: 15, MaximumBatchingWindowInSeconds: 20 });
    await send(..."abcdefghij");
    await send(..."klmno");
    await expect.poll(bodies).toEqual([[..."abcdefghijklmno"]]);
  });

  test("passes what it has when the window ends", async () => {
    await start({ BatchSize: 15, MaximumBatchingWindowInSeconds: 20 });
    await send("a");
    await expect.poll(() => counts("work")).toEqual([0, 1]);
    expect(events).toEqual([]);
    cloud.clock.advance(20_000);
    await expect.poll(bodies).toEqual([["a"]]);
  });

  /** A message of 900 KB for each letter, all in one turn, so that the mapping receives them together. */
  const sendLarge = (letters: string) =>
    Promise.all([...letters].map((letter) => send(letter.padEnd(900 * 1024, "."))));
  const letters = () => bodies().map((batch) => batch.map((body) => body[0]).join(""));

  // AWS ends a batch at 6 MB of payload: Lambda developer guide, "Batching behavior".
  test("closes a batch before its event is too large for an invocation", async () => {
    await start({}, { RedrivePolicy: { ...redrive.RedrivePolicy, maxReceiveCount: 1 } });
    await sendLarge("abcdefghij");
    await expect.poll(() => counts("work")).toEqual([0, 0]);
    expect(letters()).toEqual(["abcdef", "ghij"]);
    expect(await counts("dead")).toEqual([0, 0]);
  });

  test("counts only what passes the filters for the size of a batch", async () => {
    const Pattern = JSON.stringify({ body: [{ prefix: "a" }] });
    await start({ FilterCriteria: { Filters: [{ Pattern }] } });
    await sendLarge("abababab");
    await expect.poll(letters).toEqual(["aaaa"]);
    await expect.poll(() => counts("work")).toEqual([0, 0]);
  });

  test("does not exceed its concurrency when it splits what it received", async () => {
    const running = { now: 0, most: 0 };
    await start({ ScalingConfig: { MaximumConcurrency: 2 } }, {}, async () => {
      running.now += 1;
      running.most = Math.max(running.most, running.now);
      await new Promise((resolve) => setTimeout(resolve, 5));
      running.now -= 1;
    });
    await sendLarge("abcdefghijklmnopqrst");
    await expect.poll(() => letters().join("").length).toBe(20);
    expect(running.most).toBe(2);
  });

  test("with a window does not wait for more messages than fit", async () => {
    await start({ BatchSize: 20, MaximumBatchingWindowInSeconds: 300 });
    await sendLarge("abcdefghij");
    await expect.poll(() => letters()[0]).toBe("abcdef");
  });

  test.each<readonly [string, Input, readonly string[]]>([
    ["fields of a JSON body", { body: { kind: ["x"] } }, ['{"kind":"x"}']],
    ["a plain body", { body: ["plain"] }, ["plain"]],
  ])("filters by %s and deletes what does not match", async (_, definition, matching) => {
    const Pattern = JSON.stringify(definition);
    await start({ FilterCriteria: { Filters: [{ Pattern }] } });
    await send('{"kind":"x"}', '{"kind":"y"}', "plain", "{");
    await expect.poll(bodies).toEqual([matching]);
    await expect.poll(() => counts("work")).toEqual([0, 0]);
  });

  test("reports that it lacks permission to receive, and continues once it has permission", async () => {
    let isForbidden = true;
    await start({ Enabled: false });
    await cloud.stop();
    cloud = await testCloud({
      providers: [
        [
          (inner, resources) => {
            const provider = sqs(inner, resources);
            const operations = provider.services?.[0]?.operations ?? {};
            const receive = operations.ReceiveMessage;
            if (!receive) throw new Error("no ReceiveMessage");
            const run: typeof receive.run = (input, caller) => {
              if (isForbidden) throw new Error("forbidden");
              return receive.run(input, caller);
            };
            return {
              ...provider,
              services: [{ name: "sqs", operations: { ...operations, ReceiveMessage: { ...receive, run } } }],
            };
          },
          "AWS::SQS::Queue",
        ],
        providers[1],
      ],
      resources: template({}, {}),
      functions: { react: (event) => void events.push(event) },
    });
    await send("a");
    await expect.poll(() => cloud.reports.at(-1)?.message).toContain("forbidden");
    isForbidden = false;
    cloud.clock.advance(60_000);
    await expect.poll(bodies).toEqual([["a"]]);
  });
});

describe("a mapping of a queue does not start", () => {
  const start = (mapping: Input, queue: Input = {}) =>
    testCloud({ providers, resources: template(mapping, queue) });

  test.each<readonly [string, Input, string]>([
    [
      "with more than ten messages and no window",
      { BatchSize: 11 },
      "BatchSize = 11: Maximum batch window in seconds must be greater than 0",
    ],
    [
      "of an unknown queue",
      { EventSourceArn: queueArn("gone") },
      "Error occurred while ReceiveMessage. SQS Error Code: AWS.SimpleQueueService.NonExistentQueue. SQS Error Message: The specified queue does not exist.",
    ],
    ["with no message in a batch", { BatchSize: 0 }, "property BatchSize = 0"],
    ["with too many messages in a batch", { BatchSize: 10_001 }, "property BatchSize = 10001"],
    [
      "with a broken filter",
      { FilterCriteria: { Filters: [{ Pattern: "x" }] } },
      "Invalid filter pattern definition.",
    ],
    [
      "with a setting of streams",
      { ParallelizationFactor: 2 },
      "property ParallelizationFactor = 2: does not run here",
    ],
  ])("%s", async (_, mapping, message) => {
    await expect(start(mapping)).rejects.toThrow(message);
  });

  test("of a queue whose visibility timeout is shorter than the timeout of the function", async () => {
    await expect(start({}, { VisibilityTimeout: 4 })).rejects.toThrow(
      "Queue visibility timeout: 4 seconds is less than Function timeout: 5 seconds",
    );
  });
});
