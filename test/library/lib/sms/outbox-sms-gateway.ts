/**
 * The gateway of a library without an SMS contract: it writes each message to a table, where a person can read it.
 */
import { type DynamoDBClient, PutItemCommand } from "@aws-sdk/client-dynamodb";
import type { SmsGateway } from "./sms-gateway.ts";

/** The name of the table is read when a message is sent, because functions without this service do not have it. */
export const outboxSmsGateway = (client: DynamoDBClient, table: () => string): SmsGateway => ({
  send: async ({ key, to, text }) => {
    await client.send(
      new PutItemCommand({ TableName: table(), Item: { pk: { S: key }, to: { S: to }, text: { S: text } } }),
    );
  },
});
