import { GetQueueAttributesCommand, SendMessageCommand, SQSClient } from "@aws-sdk/client-sqs";
import { mockClient } from "aws-sdk-client-mock";
import { describe, expect, test } from "vitest";
import { memoryLog } from "../../../lib/adapters/memory/log.ts";
import { foreignEventIn } from "../../../lib/adapters/sqs/foreign-delivery.ts";
import { sqsIntake } from "../../../lib/adapters/sqs/handler.ts";
import { dead, type ForeignDelivery, retry } from "../../../lib/ports/delivery.ts";

const data = { article: "pear", pieces: 4 };

/** A message as EventBridge delivers it. */
const body = (detail: unknown, id = "e-1") =>
  JSON.stringify({
    version: "0",
    id,
    source: "warehouse",
    "detail-type": "StockDelivered",
    account: "123456789012",
    time: "2026-01-31T12:00:00Z",
    region: "eu-central-1",
    resources: [],
    detail,
  });

const cloudEvent = { specversion: "1.0", id: "d-1", source: "warehouse", type: "StockDelivered", data };

describe("an event of another system", () => {
  test("is the CloudEvent in the detail", () => {
    const { specversion: _, ...event } = cloudEvent;
    expect(foreignEventIn(body(cloudEvent))).toEqual(event);
  });

  test("or the detail is its data, and EventBridge supplies the attributes", () => {
    expect(foreignEventIn(body(data))).toEqual({
      id: "e-1",
      source: "warehouse",
      type: "StockDelivered",
      time: "2026-01-31T12:00:00Z",
      data,
    });
  });

  test.each([
    ["text", "hello", "JSON"],
    ["no envelope", "{}", "detail-type"],
    ["a CloudEvent without an id", body({ ...cloudEvent, id: undefined }), "id"],
    [
      "data with a key twice",
      body(cloudEvent).replace('"pieces"', '"pieces":1,"pieces"'),
      "JSON at /detail/data/pieces: the field appears twice",
    ],
    ["a CloudEvent of another version", body({ ...cloudEvent, specversion: "0.3" }), "specversion"],
  ])("is not in %s", (_, text, because) => {
    expect(() => foreignEventIn(text)).toThrow(because);
  });
});

test("an event that can never be accepted becomes a dead letter at once, and a failed one is retried", async () => {
  const client = new SQSClient({ region: "eu-central-1" });
  const sqs = mockClient(client);
  const deadLetterTargetArn = "arn:aws:sqs:eu-central-1:123456789012:dead";
  sqs.on(GetQueueAttributesCommand).resolves({
    Attributes: { RedrivePolicy: JSON.stringify({ deadLetterTargetArn }) },
  });
  const log = memoryLog();
  const deliveries: ForeignDelivery[] = [];
  const handler = sqsIntake(
    async (all) => {
      deliveries.push(...all);
      return [dead("m-bad", "untranslatable: no pieces"), retry("m-busy")];
    },
    { client, random: () => 0, log },
  );
  const record = (id: string) => ({
    messageId: `m-${id}`,
    receiptHandle: `handle of ${id}`,
    body: body(data, id),
    attributes: { ApproximateReceiveCount: "1", SentTimestamp: "1545082649183" },
    eventSourceARN: "arn:aws:sqs:eu-central-1:123456789012:queue",
  });
  const answer = await handler({ Records: ["bad", "good", "busy"].map(record) });
  expect(answer).toEqual({ batchItemFailures: [{ itemIdentifier: "m-busy" }] });
  expect(sqs.commandCalls(SendMessageCommand).map(({ args: [{ input }] }) => input)).toMatchObject([
    {
      MessageBody: body(data, "bad"),
      MessageAttributes: { "dead-letter-because": { StringValue: "untranslatable: no pieces" } },
    },
  ]);
  expect(deliveries.map(({ id, event }) => [id, event.id])).toEqual([
    ["m-bad", "bad"],
    ["m-good", "good"],
    ["m-busy", "busy"],
  ]);
  expect(log.entries()).toMatchObject([
    { kind: "problem", message: "the message m-bad is a dead letter: untranslatable: no pieces" },
  ]);
});
