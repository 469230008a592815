/** The operations on the messages of a queue, and GetQueueAttributes. */
import type * as z from "zod";
import type { Clock } from "../machine/clock.ts";
import { uniqueId } from "../machine/random.ts";
import { type Caller, ServiceError } from "../service/service.ts";
import { runBatch } from "./batch.ts";
import { md5OfAttributes, md5OfBody, sizeOf, toReceivedMessage } from "./message.ts";
import type * as request from "./requests.ts";
import type { RunningQueue } from "./running-queues.ts";

const bytesMax = 1024 * 1024;

const senderOf = (caller: Caller): string =>
  caller.kind === "role" ? caller.arn : caller.kind === "service" ? caller.principal : "owner";

/** The sender, and the clock. */
type Sending = { readonly caller: Caller; readonly clock: Clock };

export const send = (
  { queue, properties }: RunningQueue,
  input: request.SendRequest,
  { caller, clock }: Sending,
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

export const sendBatch = (
  running: RunningQueue,
  entries: readonly (request.SendRequest & { readonly Id: string })[],
  sending: Sending,
) => {
  const bytes = entries.reduce((sum, entry) => sum + sizeOf(entry.MessageBody, entry.MessageAttributes), 0);
  if (bytes > bytesMax)
    throw new ServiceError("BatchRequestTooLong", `Batch requests cannot be longer than ${bytesMax} bytes.`);
  return runBatch(entries, (entry) => send(running, entry, sending));
};

export const receive = async (
  { queue, properties }: RunningQueue,
  input: z.infer<typeof request.receiveRequest>,
) => {
  const poll = {
    max: input.MaxNumberOfMessages,
    visibilitySeconds: input.VisibilityTimeout ?? properties.VisibilityTimeout,
  };
  const waitSeconds = input.WaitTimeSeconds ?? properties.ReceiveMessageWaitTimeSeconds;
  const received = await queue.receive(poll, waitSeconds);
  const wanted = {
    system: [...input.AttributeNames, ...input.MessageSystemAttributeNames],
    attributes: input.MessageAttributeNames,
  };
  return received.length > 0 ? { Messages: received.map((one) => toReceivedMessage(one, wanted)) } : {};
};

export const attributesOf = ({ resource, properties, queue }: RunningQueue, names: readonly string[]) => {
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
