import { SendMessageCommand, SQSClient } from "@aws-sdk/client-sqs";
import { mockClient } from "aws-sdk-client-mock";
import { expect, test } from "vitest";
import { sqsContinueSaga } from "../../../lib/adapters/sqs/continue-saga.ts";
import { toDelivery } from "../../../lib/adapters/sqs/delivery.ts";

const queueOf = (saga: string) => `https://sqs.eu-central-1.amazonaws.com/123456789012/${saga}`;

test("the queue of the saga gets one message, which it delivers as a deadline that ends no wait", async () => {
  const sqs = mockClient(SQSClient);
  sqs.on(SendMessageCommand).resolves({});
  await sqsContinueSaga(new SQSClient({}), queueOf)("restock", "restock/1");
  const sent = sqs.commandCalls(SendMessageCommand).map(({ args: [{ input }] }) => input);
  expect(sent.map(({ QueueUrl }) => QueueUrl)).toEqual([queueOf("restock")]);
  expect(toDelivery({ id: "1", receiveCount: 1, body: sent[0]?.MessageBody ?? "" })).toEqual({
    id: "1",
    receiveCount: 1,
    kind: "deadline",
    sagaId: "restock/1",
    task: "again",
  });
});
