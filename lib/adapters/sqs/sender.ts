/** Sends a message to the queue of an effect, a saga or a translator. */
import { SendMessageCommand, type SQSClient } from "@aws-sdk/client-sqs";
import { permanently } from "./errors.ts";

/** Throws `PermanentError` if SQS never accepts the message. */
type Send = (handler: string, body: string) => Promise<void>;

/** Sends to the queues of handlers. */
export const sqsSender =
  (client: SQSClient, queueOf: (handler: string) => string): Send =>
  async (handler, body) => {
    const message = new SendMessageCommand({ QueueUrl: queueOf(handler), MessageBody: body });
    await permanently(() => client.send(message));
  };
