/**
 * AWS::SQS::Queue and the service `sqs`: standard queues with visibility timeouts, delays, long polling and dead-letter
 * queues. Policies of queues are evaluated in `iam`.
 */
import type * as z from "zod";
import type { Clock } from "../machine/clock.ts";
import { inputOf } from "../service/properties.ts";
import { type Caller, type MakeProvider, type Operation, ServiceError } from "../service/service.ts";
import { runBatch } from "./batch.ts";
import { attributesOf, receive, send, sendBatch } from "./messages.ts";
import type { Queue } from "./queue.ts";
import * as request from "./requests.ts";
import { nameIn, type RunningQueue, runQueues } from "./running-queues.ts";

type OnQueue = <Shape extends { readonly QueueUrl: string }>(
  action: string,
  schema: z.ZodType<Shape>,
  run: (running: RunningQueue, input: Shape, caller: Caller) => unknown,
) => Operation;

type Received = { readonly ReceiptHandle: string };
type Hidden = Received & { readonly VisibilityTimeout: number };

const remove = (queue: Queue, { ReceiptHandle }: Received) => {
  queue.delete(ReceiptHandle);
  return {};
};

const hide = (queue: Queue, { ReceiptHandle, VisibilityTimeout }: Hidden) => {
  queue.hide(ReceiptHandle, VisibilityTimeout);
  return {};
};

/** The operations on one queue. */
const queueOperations = (onQueue: OnQueue, clock: Clock): Readonly<Record<string, Operation>> => ({
  SendMessage: onQueue("SendMessage", request.sendRequest, (running, input, caller) =>
    send(running, input, { caller, clock }),
  ),
  SendMessageBatch: onQueue("SendMessage", request.sendBatchRequest, (running, { Entries }, caller) =>
    sendBatch(running, Entries, { caller, clock }),
  ),
  ReceiveMessage: onQueue("ReceiveMessage", request.receiveRequest, receive),
  DeleteMessage: onQueue("DeleteMessage", request.deleteRequest, ({ queue }, input) => remove(queue, input)),
  DeleteMessageBatch: onQueue("DeleteMessage", request.deleteBatchRequest, ({ queue }, { Entries }) =>
    runBatch(Entries, (entry) => remove(queue, entry)),
  ),
  ChangeMessageVisibility: onQueue("ChangeMessageVisibility", request.hideRequest, ({ queue }, input) =>
    hide(queue, input),
  ),
  ChangeMessageVisibilityBatch: onQueue(
    "ChangeMessageVisibility",
    request.hideBatchRequest,
    ({ queue }, { Entries }) => runBatch(Entries, (entry) => hide(queue, entry)),
  ),
  GetQueueAttributes: onQueue(
    "GetQueueAttributes",
    request.attributesRequest,
    (running, { AttributeNames }) => attributesOf(running, AttributeNames),
  ),
  PurgeQueue: onQueue("PurgeQueue", request.purgeRequest, ({ queue }) => {
    queue.purge();
    return {};
  }),
});

export const sqs: MakeProvider = (cloud, resources) => {
  const { region, account } = cloud;
  const queues = runQueues(
    cloud,
    resources.filter(({ type }) => type === "AWS::SQS::Queue"),
  );
  const arnOf = (name: string) =>
    queues.get(name)?.resource.arn ?? `arn:aws:sqs:${region}:${account}:${name}`;
  const urlOf = (name: string) => `https://sqs.${region}.amazonaws.com/${account}/${name}`;
  const find = (url: string): RunningQueue => {
    const found = queues.get(nameIn(url));
    if (found) return found;
    throw new ServiceError("QueueDoesNotExist", "The specified queue does not exist.");
  };

  /** As on AWS, a batch operation needs the right for the single operation. */
  const onQueue: OnQueue = (action, schema, run) => ({
    requires: ({ QueueUrl }) => [{ action: `sqs:${action}`, resource: arnOf(nameIn(String(QueueUrl))) }],
    run: (given, caller) => {
      const input = inputOf(given, schema, "InvalidParameterValue");
      return run(find(input.QueueUrl), input, caller);
    },
  });

  const operations: Record<string, Operation> = {
    ...queueOperations(onQueue, cloud.clock),
    GetQueueUrl: {
      requires: ({ QueueName }) => [{ action: "sqs:GetQueueUrl", resource: arnOf(String(QueueName)) }],
      run: (given) => {
        const { QueueName } = inputOf(given, request.urlRequest, "InvalidParameterValue");
        return { QueueUrl: urlOf(find(QueueName).resource.name) };
      },
    },
    ListQueues: {
      requires: () => [{ action: "sqs:ListQueues", resource: "*" }],
      run: (given) => {
        const { QueueNamePrefix } = inputOf(given, request.listRequest, "InvalidParameterValue");
        const names = [...queues.keys()].filter((name) => name.startsWith(QueueNamePrefix));
        return names.length > 0 ? { QueueUrls: names.map(urlOf) } : {};
      },
    },
  };

  return {
    services: [{ name: "sqs", operations }],
    stop: () => {
      for (const { queue } of queues.values()) queue.stop();
    },
  };
};
