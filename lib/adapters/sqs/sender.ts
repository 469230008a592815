/** Gives a message to an effect, a saga or a translator by its own queue. */
import { SendMessageCommand, type SQSClient } from "@aws-sdk/client-sqs";

export type Send = (handler: string, body: string) => Promise<void>;

export const sqsSender =
  (client: SQSClient, queueOf: (handler: string) => string): Send =>
  async (handler, body) => {
    await client.send(new SendMessageCommand({ QueueUrl: queueOf(handler), MessageBody: body }));
  };
