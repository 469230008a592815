/**
 * AWS::SQS::Queue and the service `sqs`: standard queues with visibility, delays, long polling and dead
 * letters. What the queue policies allow is asked by whoever authorizes calls.
 */
import type * as z from "zod";
import type { Clock } from "../machine/clock.ts";
import { uniqueId } from "../machine/random.ts";
import { inputOf, propertiesOf } from "../service/properties.ts";
import type { Caller, Cloud, MakeProvider, Operation, Resource } from "../service/service.ts";
import { ServiceError } from "../service/service.ts";
import { runBatch } from "./batch.ts";
import { type Message, md5OfAttributes, md5OfBody, sizeOf, toReceivedMessage } from "./message.ts";
import { type Queue, queue } from "./queue.ts";
import * as request from "./requests.ts";

const bytesMax = 1024 * 1024;

type RunningQueue = {
  readonly resource: Resource;
  readonly properties: request.QueueProperties;
  readonly queue: Queue;
};

const nameIn = (urlOrArn: string): string => urlOrArn.split(/[/:]/).at(-1) ?? "";

const runQueues = (cloud: Cloud, resources: readonly Resource[]): Map<string, RunningQueue> => {
  const queues = new Map<string, RunningQueue>();

  const redriveOf = (
    { id, arn }: Resource,
    policy: NonNullable<request.QueueProperties["RedrivePolicy"]>,
  ) => ({
    receiveCountMax: policy.maxReceiveCount,
    take: (messageId: string, message: Message) => {
      const target = queues.get(nameIn(policy.deadLetterTargetArn));
      target?.queue.put(messageId, { ...message, visibleFrom: cloud.clock.now(), deadLetterOf: arn });
      cloud.report({ source: id, level: "problem", message: `message ${messageId} became a dead letter` });
    },
  });

  for (const resource of resources) {
    const properties = propertiesOf(resource, request.queueProperties);
    const { RedrivePolicy, MessageRetentionPeriod } = properties;
    const settings = {
      name: resource.name,
      retentionSeconds: MessageRetentionPeriod,
      ...(RedrivePolicy && { redrive: redriveOf(resource, RedrivePolicy) }),
    };
    queues.set(resource.name, { resource, properties, queue: queue(cloud.clock, cloud.journal, settings) });
  }

  for (const { resource, properties } of queues.values()) {
    const target = properties.RedrivePolicy?.deadLetterTargetArn;
    if (target !== undefined && !queues.has(nameIn(target)))
      throw new Error(
        `${resource.id}: property RedrivePolicy.deadLetterTargetArn = ${target}: no such queue`,
      );
  }
  return queues;
};

const senderOf = (caller: Caller): string =>
  caller.kind === "role" ? caller.arn : caller.kind === "service" ? caller.principal : "owner";

const send = (
  { queue, properties }: RunningQueue,
  input: request.SendRequest,
  caller: Caller,
  clock: Clock,
) => {
  const { MessageBody: body, MessageAttributes: attributes } = input;
  if (sizeOf(body, attributes) > bytesMax)
    throw new ServiceError("InvalidParameterValue", `Message must be shorter than ${bytesMax} bytes.`);
  const id = uniqueId();
  const traceHeader = input.MessageSystemAttributes?.AWSTraceHeader?.StringValue;
  queue.put(id, {
    body,
    ...(attributes && { attributes }),
    ...(traceHeader !== undefined && { traceHeader }),
    sender: senderOf(caller),
    sentAt: clock.now(),
    keptSince: clock.now() - clock.ahead(),
    visibleFrom: clock.now() + (input.DelaySeconds ?? properties.DelaySeconds) * 1000,
  });
  const md5 = md5OfAttributes(attributes);
  return {
    MessageId: id,
    MD5OfMessageBody: md5OfBody(body),
    ...(md5 !== undefined && { MD5OfMessageAttributes: md5 }),
  };
};

const sendBatch = (
  running: RunningQueue,
  entries: readonly (request.SendRequest & { readonly Id: string })[],
  caller: Caller,
  clock: Clock,
) => {
  const bytes = entries.reduce((sum, entry) => sum + sizeOf(entry.MessageBody, entry.MessageAttributes), 0);
  if (bytes > bytesMax)
    throw new ServiceError("BatchRequestTooLong", `Batch requests cannot be longer than ${bytesMax} bytes.`);
  return runBatch(entries, (entry) => send(running, entry, caller, clock));
};

