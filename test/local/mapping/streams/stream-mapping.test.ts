import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { localClock } from "../../../../lib/local/machine/clock.ts";
import { streamMappings } from "../../../../lib/local/mapping/streams/stream-mapping.ts";
import type { Input } from "../../../../lib/local/service/service.ts";
import { account, region, resource, type TestCloud, type TestFunction, testCloud } from "../../cloud.ts";
import { createdAt, shardId, streamArn, type TestStream, testStream } from "../../stream.ts";

const functionArn = `arn:aws:lambda:${region}:${account}:function:project`;
const bucketArn = "arn:aws:s3:::lost";

const mapping = (properties: Input) =>
  resource("AWS::Lambda::EventSourceMapping", "mapping", {
    EventSourceArn: streamArn,
    FunctionName: "project",
    StartingPosition: "TRIM_HORIZON",
    DestinationConfig: { OnFailure: { Destination: bucketArn } },
    ...properties,
  });

type Event = {
  readonly Records: readonly {
    readonly dynamodb: { readonly SequenceNumber: string; readonly Keys: unknown };
  }[];
};
// The event that a mapping passes to its function.
const numbersOf = (event: unknown) =>
  (event as Event).Records.map(({ dynamodb }) => Number(dynamodb.SequenceNumber));
const fails = (...numbers: readonly number[]) => ({
  batchItemFailures: numbers.map((number) => ({ itemIdentifier: String(number) })),
});

/** The objects that were put into the bucket. */
type Lost = { readonly Bucket: string; readonly Key: string; readonly Body: string };

