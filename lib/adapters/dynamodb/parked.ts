/**
 * Parked streams, one item per consumer and stream:
 *
 *     pk        "order-summary order-10248"
 *     consumer, streamId, version, payload, error, at: the fields of the same name
 *
 * A stream that could not be parked would block others, so its item must always fit. A text that is too long is cut
 * at the end: the whole event is still in the event store. The end of a key that is too long is replaced by a hash.
 */
import { createHash } from "node:crypto";
import {
  DeleteItemCommand,
  type DynamoDBClient,
  PutItemCommand,
  ScanCommand,
} from "@aws-sdk/client-dynamodb";
import { isStreamId } from "../../model/stream.ts";
import type { Parked, ParkedStream } from "../../ports/parked.ts";
import { type Item, numberOf, textOf } from "./attributes.ts";
import { isKey } from "./keys.ts";

/** Together with the keys, less than the 400 KB of an item. */
const bytesMax = { payload: 350_000, error: 20_000 } as const;

const cut = (text: string, bytes: number): string =>
  Buffer.byteLength(text) <= bytes
    ? text.toWellFormed()
    : `${Buffer.from(text).subarray(0, bytes).toString()}…`;

/** The characters that are kept of a key that is too long. */
const beginning = 500;

const keyOf = (consumer: string, streamId: string): string => {
  const key = `${consumer} ${streamId}`;
  const fits: boolean = isKey("partition", key);
  if (fits) return key;
  return `${key.slice(0, beginning)} ${createHash("sha256").update(key).digest("hex")}`.toWellFormed();
};

const toItem = ({ consumer, streamId, version, payload, error, at }: ParkedStream): Item => ({
  pk: { S: keyOf(consumer, streamId) },
  consumer: { S: consumer },
  streamId: { S: streamId },
  version: { N: `${version}` },
  payload: { S: cut(payload, bytesMax.payload) },
  error: { S: cut(error, bytesMax.error) },
  at: { S: at },
});

const fromItem = (item: Item): ParkedStream => {
  const streamId = textOf(item, "streamId");
  if (!isStreamId(streamId)) throw new Error(`${streamId} is not a stream id`);
  return {
    consumer: textOf(item, "consumer"),
    streamId,
    version: numberOf(item, "version"),
    payload: textOf(item, "payload"),
    error: textOf(item, "error"),
    at: textOf(item, "at"),
  };
};

/** The parked streams in a table. */
export const dynamoParked = (client: DynamoDBClient, table: string): Parked => ({
  park: async (parked) => {
    await client.send(new PutItemCommand({ TableName: table, Item: toItem(parked) }));
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
    return items.map(fromItem);
  },
  release: async (consumer, streamId) => {
    await client.send(
      new DeleteItemCommand({ TableName: table, Key: { pk: { S: keyOf(consumer, streamId) } } }),
    );
  },
});
