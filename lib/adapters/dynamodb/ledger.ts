/**
 * The ledger of effects:
 *
 *     pk       effect / event id
 *     state    "claimed", "performed" or "done"
 *     lease    end of the claim, milliseconds since 1970
 *     command  JSON text of the follow-up command, until it is answered
 *     because  the last error, if the claim was released
 *     expires  epoch seconds, 35 days after the claim: longer than any queue keeps a message
 *
 * If the SDK retries after the answer to a claim is lost, it finds its own lease: the event is busy until the lease
 * ends.
 */
import {
  ConditionalCheckFailedException,
  type DynamoDBClient,
  GetItemCommand,
  UpdateItemCommand,
  type UpdateItemCommandInput,
} from "@aws-sdk/client-dynamodb";
import * as z from "zod";
import { isJsonObject } from "../../model/json/json-value.ts";
import type { SentCommand } from "../../model/message.ts";
import type { Claim, Ledger } from "../../ports/ledger.ts";
import { type Item, jsonIn } from "./attributes.ts";
import { permanently } from "./errors.ts";
import { keyValue } from "./keys.ts";

const keptSeconds = 35 * 24 * 3600;

/** The log has the full text. */
const becauseLengthMax = 1000;

/** Only this adapter writes the follow-up command, always complete. */
const commandOf = jsonIn(
  "command",
  z.custom<SentCommand>((value) => isJsonObject(value) && "streamId" in value),
);

const claimOf = (item: Item): Claim => {
  switch (item.state?.S) {
    case "done":
      return { kind: "done" };
    case "performed":
      return { kind: "performed", command: item.command ? commandOf(item) : undefined };
    default:
      return { kind: "busy" };
  }
};

type Table = { readonly client: DynamoDBClient; readonly table: string };

const update = (
  { client, table }: Table,
  key: string,
  input: Omit<UpdateItemCommandInput, "TableName" | "Key">,
) =>
  permanently(() =>
    client.send(
      new UpdateItemCommand({
        TableName: table,
        Key: { pk: keyValue(key) },
        // `state` is a reserved word.
        ExpressionAttributeNames: { "#state": "state" },
        ...input,
      }),
    ),
  );

/**
 * If the lease has ended, another process may have taken over. Then the entry keeps the state that the other process
 * has written.
 */
const unlessOvertaken = async (write: () => Promise<unknown>): Promise<void> => {
  try {
    await write();
  } catch (error) {
    if (!(error instanceof ConditionalCheckFailedException)) throw error;
  }
};

const claiming =
  (place: Table): Ledger["claim"] =>
  async (key, now, leaseSeconds) => {
    const milliseconds = now.getTime();
    const seconds = Math.floor(milliseconds / 1000);
    try {
      await update(place, key, {
        UpdateExpression: "SET #state = :claimed, lease = :lease, expires = :expires REMOVE command",
        ConditionExpression:
          "attribute_not_exists(pk) OR (#state = :claimed AND lease <= :now) OR expires <= :seconds",
        ExpressionAttributeValues: {
          ":claimed": { S: "claimed" },
          ":lease": { N: `${milliseconds + leaseSeconds * 1000}` },
          ":now": { N: `${milliseconds}` },
          ":seconds": { N: `${seconds}` },
          ":expires": { N: `${seconds + keptSeconds}` },
        },
        ReturnValuesOnConditionCheckFailure: "ALL_OLD",
      });
      return { kind: "claimed" };
    } catch (error) {
      if (!(error instanceof ConditionalCheckFailedException)) throw error;
      return error.Item ? claimOf(error.Item) : { kind: "busy" };
    }
  };

/** The ledger of effects in a table. */
export const dynamoLedger = (client: DynamoDBClient, table: string): Ledger => {
  const place = { client, table };

  return {
    claim: claiming(place),

    release: (key, because) =>
      unlessOvertaken(() =>
        update(place, key, {
          UpdateExpression: "SET lease = :ended, because = :because",
          ConditionExpression: "#state = :claimed",
          ExpressionAttributeValues: {
            ":ended": { N: "0" },
            ":because": { S: because.slice(0, becauseLengthMax).toWellFormed() },
            ":claimed": { S: "claimed" },
          },
        }),
      ),

    why: async (key) => {
      const { Item } = await client.send(
        new GetItemCommand({ TableName: table, Key: { pk: { S: key } }, ConsistentRead: true }),
      );
      return Item?.state?.S === "claimed" ? Item.because?.S : undefined;
    },

    performed: (key, command) =>
      unlessOvertaken(() =>
        update(place, key, {
          UpdateExpression: command
            ? "SET #state = :performed, command = :command"
            : "SET #state = :performed",
          ConditionExpression: "#state = :claimed",
          ExpressionAttributeValues: {
            ":performed": { S: "performed" },
            ":claimed": { S: "claimed" },
            ...(command && { ":command": { S: JSON.stringify(command) } }),
          },
        }),
      ),

    done: async (key) => {
      await update(place, key, {
        UpdateExpression: "SET #state = :done REMOVE command, lease, because",
        ExpressionAttributeValues: { ":done": { S: "done" } },
      });
    },
  };
};