describe("a mapping of a stream", () => {
  let cloud: TestCloud;
  let stream: TestStream;
  let batches: number[][];
  let lost: Lost[];
  /** How far the clock of the machine was advanced. */
  let machineAhead: number;

  beforeEach(() => {
    stream = testStream();
    batches = [];
    lost = [];
    machineAhead = 0;
  });
  afterEach(() => cloud.stop());

  const start = async (properties: Input = {}, run: TestFunction = () => null, journalFile?: string) => {
    const PutObject = {
      requires: () => [],
      // Only this mapping puts objects here.
      run: (input: Input) => void lost.push(input as Lost),
    };
    cloud = await testCloud({
      providers: [[streamMappings, "AWS::Lambda::EventSourceMapping"]],
      resources: [mapping(properties)],
      services: { dynamodb: stream.operations, s3: { PutObject } },
      clock: localClock(() => Date.now() + machineAhead),
      functions: {
        project: (event) => {
          batches.push(numbersOf(event));
          return run(event);
        },
      },
      ...(journalFile && { journalFile }),
    });
  };

  const write = (...keys: readonly string[]) => {
    for (const key of keys) stream.write(key);
    cloud.written("orders");
  };

  /** Makes retries due until `done` holds. */
  const retryUntil = async (done: () => boolean) => {
    for (let turn = 0; turn < 200 && !done(); turn++) {
      cloud.clock.advance(60_000);
      await new Promise((resolve) => setTimeout(resolve, 2));
    }
    expect(done()).toBe(true);
  };

  const documents = () => lost.map(({ Body }) => JSON.parse(Body));
  const checkpoints = () => [...cloud.journal.map<string>("checkpoints").entries()];

  test("passes records in the format of AWS, read with the permissions of the function's role", async () => {
    stream.write("a");
    const events: unknown[] = [];
    await start({}, (event) => void events.push(event));
    await expect
      .poll(() => events)
      .toEqual([
        {
          Records: [
            {
              eventID: expect.stringMatching(/^[0-9a-f]{32}$/),
              eventName: "INSERT",
              eventVersion: "1.1",
              eventSource: "aws:dynamodb",
              awsRegion: region,
              dynamodb: {
                ApproximateCreationDateTime: createdAt,
                Keys: { pk: { S: "a" } },
                NewImage: { pk: { S: "a" } },
                SequenceNumber: "1",
                SizeBytes: 54,
                StreamViewType: "NEW_IMAGE",
              },
              eventSourceARN: streamArn,
            },
          ],
        },
      ]);
    const read = cloud.asked.filter(({ requirement }) => requirement.action.startsWith("dynamodb:"));
    expect(new Set(read.map(({ requirement }) => requirement.action))).toEqual(
      new Set([
        "dynamodb:ListStreams",
        "dynamodb:DescribeStream",
        "dynamodb:GetShardIterator",
        "dynamodb:GetRecords",
      ]),
    );
    expect(read.every(({ caller }) => caller.kind === "role" && caller.arn === "role-of-project")).toBe(true);
  });

  test("checks at startup that it can list streams and store failed records", async () => {
    await start();
    const asked = cloud.asked.map(({ requirement }) => requirement);
    expect(asked).toContainEqual({ action: "dynamodb:ListStreams", resource: streamArn });
    expect(asked).toContainEqual({ action: "s3:ListBucket", resource: "arn:aws:s3:::lost" });
    expect(asked).toContainEqual({ action: "s3:PutObject", resource: "arn:aws:s3:::lost/aws/lambda" });
  });

  test("reads immediately after a write, and describes the stream only once", async () => {
    await start();
    await expect.poll(stream.reads).toBe(1);
    for (let count = 1; count <= 3; count++) {
      write("a");
      await expect.poll(() => batches.flat()).toHaveLength(count);
    }
    expect(
      cloud.asked.filter(({ requirement }) => requirement.action.endsWith("DescribeStream")),
    ).toHaveLength(1);
  });

  test("reads after about a second if it is not notified", async () => {
    await start();
    await expect.poll(stream.reads).toBe(1);
    stream.write("a");
    cloud.clock.advance(1000);
    await expect.poll(() => batches).toEqual([[1]]);
  });

  test("passes at most BatchSize records at once, in order", async () => {
    for (let count = 0; count < 7; count++) stream.write(`${count}`);
    await start({ BatchSize: 3 });
    await expect.poll(() => batches).toEqual([[1, 2, 3], [4, 5, 6], [7]]);
  });

  test("skips a MODIFY without a change, and records that no filter matches; both count as done", async () => {
    const image = { pk: { S: "a" } };
    stream.write("a", { eventName: "MODIFY", NewImage: image, OldImage: image });
    stream.write("a", { eventName: "REMOVE" });
    stream.write("a");
    stream.write("a", { eventName: "MODIFY", NewImage: image, OldImage: { pk: { S: "b" } } });
    const Pattern = '{"eventName":["INSERT","MODIFY"]}';
    await start({ FilterCriteria: { Filters: [{ Pattern }] } });
    await expect.poll(() => batches).toEqual([[3, 4]]);
    expect(checkpoints()).toEqual([[`mapping/${streamArn}/${shardId}`, "4"]]);
  });

  test("waits for the batching window, but only until the batch is full", async () => {
    await start({ BatchSize: 3, MaximumBatchingWindowInSeconds: 10 });
    write("a");
    await expect.poll(stream.reads).toBeGreaterThan(1);
    const before = stream.reads();
    write("b");
    await expect.poll(stream.reads).toBeGreaterThan(before);
    expect(batches).toEqual([]);
    cloud.clock.advance(10_000);
    await expect.poll(() => batches).toEqual([[1, 2]]);
    write("a", "b", "c");
    await retryUntil(() => batches.length === 2);
    expect(batches[1]).toEqual([3, 4, 5]);
  });

  // SizeBytes of these records is 54 bytes; the JSON of each is 1,200 KB.
  const large = { NewImage: { pk: { S: "x".repeat(1200 * 1024) } } };

  test("limits a batch by the bytes of the JSON that it sends", async () => {
    for (const pk of ["a", "b", "c", "d", "e", "f"]) stream.write(pk, large);
    await start({ MaximumRetryAttempts: 0 });
    await expect.poll(() => batches.flat()).toEqual([1, 2, 3, 4, 5, 6]);
    expect(batches[0]).toEqual([1, 2, 3, 4, 5]);
    expect(lost).toEqual([]);
  });

  test("does not wait for the end of a window once the event is full by bytes", async () => {
    for (const pk of ["a", "b", "c", "d", "e", "f"]) stream.write(pk, large);
    await start({ MaximumBatchingWindowInSeconds: 300 });
    await expect.poll(() => batches).toEqual([[1, 2, 3, 4, 5]]);
  });

  test.each([[[]], [null], [{}], [{ batchItemFailures: [] }], [{ batchItemFailures: null }], [undefined]])(
    "an answer of %j is success: the function is invoked once",
    async (answer) => {
      stream.write("a");
      await start({ FunctionResponseTypes: ["ReportBatchItemFailures"] }, () => answer);
      await expect.poll(checkpoints).toHaveLength(1);
      expect([batches, lost]).toEqual([[[1]], []]);
    },
  );

  test.each<readonly [string, TestFunction, "Unhandled" | null]>([
    ["a number for an identifier", () => ({ batchItemFailures: [{ itemIdentifier: 123 }] }), null],
    ["an empty identifier", () => ({ batchItemFailures: [{ itemIdentifier: "" }] }), null],
    ["null for an identifier", () => ({ batchItemFailures: [{ itemIdentifier: null }] }), null],
    ["another property", () => ({ batchItemFailures: [{ foo: 123 }] }), null],
    ["another property with null", () => ({ batchItemFailures: [{ foo: null }] }), null],
    ["the record itself", () => fails(1), null],
    [
      "an exception",
      () => {
        throw new Error("broken");
      },
      "Unhandled",
    ],
  ])(
    "after a failure by %s the batch is retried MaximumRetryAttempts times, then dropped",
    async (_, run, functionError) => {
      stream.write("a");
      await start({ FunctionResponseTypes: ["ReportBatchItemFailures"], MaximumRetryAttempts: 3 }, run);
      await retryUntil(() => lost.length === 1);
      expect(batches).toEqual([[1], [1], [1], [1]]);
      expect(documents()[0]).toMatchObject({
        requestContext: { condition: "RetryAttemptsExhausted", approximateInvokeCount: 4 },
        responseContext: { statusCode: 200, executedVersion: "$LATEST", functionError },
      });
    },
  );

  test("a dropped batch is in the bucket: its document, the order of the keys, and its name are as on AWS", async () => {
    stream.write("a");
    stream.write("b");
    await start({ MaximumRetryAttempts: 0 }, () => {
      throw new Error("broken");
    });
    await retryUntil(() => lost.length === 1);
    const [document] = documents();
    expect(document).toEqual({
      requestContext: {
        requestId: expect.any(String),
        functionArn,
        condition: "RetryAttemptsExhausted",
        approximateInvokeCount: 1,
      },
      responseContext: { statusCode: 200, executedVersion: "$LATEST", functionError: "Unhandled" },
      version: "1.0",
      timestamp: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/),
      DDBStreamBatchInfo: {
        shardId,
        startSequenceNumber: "1",
        endSequenceNumber: "2",
        approximateArrivalOfFirstRecord: "2022-07-13T13:48:01Z",
        approximateArrivalOfLastRecord: "2022-07-13T13:48:01Z",
        batchSize: 2,
        streamArn,
      },
      payload: { Records: [expect.objectContaining({ eventName: "INSERT" }), expect.anything()] },
    });
    expect(Object.keys(document)).toEqual([
      "requestContext",
      "responseContext",
      "version",
      "timestamp",
      "DDBStreamBatchInfo",
      "payload",
    ]);
    const [date = "", time = ""] = document.timestamp.split("T");
    const second = time.slice(0, 8).replaceAll(":", ".");
    expect(lost[0]?.Bucket).toBe("lost");
    expect(
      lost[0]?.Key.startsWith(
        `aws/lambda/mapping/${shardId}/${date.replaceAll("-", "/")}/${date}T${second}-`,
      ),
    ).toBe(true);
    expect(checkpoints()[0]?.[1]).toBe("2");
  });

  test("a partial failure: records before it are done, and the rest is a new batch with its own retries", async () => {
    for (let count = 0; count < 6; count++) stream.write(`${count}`);
    await start(
      { BatchSize: 3, FunctionResponseTypes: ["ReportBatchItemFailures"], MaximumRetryAttempts: 3 },
      (event) => fails(...numbersOf(event).filter((number) => number === 6)),
    );
    await retryUntil(() => lost.length === 1);
    expect(batches).toEqual([[1, 2, 3], [4, 5, 6], [6], [6], [6], [6]]);
    expect(documents()[0]).toMatchObject({
      requestContext: { approximateInvokeCount: 4 },
      DDBStreamBatchInfo: { batchSize: 1, startSequenceNumber: "6", endSequenceNumber: "6" },
    });
  });

  test("of several failures, the lowest sequence number is where the next batch starts", async () => {
    for (let count = 0; count < 11; count++) stream.write(`${count}`);
    let isFirst = true;
    await start({ FunctionResponseTypes: ["ReportBatchItemFailures"] }, () => {
      const answer = isFirst ? fails(11, 9) : null;
      isFirst = false;
      return answer;
    });
    await expect.poll(() => batches[1]).toEqual([9, 10, 11]);
  });

  test("bisecting finds the one bad record and uses no retries", async () => {
    for (let count = 0; count < 4; count++) stream.write(`${count}`);
    await start({ BisectBatchOnFunctionError: true, MaximumRetryAttempts: 1 }, (event) => {
      if (numbersOf(event).includes(3)) throw new Error("broken");
    });
    await retryUntil(() => batches.flat().at(-1) === 4 && batches.at(-1)?.length === 1);
    expect(batches).toEqual([[1, 2, 3, 4], [1, 2], [3, 4], [3], [3], [4]]);
    expect(documents()).toMatchObject([{ DDBStreamBatchInfo: { batchSize: 1, startSequenceNumber: "3" } }]);
  });

  test("unlimited retries block the records behind until the function succeeds", async () => {
    stream.write("a");
    stream.write("b");
    let isBroken = true;
    await start({ BatchSize: 1 }, () => {
      if (isBroken) throw new Error("broken");
    });
    await retryUntil(() => batches.length > 20);
    expect(new Set(batches.flat())).toEqual(new Set([1]));
    isBroken = false;
    await retryUntil(() => batches.flat().includes(2));
    expect(lost).toEqual([]);
  });

  test("a record that is too old is dropped without a response; younger records are still passed", async () => {
    stream.write("old");
    let isBroken = true;
    await start({ BatchSize: 1, MaximumRecordAgeInSeconds: 60 }, () => {
      if (isBroken) throw new Error("broken");
    });
    await retryUntil(() => batches.length === 3);
    machineAhead += 61_000;
    write("young");
    isBroken = false;
    await retryUntil(() => batches.flat().includes(2));
    const [document] = documents();
    expect(document.requestContext).toMatchObject({
      condition: "RecordAgeExceeded",
      approximateInvokeCount: 3,
    });
    expect(document).not.toHaveProperty("responseContext");
    expect(document.DDBStreamBatchInfo).toMatchObject({ startSequenceNumber: "1", batchSize: 1 });
  });

  test("a jump of the clock does not make a record too old", async () => {
    stream.write("a");
    let isBroken = true;
    await start({ MaximumRecordAgeInSeconds: 60 }, () => {
      if (isBroken) throw new Error("broken");
    });
    await expect.poll(() => batches.length).toBe(1);
    cloud.clock.advance(30 * 24 * 3600 * 1000);
    isBroken = false;
    await retryUntil(() => checkpoints().length === 1);
    expect(lost).toEqual([]);
  });

  test("concurrent batches: several batches at once, with the records of each item in order", async () => {
    const running = { now: 0, most: 0 };
    const seen: Record<string, number[]> = {};
    for (let count = 0; count < 100; count++) stream.write(`item ${count % 10}`);
    await start({ ParallelizationFactor: 10, BatchSize: 2 }, async (event) => {
      running.now += 1;
      running.most = Math.max(running.most, running.now);
      await new Promise((resolve) => setTimeout(resolve, 1));
      // The event that a mapping passes to its function.
      for (const { dynamodb } of (event as Event).Records) {
        const key = JSON.stringify(dynamodb.Keys);
        seen[key] = [...(seen[key] ?? []), Number(dynamodb.SequenceNumber)];
      }
      running.now -= 1;
    });
    await expect.poll(() => Object.values(seen).flat().length).toBe(100);
    expect(running.most).toBeGreaterThan(1);
    for (const numbers of Object.values(seen)) expect(numbers).toEqual([...numbers].sort((a, b) => a - b));
    await expect.poll(() => checkpoints()[0]?.[1]).toBe("100");
  });

  test("if a partition is blocked, the checkpoint stays before its record, and the rest is read again after a restart", async () => {
    const folder = mkdtempSync(join(tmpdir(), "stream-"));
    const file = join(folder, "journal");
    for (let count = 1; count <= 20; count++) stream.write(count === 5 ? "bad" : `item ${count}`);
    const properties = { ParallelizationFactor: 10, BatchSize: 1 };
    await start(
      properties,
      (event) => {
        if (numbersOf(event).includes(5)) throw new Error("broken");
      },
      file,
    );
    await retryUntil(() => checkpoints()[0]?.[1] === "4" && batches.flat().includes(5));
    await cloud.stop();
    batches = [];
    await start(properties, undefined, file);
    await expect.poll(() => checkpoints()[0]?.[1]).toBe("20");
    expect(Math.min(...batches.flat())).toBe(5);
    rmSync(folder, { recursive: true });
  });

  test("reads the child of a closed shard once the parent is done", async () => {
    stream.write("a");
    stream.write("b");
    stream.split();
    stream.write("c");
    await start({ BatchSize: 1 }, () => new Promise((resolve) => setTimeout(resolve, 5)));
    await expect.poll(() => batches).toEqual([[1], [2], [3]]);
    await expect.poll(() => checkpoints().map(([, last]) => last)).toEqual(["2", "3"]);
  });

  test("records that are dropped without a destination are reported as lost", async () => {
    stream.write("a");
    await start({ MaximumRetryAttempts: 0, DestinationConfig: undefined }, () => {
      throw new Error("broken");
    });
    await expect
      .poll(() => cloud.reports)
      .toEqual([
        expect.objectContaining({ level: "problem", message: expect.stringContaining("they are lost") }),
      ]);
  });
});

