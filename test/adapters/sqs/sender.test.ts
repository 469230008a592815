import { SendMessageCommand, SQSClient } from "@aws-sdk/client-sqs";
import { mockClient } from "aws-sdk-client-mock";
import { expect, test } from "vitest";
import { sqsSender } from "../../../lib/adapters/sqs/sender.ts";
import { PermanentError } from "../../../lib/ports/permanent-error.ts";

const queueOf = (handler: string) => `https://sqs.eu-central-1.amazonaws.com/123456789012/${handler}`;

test("a handler gets a message through its own queue", async () => {
  const sqs = mockClient(SQSClient);
  sqs.on(SendMessageCommand).resolves({});
  await sqsSender(new SQSClient({}), queueOf)("checkout", "{}");
  expect(sqs.commandCalls(SendMessageCommand).map(({ args: [{ input }] }) => input)).toEqual([
    { QueueUrl: queueOf("checkout"), MessageBody: "{}" },
  ]);
});

test("a message that is not accepted is a fault", async () => {
  const sqs = mockClient(SQSClient);
  sqs.on(SendMessageCommand).rejects(new Error("throttled"));
  await expect(sqsSender(new SQSClient({}), queueOf)("checkout", "{}")).rejects.toThrow("throttled");
});

const named = (name: string, message = "no", httpStatusCode = 400) =>
  Object.assign(new Error(message), { name, $metadata: { httpStatusCode } });

test.each([
  ["a character that it does not accept", named("InvalidMessageContents")],
  [
    "a message over its limit",
    named("InvalidParameterValue", "Reason: Message must be shorter than 1048576 bytes."),
  ],
  ["a request too large", named("Error", "no", 413)],
])("%s is permanent", async (_, error) => {
  const sqs = mockClient(SQSClient);
  sqs.on(SendMessageCommand).rejects(error);
  await expect(sqsSender(new SQSClient({}), queueOf)("checkout", "{}")).rejects.toThrow(PermanentError);
});

test.each([
  named("InvalidParameterValue", "Value for parameter DelaySeconds is invalid"),
  named("AWS.SimpleQueueService.NonExistentQueue"),
  named("SomethingNew"),
])("%s is not permanent", async (error) => {
  const sqs = mockClient(SQSClient);
  sqs.on(SendMessageCommand).rejects(error);
  await expect(sqsSender(new SQSClient({}), queueOf)("checkout", "{}")).rejects.toBe(error);
});
