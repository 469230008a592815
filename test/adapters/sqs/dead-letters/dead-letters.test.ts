import {
  ChangeMessageVisibilityBatchCommand,
  DeleteMessageCommand,
  GetQueueAttributesCommand,
  ReceiveMessageCommand,
  SendMessageCommand,
  SQSClient,
} from "@aws-sdk/client-sqs";
import { mockClient } from "aws-sdk-client-mock";
import { beforeEach, expect, test } from "vitest";
import { sqsDeadLetters } from "../../../../lib/adapters/sqs/dead-letters/dead-letters.ts";

const client = new SQSClient({ region: "eu-central-1" });
const sqs = mockClient(client);
const queueUrl = "https://sqs.eu-central-1.amazonaws.com/1/tell";
const deadLettersUrl = "https://sqs.eu-central-1.amazonaws.com/1/tell-dead";
const deadLetters = sqsDeadLetters(
  client,
  () => queueUrl,
  () => false,
);

const message = (name: string) => ({
  Body: name,
  ReceiptHandle: `receipt of ${name}`,
  Attributes: { SentTimestamp: "1767225600000" },
});

const sent = () => sqs.calls().map(({ args: [{ input }] }) => input);

beforeEach(() => {
  sqs.reset();
  sqs.on(GetQueueAttributesCommand).resolves({
    Attributes: {
      RedrivePolicy: JSON.stringify({ deadLetterTargetArn: "arn:aws:sqs:eu-central-1:1:tell-dead" }),
    },
  });
  sqs
    .on(ReceiveMessageCommand)
    .resolvesOnce({ Messages: [message("a"), message("b")] })
    .resolves({});
});

const received = (countMax: number, VisibilityTimeout: number) => ({
  QueueUrl: deadLettersUrl,
  VisibilityTimeout,
  MaxNumberOfMessages: countMax,
  WaitTimeSeconds: 1,
  MessageSystemAttributeNames: ["SentTimestamp"],
  MessageAttributeNames: ["ERROR_CODE", "ERROR_MESSAGE", "dead-letter-because", "dead-letter-sent"],
});

test("a list receives until nothing arrives, hides the messages for a minute, and shows them again at once", async () => {
  const listed = await deadLetters.list("tell", 12);
  expect(listed).toMatchObject([
    { payload: "a", at: "2026-01-01T00:00:00.000Z" },
    { payload: "b", at: "2026-01-01T00:00:00.000Z" },
  ]);
  expect(sent()).toEqual([
    { QueueUrl: queueUrl, AttributeNames: ["RedrivePolicy"] },
    received(10, 60),
    received(10, 60),
    {
      QueueUrl: deadLettersUrl,
      Entries: [
        { Id: "0", ReceiptHandle: "receipt of a", VisibilityTimeout: 0 },
        { Id: "1", ReceiptHandle: "receipt of b", VisibilityTimeout: 0 },
      ],
    },
  ]);
});

test("a list receives no more than it may return", async () => {
  await deadLetters.list("tell", 2);
  expect(sqs.commandCalls(ReceiveMessageCommand).map(({ args: [{ input }] }) => input)).toEqual([
    received(2, 60),
  ]);
});

test("a redrive sends each chosen message before it deletes it, and shows the others", async () => {
  const redriven = await deadLetters.redrive("tell", (deadLetters) => deadLetters.slice(0, 1));
  expect(redriven).toEqual({ count: 1, more: false });
  expect(sent().slice(3)).toEqual([
    { QueueUrl: queueUrl, MessageBody: "a" },
    { QueueUrl: deadLettersUrl, ReceiptHandle: "receipt of a" },
    {
      QueueUrl: deadLettersUrl,
      Entries: [{ Id: "0", ReceiptHandle: "receipt of b", VisibilityTimeout: 0 }],
    },
  ]);
});

test("a message that could not be sent is not deleted", async () => {
  sqs.on(SendMessageCommand).rejects(new Error("no answer"));
  await expect(deadLetters.redrive("tell", (deadLetters) => deadLetters)).rejects.toThrow("no answer");
  expect(sqs.commandCalls(DeleteMessageCommand)).toEqual([]);
  expect(sqs.commandCalls(ChangeMessageVisibilityBatchCommand)).toHaveLength(1);
});

test("a message that its queue never accepts stays, is not counted, and does not block the others", async () => {
  const refusal = Object.assign(new Error("no"), { name: "InvalidMessageContents" });
  sqs.on(SendMessageCommand, { MessageBody: "a" }).rejects(refusal);
  expect(await deadLetters.redrive("tell", (deadLetters) => deadLetters)).toEqual({ count: 1, more: false });
  expect(sqs.commandCalls(DeleteMessageCommand).map(({ args: [{ input }] }) => input.ReceiptHandle)).toEqual([
    "receipt of b",
  ]);
  expect(sqs.commandCalls(ChangeMessageVisibilityBatchCommand)).toHaveLength(1);
});

test("a queue without a dead-letter queue is an error of the deployment", async () => {
  sqs.on(GetQueueAttributesCommand).resolves({});
  await expect(deadLetters.list("tell", 1)).rejects.toThrow("deadLetterTargetArn");
});

test("a dead letter that we sent has its reason, and the time when the message was first sent", async () => {
  const text = (StringValue: string) => ({ DataType: "String", StringValue });
  const MessageAttributes = {
    "dead-letter-because": text("untranslatable: no pieces"),
    "dead-letter-sent": text("1767139200000"),
  };
  sqs
    .on(ReceiveMessageCommand)
    .resolvesOnce({ Messages: [{ ...message("a"), MessageAttributes }] })
    .resolves({});
  expect(await deadLetters.list("tell", 2)).toEqual([
    { payload: "a", at: "2025-12-31T00:00:00.000Z", because: "untranslatable: no pieces" },
  ]);
});

test("dead letters of a translator contain events of another system, the others none that they recognise", async () => {
  const Body = JSON.stringify({
    id: "e-1",
    source: "warehouse",
    "detail-type": "StockDelivered",
    time: "2026-01-31T12:00:00Z",
    detail: { article: "pear" },
  });
  sqs.on(ReceiveMessageCommand).resolves({ Messages: [{ ...message("a"), Body }] });
  const both = sqsDeadLetters(
    client,
    () => queueUrl,
    (handler) => handler === "translator",
  );
  const [foreign] = await both.list("translator", 1);
  expect(foreign).toMatchObject({ foreign: { id: "e-1", source: "warehouse", data: { article: "pear" } } });
  const [own] = await both.list("effect", 1);
  expect(own).toMatchObject({ because: expect.stringContaining("expected an event of this application") });
  expect(own).not.toHaveProperty("foreign");
});
