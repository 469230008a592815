/**
 * The event store: one conditional PutItem per commit, whatever the number of its events. A conflict costs no extra
 * read, because the failure returns the existing item. If the SDK retries after a lost answer, the winner is its
 * own commit, which the caller recognises by its id.
 */
import {
  ConditionalCheckFailedException,
  type DynamoDBClient,
  PutItemCommand,
  QueryCommand,
} from "@aws-sdk/client-dynamodb";
import type { StreamId } from "../../../model/stream.ts";
import { type Commit, type EventStore, UnreadableCommit } from "../../../ports/event-store.ts";
import { PermanentError } from "../../../ports/permanent-error.ts";
import type { Item } from "../attributes.ts";
import { permanently } from "../errors.ts";
import { fromItem, toItem } from "./item.ts";

/** An item holds 400 KB, including attribute names and numbers. */
const itemBytesMax = 390_000;

const bytesOf = (item: Item): number =>
  Object.entries(item).reduce(
    (sum, [name, { S = "", N = "" }]) => sum + Buffer.byteLength(name) + Buffer.byteLength(S) + N.length,
    0,
  );

const itemOf = (commit: Commit): Item => {
  try {
    return toItem(commit);
  } catch (error) {
    throw new PermanentError(`a commit of ${commit.streamId} cannot be written: ${error}`, { cause: error });
  }
};

const commitIn = (streamId: StreamId, item: Item): Commit => {
  try {
    return fromItem(item);
  } catch (error) {
    throw new UnreadableCommit(streamId, Number(item.sk?.N), `${error}`);
  }
};

/** The event store in a table. */
export const dynamoEventStore = (client: DynamoDBClient, table: string): EventStore => {
  const read: EventStore["read"] = async (streamId, { after = 0, consistency }) => {
    const commits: Commit[] = [];
    let from: Item | undefined;
    do {
      const page = await client.send(
        new QueryCommand({
          TableName: table,
          KeyConditionExpression: "pk = :pk AND sk > :after",
          ExpressionAttributeValues: { ":pk": { S: streamId }, ":after": { N: `${after}` } },
          ConsistentRead: consistency === "strong",
          ...(from && { ExclusiveStartKey: from }),
        }),
      );
      commits.push(...(page.Items ?? []).map((item) => commitIn(streamId, item)));
      from = page.LastEvaluatedKey;
    } while (from);
    return commits;
  };

  const winnerOf = async ({ streamId, version }: Commit, item: Item | undefined): Promise<Commit> => {
    if (item) return commitIn(streamId, item);
    const [winner] = await read(streamId, { after: version - 1, consistency: "strong" });
    if (winner?.version !== version)
      throw new Error(`the append of ${streamId}@${version} is a conflict, but no commit has that version`);
    return winner;
  };

  return {
    read,
    append: async (commit) => {
      const item = itemOf(commit);
      const bytes = bytesOf(item);
      if (bytes > itemBytesMax)
        throw new PermanentError(
          `a commit of ${commit.streamId} has ${bytes} bytes, at most ${itemBytesMax} are allowed`,
        );
      const request = new PutItemCommand({
        TableName: table,
        Item: item,
        ConditionExpression: "attribute_not_exists(pk)",
        ReturnValuesOnConditionCheckFailure: "ALL_OLD",
      });
      try {
        await permanently(() => client.send(request));
        return { kind: "appended" };
      } catch (error) {
        if (!(error instanceof ConditionalCheckFailedException)) throw error;
        return { kind: "conflict", winner: await winnerOf(commit, error.Item) };
      }
    },
  };
};
