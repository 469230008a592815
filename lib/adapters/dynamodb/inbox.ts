/**
 * The inbox of foreign events, one item per translator and event:
 *
 *     pk       translator / source / id, each part escaped; a hash of this text if it is too long for a key
 *     hash     of the data, base64url
 *     state    "received" or "done"
 *     expires  epoch seconds, 35 days after the last write
 *
 * If the SDK retries after the answer to the first write is lost, it finds its own item. That item is open, and an
 * open event is processed.
 */
import { createHash } from "node:crypto";
import {
  ConditionalCheckFailedException,
  type DynamoDBClient,
  PutItemCommand,
  type PutItemCommandInput,
} from "@aws-sdk/client-dynamodb";
import { type Inbox, type InboxEntry, rememberedSeconds } from "../../ports/inbox.ts";
import type { Item } from "./attributes.ts";
import { permanently } from "./errors.ts";
import { isKey } from "./keys.ts";

const seconds = (now: Date): number => Math.floor(now.getTime() / 1000);

/** A hash contains no slash, so it never equals the key of another event. */
const pkOf = (key: string): string =>
  isKey("partition", key) ? key : createHash("sha256").update(key).digest("hex");

const itemOf = ({ key, hash }: InboxEntry, state: "received" | "done", expires: number): Item => ({
  pk: { S: pkOf(key) },
  hash: { S: hash },
  state: { S: state },
  expires: { N: `${expires}` },
});

/** The inbox in a table. */
export const dynamoInbox = (client: DynamoDBClient, table: string): Inbox => {
  const put = (Item: Item, condition: Partial<PutItemCommandInput> = {}) =>
    permanently(() => client.send(new PutItemCommand({ TableName: table, Item, ...condition })));

  return {
    receive: async (entry, now) => {
      try {
        await put(itemOf(entry, "received", seconds(now) + rememberedSeconds), {
          ConditionExpression: "attribute_not_exists(pk) OR expires <= :now",
          ExpressionAttributeValues: { ":now": { N: `${seconds(now)}` } },
          ReturnValuesOnConditionCheckFailure: "ALL_OLD",
        });
        return "new";
      } catch (error) {
        if (!(error instanceof ConditionalCheckFailedException && error.Item)) throw error;
        const { hash, state } = error.Item;
        if (hash?.S !== entry.hash) return "reused";
        return state?.S === "done" ? "done" : "open";
      }
    },
    // Instead of deleting the item, this writes one that has expired, so that PutItem is the only permission
    // needed.
    withdraw: async (entry, now) => void (await put(itemOf(entry, "received", seconds(now)))),
    done: async (entry, now) => void (await put(itemOf(entry, "done", seconds(now) + rememberedSeconds))),
  };
};