test.each<readonly [Input, string]>([
  [{ StartingPosition: "LATEST" }, 'property StartingPosition = "LATEST"'],
  [{ TumblingWindowInSeconds: 5 }, "property TumblingWindowInSeconds = 5: does not run here"],
  [
    { EventSourceArn: "arn:aws:kinesis:x:1:stream/y" },
    "only DynamoDB streams, SQS queues, Kafka and Amazon MQ",
  ],
  [{ ParallelizationFactor: 11 }, "property ParallelizationFactor = 11"],
  [{ MaximumRecordAgeInSeconds: 5 }, "property MaximumRecordAgeInSeconds = 5"],
  [{ DestinationConfig: { OnFailure: { Destination: "arn:aws:sqs:x:1:y" } } }, "only an S3 bucket"],
  [{ FilterCriteria: { Filters: [{ Pattern: "plain" }] } }, "Invalid filter pattern definition."],
  [{ FilterCriteria: { Filters: [{ Pattern: '{"a":' }] } }, "Invalid filter pattern definition."],
])("a mapping with %j is refused by name", async (properties, message) => {
  const given = {
    providers: [[streamMappings, "AWS::Lambda::EventSourceMapping"]] as const,
    resources: [mapping(properties)],
  };
  await expect(testCloud(given)).rejects.toThrow(message);
});
