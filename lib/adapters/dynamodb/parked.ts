/** Parked streams: an item per consumer and stream, `pk` "order-summary order-10248", everything else JSON text. */
import {
  DeleteItemCommand,
  type DynamoDBClient,
  PutItemCommand,
  ScanCommand,
} from "@aws-sdk/client-dynamodb";
import * as z from "zod";
import { isStreamId } from "../../model/stream.ts";
import type { Parked } from "../../ports/parked.ts";
import { type Item, jsonOf } from "./attributes.ts";

const stream = z.object({
  consumer: z.string(),
  streamId: z.custom<`${string}-${string}`>((id) => typeof id === "string" && isStreamId(id)),
  version: z.int(),
  payload: z.string(),
  error: z.string(),
  at: z.string(),
});

const keyOf = (consumer: string, streamId: string): string => `${consumer} ${streamId}`;

export const dynamoParked = (client: DynamoDBClient, table: string): Parked => ({
  park: async (parked) => {
    await client.send(
      new PutItemCommand({
        TableName: table,
        Item: { pk: { S: keyOf(parked.consumer, parked.streamId) }, stream: { S: JSON.stringify(parked) } },
      }),
    );
  },
  list: async () => {
    const items: Item[] = [];
    let from: Item | undefined;
    do {
      const page = await client.send(
        new ScanCommand({ TableName: table, ...(from && { ExclusiveStartKey: from }) }),
      );
      items.push(...(page.Items ?? []));
      from = page.LastEvaluatedKey;
    } while (from);
    return items.map((item) => stream.parse(jsonOf(item, "stream")));
  },
  release: async (consumer, streamId) => {
    await client.send(
      new DeleteItemCommand({ TableName: table, Key: { pk: { S: keyOf(consumer, streamId) } } }),
    );
  },
});
