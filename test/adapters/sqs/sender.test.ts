import { SendMessageCommand, SQSClient } from "@aws-sdk/client-sqs";
import { mockClient } from "aws-sdk-client-mock";
import { expect, test } from "vitest";
import { sqsSender } from "../../../lib/adapters/sqs/sender.ts";

const queueOf = (handler: string) => `https://sqs.eu-central-1.amazonaws.com/123456789012/${handler}`;

test("a handler gets a message by its own queue", async () => {
  const sqs = mockClient(SQSClient);
  sqs.on(SendMessageCommand).resolves({});
  await sqsSender(new SQSClient({}), queueOf)("checkout", "{}");
  expect(sqs.commandCalls(SendMessageCommand).map(({ args: [{ input }] }) => input)).toEqual([
    { QueueUrl: queueOf("checkout"), MessageBody: "{}" },
  ]);
});

test("one that is not taken is a fault", async () => {
  const sqs = mockClient(SQSClient);
  sqs.on(SendMessageCommand).rejects(new Error("throttled"));
  await expect(sqsSender(new SQSClient({}), queueOf)("checkout", "{}")).rejects.toThrow("throttled");
});
