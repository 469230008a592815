/** Loads rows by key, strongly consistent. Keys that DynamoDB leaves unprocessed are requested again. */
import {
  BatchGetItemCommand,
  type BatchGetItemCommandOutput,
  type DynamoDBClient,
} from "@aws-sdk/client-dynamodb";
import type { StoredRow } from "../../../ports/read-models.ts";
import type { Item } from "../attributes.ts";
import { permanently } from "../errors.ts";
import { keyValue } from "../keys.ts";
import { fromRowItem } from "./row-item.ts";

/** The maximum number of keys of a BatchGetItem. */
const batchMax = 100;
/** How many times unprocessed keys are requested again. */
const roundsMax = 8;
const pauseMilliseconds = 25;

const pause = (round: number) =>
  new Promise((resolve) => setTimeout(resolve, Math.random() * pauseMilliseconds * 2 ** round));

const loadBatch = async (
  client: DynamoDBClient,
  table: string,
  keys: readonly string[],
): Promise<readonly Item[]> => {
  const items: Item[] = [];
  let left: BatchGetItemCommandOutput["UnprocessedKeys"] = {
    [table]: { Keys: keys.map((key) => ({ pk: keyValue(key) })), ConsistentRead: true },
  };
  for (let round = 0; left && Object.keys(left).length > 0; round += 1) {
    if (round === roundsMax)
      throw new Error(`DynamoDB left keys of ${table} unprocessed in ${roundsMax} requests`);
    if (round > 0) await pause(round);
    const request = new BatchGetItemCommand({ RequestItems: left });
    const answer: BatchGetItemCommandOutput = await permanently(() => client.send(request));
    items.push(...(answer.Responses?.[table] ?? []));
    left = answer.UnprocessedKeys;
  }
  return items;
};

/** The rows with these keys, in order. A row that does not exist has revision 0. */
export const loadRows = async (
  client: DynamoDBClient,
  table: string,
  keys: readonly string[],
): Promise<readonly StoredRow[]> => {
  const batches = Array.from({ length: Math.ceil(keys.length / batchMax) }, (_, index) =>
    loadBatch(client, table, keys.slice(index * batchMax, (index + 1) * batchMax)),
  );
  const found = new Map((await Promise.all(batches)).flat().map((item) => [item.pk?.S, fromRowItem(item)]));
  return keys.map((key) => found.get(key) ?? { key, row: undefined, revision: 0, checkpoints: {} });
};
