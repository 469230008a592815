/**
 * The dead letters of SQS queues. Receiving a message hides it from other consumers for a while. A message that is
 * only listed is made visible again at once. An SQS queue keeps the order only approximately, so a consumer may
 * still see two messages of one stream in reverse order.
 */
import {
  ChangeMessageVisibilityBatchCommand,
  DeleteMessageCommand,
  type Message,
  ReceiveMessageCommand,
  SendMessageCommand,
  type SQSClient,
} from "@aws-sdk/client-sqs";
import { becauseName, deadBecause } from "../../../model/delivery/dead-because.ts";
import type { DeadLetter, DeadLetters } from "../../../ports/dead-letters.ts";
import { PermanentError } from "../../../ports/permanent-error.ts";
import { toDelivery } from "../delivery.ts";
import { permanently } from "../errors.ts";
import { foreignEventIn } from "../foreign-delivery.ts";
import { deadLetterQueueOf, sentAttribute } from "./dead-letter-queue.ts";

/** The maximum number of messages per request. */
const batch = 10;
/** Long enough to read all listed messages, and as long as a function may run. */
const hidden = { listSeconds: 60, redriveSeconds: 900 } as const;
/** Limited by the memory and the timeout of one function. */
const redriveMax = 5000;

const contentOf = (body: string, isForeign: boolean): Pick<DeadLetter, "event" | "foreign" | "because"> => {
  try {
    if (isForeign) return { foreign: foreignEventIn(body) };
    const delivery = toDelivery({ id: "", receiveCount: 1, body });
    return delivery.kind === "event" ? { event: delivery.event } : {};
  } catch (error) {
    return { because: deadBecause("unreadable", error) };
  }
};

/** The attributes in which EventBridge reports why it could not deliver a message. */
const undelivered = ["ERROR_CODE", "ERROR_MESSAGE"] as const;

const becauseOf = (attributes: NonNullable<Message["MessageAttributes"]>): string | undefined => {
  const [code, words] = undelivered.map((name) => attributes[name]?.StringValue);
  return code === undefined ? attributes[becauseName]?.StringValue : `undelivered: ${code}: ${words}`;
};

const toDeadLetter = (
  { Body = "", Attributes = {}, MessageAttributes = {} }: Message,
  isForeign: boolean,
): DeadLetter => {
  const because = becauseOf(MessageAttributes);
  return {
    payload: Body,
    at: new Date(
      Number(MessageAttributes[sentAttribute]?.StringValue ?? Attributes.SentTimestamp),
    ).toISOString(),
    ...contentOf(Body, isForeign),
    ...(because !== undefined && { because }),
  };
};

/** Whether the queue never accepts the message. Such a message must not block the others. */
const isRefused = async (send: () => Promise<unknown>): Promise<boolean> => {
  try {
    await permanently(send);
    return false;
  } catch (error) {
    if (error instanceof PermanentError) return true;
    throw error;
  }
};

type Held = { readonly deadLetter: DeadLetter; readonly receipt: string };

type Hold = { readonly countMax: number; readonly seconds: number; readonly isForeign: boolean };

/** Receives messages of a dead-letter queue and hides them from other consumers for some seconds. */
const hold = async (
  client: SQSClient,
  QueueUrl: string,
  { countMax, seconds, isForeign }: Hold,
): Promise<readonly Held[]> => {
  const held: Held[] = [];
  while (held.length < countMax) {
    const { Messages = [] } = await client.send(
      new ReceiveMessageCommand({
        QueueUrl,
        VisibilityTimeout: seconds,
        MaxNumberOfMessages: Math.min(batch, countMax - held.length),
        // Without a wait, an answer may be empty although there are messages.
        WaitTimeSeconds: 1,
        MessageSystemAttributeNames: ["SentTimestamp"],
        MessageAttributeNames: [...undelivered, becauseName, sentAttribute],
      }),
    );
    if (Messages.length === 0) break;
    held.push(
      ...Messages.map((message) => ({
        deadLetter: toDeadLetter(message, isForeign),
        receipt: message.ReceiptHandle ?? "",
      })),
    );
  }
  return held;
};

/** Makes messages visible again. If this call fails, they become visible after the visibility timeout. */
const show = async (client: SQSClient, QueueUrl: string, held: readonly Held[]): Promise<void> => {
  for (let from = 0; from < held.length; from += batch)
    await client.send(
      new ChangeMessageVisibilityBatchCommand({
        QueueUrl,
        Entries: held
          .slice(from, from + batch)
          .map(({ receipt }, index) => ({ Id: `${index}`, ReceiptHandle: receipt, VisibilityTimeout: 0 })),
      }),
    );
};

/** `isTranslator` returns whether a handler is a translator, which takes the events of another system. */
export const sqsDeadLetters = (
  client: SQSClient,
  queueOf: (handler: string) => string,
  isTranslator: (handler: string) => boolean,
): DeadLetters => ({
  list: async (handler, countMax) => {
    const place = await deadLetterQueueOf(client, queueOf(handler));
    const isForeign = isTranslator(handler);
    const held = await hold(client, place, { countMax, seconds: hidden.listSeconds, isForeign });
    await show(client, place, held);
    return held.map(({ deadLetter }) => deadLetter);
  },

  redrive: async (handler, choose) => {
    const queueUrl = queueOf(handler);
    const place = await deadLetterQueueOf(client, queueUrl);
    const all = await hold(client, place, {
      countMax: redriveMax,
      seconds: hidden.redriveSeconds,
      isForeign: isTranslator(handler),
    });
    const held = new Map(all.map((each) => [each.deadLetter, each] as const));
    const more = held.size === redriveMax;
    let count = 0;
    try {
      for (const deadLetter of choose([...held.keys()])) {
        const message = new SendMessageCommand({ QueueUrl: queueUrl, MessageBody: deadLetter.payload });
        if (await isRefused(() => client.send(message))) continue;
        count += 1;
        const receipt = held.get(deadLetter)?.receipt;
        await client.send(new DeleteMessageCommand({ QueueUrl: place, ReceiptHandle: receipt }));
        held.delete(deadLetter);
      }
    } finally {
      await show(client, place, [...held.values()]);
    }
    return { count, more };
  },
});