const receive = async (
  { queue, properties }: RunningQueue,
  input: z.infer<typeof request.receiveRequest>,
) => {
  const received = await queue.receive(
    input.MaxNumberOfMessages,
    input.VisibilityTimeout ?? properties.VisibilityTimeout,
    input.WaitTimeSeconds ?? properties.ReceiveMessageWaitTimeSeconds,
  );
  const wanted = {
    system: [...input.AttributeNames, ...input.MessageSystemAttributeNames],
    attributes: input.MessageAttributeNames,
  };
  return received.length > 0 ? { Messages: received.map((one) => toReceivedMessage(one, wanted)) } : {};
};

const attributesOf = ({ resource, properties, queue }: RunningQueue, names: readonly string[]) => {
  const { visible, inFlight, delayed } = queue.counts();
  const { RedrivePolicy } = properties;
  const all = {
    QueueArn: resource.arn,
    ApproximateNumberOfMessages: String(visible),
    ApproximateNumberOfMessagesNotVisible: String(inFlight),
    ApproximateNumberOfMessagesDelayed: String(delayed),
    VisibilityTimeout: String(properties.VisibilityTimeout),
    MessageRetentionPeriod: String(properties.MessageRetentionPeriod),
    ReceiveMessageWaitTimeSeconds: String(properties.ReceiveMessageWaitTimeSeconds),
    DelaySeconds: String(properties.DelaySeconds),
    ...(RedrivePolicy && { RedrivePolicy: JSON.stringify(RedrivePolicy) }),
  };
  const chosen = Object.entries(all).filter(([name]) => names.includes("All") || names.includes(name));
  return { Attributes: Object.fromEntries(chosen) };
};

export const sqs: MakeProvider = (cloud, resources) => {
  const queues = runQueues(
    cloud,
    resources.filter(({ type }) => type === "AWS::SQS::Queue"),
  );

  const arnOf = (name: string) =>
    queues.get(name)?.resource.arn ?? `arn:aws:sqs:${cloud.region}:${cloud.account}:${name}`;

  const urlOf = (name: string) => `https://sqs.${cloud.region}.amazonaws.com/${cloud.account}/${name}`;

  const find = (url: string): RunningQueue => {
    const found = queues.get(nameIn(url));
    if (found) return found;
    throw new ServiceError("QueueDoesNotExist", "The specified queue does not exist.");
  };

  /** An operation on one queue. The batch forms need the right of the single form, as on AWS. */
  const onQueue = <Shape extends { readonly QueueUrl: string }>(
    action: string,
    schema: z.ZodType<Shape>,
    run: (running: RunningQueue, input: Shape, caller: Caller) => unknown,
  ): Operation => ({
    requires: ({ QueueUrl }) => [{ action: `sqs:${action}`, resource: arnOf(nameIn(String(QueueUrl))) }],
    run: (given, caller) => {
      const input = inputOf(given, schema, "InvalidParameterValue");
      return run(find(input.QueueUrl), input, caller);
    },
  });

  const { clock } = cloud;
  const operations: Record<string, Operation> = {
    SendMessage: onQueue("SendMessage", request.sendRequest, (running, input, caller) =>
      send(running, input, caller, clock),
    ),
    SendMessageBatch: onQueue("SendMessage", request.sendBatchRequest, (running, { Entries }, caller) =>
      sendBatch(running, Entries, caller, clock),
    ),
    ReceiveMessage: onQueue("ReceiveMessage", request.receiveRequest, receive),
    DeleteMessage: onQueue("DeleteMessage", request.deleteRequest, ({ queue }, { ReceiptHandle }) => {
      queue.delete(ReceiptHandle);
      return {};
    }),
    DeleteMessageBatch: onQueue("DeleteMessage", request.deleteBatchRequest, ({ queue }, { Entries }) =>
      runBatch(Entries, ({ ReceiptHandle }) => {
        queue.delete(ReceiptHandle);
        return {};
      }),
    ),
    ChangeMessageVisibility: onQueue(
      "ChangeMessageVisibility",
      request.hideRequest,
      ({ queue }, { ReceiptHandle, VisibilityTimeout }) => {
        queue.hide(ReceiptHandle, VisibilityTimeout);
        return {};
      },
    ),
    ChangeMessageVisibilityBatch: onQueue(
      "ChangeMessageVisibility",
      request.hideBatchRequest,
      ({ queue }, { Entries }) =>
        runBatch(Entries, ({ ReceiptHandle, VisibilityTimeout }) => {
          queue.hide(ReceiptHandle, VisibilityTimeout);
          return {};
        }),
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
