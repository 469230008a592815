/**
 * The read models: one table per projection, one item per row, written on the condition of its revision. If the SDK
 * retries after a lost answer, it conflicts with its own write: the caller loads the row again and finds the
 * change.
 */
import {
  BatchGetItemCommand,
  type BatchGetItemCommandOutput,
  ConditionalCheckFailedException,
  type DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
  QueryCommand,
  TransactionCanceledException,
  TransactionConflictException,
  TransactWriteItemsCommand,
} from "@aws-sdk/client-dynamodb";
import type { AnyProjection } from "../../../model/projection.ts";
import { kindOfError, PermanentError } from "../../../ports/permanent-error.ts";
import type { ReadModels, StoredRow } from "../../../ports/read-models.ts";
import type { Item } from "../attributes.ts";
import { permanently, reasonRows, reasonsOf } from "../errors.ts";
import { indexKeys, isKey, keyValue } from "../keys.ts";
import { fromCursor, toCursor } from "./cursor.ts";
import { everyRow, fromRowItem, toRowItem } from "./row-item.ts";

/** The maximum number of keys of a BatchGetItem. */
const batchMax = 100;
/** How many times unprocessed keys are requested again. */
const roundsMax = 8;
const pauseMilliseconds = 25;

const pause = (round: number) =>
  new Promise((resolve) => setTimeout(resolve, Math.random() * pauseMilliseconds * 2 ** round));

/** Cancellation reasons that mean that another writer was faster. */
const races = new Set(["ConditionalCheckFailed", "TransactionConflict"]);

/** If a row is refused while another one lost a race, the refused row may be different after it is loaded again. */
const isRaceOrPermanent = (reason: { readonly name: string; readonly message: string }): boolean =>
  races.has(reason.name) || kindOfError(reasonRows, reason) === "permanent";

export const dynamoReadModels = (
  client: DynamoDBClient,
  projections: readonly AnyProjection[],
  tableOf: (projection: string) => string,
): ReadModels => {
  const tables = new Map(
    projections.map((projection) => [projection.name, { projection, table: tableOf(projection.name) }]),
  );
  const of = (name: string) => {
    const known = tables.get(name);
    if (!known) throw new Error(`no projection is named ${name}`);
    return known;
  };

  const loadBatch = async (table: string, keys: readonly string[]): Promise<readonly Item[]> => {
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

  /** A row that JSON cannot encode, such as one with a cycle, fails on every attempt. */
  const itemOf = (projection: AnyProjection, row: StoredRow): Item => {
    try {
      return toRowItem(projection, row);
    } catch (error) {
      throw new PermanentError(`row ${row.key} cannot be written as JSON: ${error}`, { cause: error });
    }
  };

  const put = (name: string, row: StoredRow) => {
    const { projection, table } = of(name);
    const { revision } = row;
    return {
      TableName: table,
      Item: itemOf(projection, row),
      ...(revision === 0
        ? { ConditionExpression: "attribute_not_exists(pk)" }
        : { ConditionExpression: "rev = :rev", ExpressionAttributeValues: { ":rev": { N: `${revision}` } } }),
    };
  };

  const writeOne = async (name: string, row: StoredRow) => {
    const request = new PutItemCommand(put(name, row));
    try {
      await permanently(() => client.send(request));
      return "written" as const;
    } catch (error) {
      const isRace =
        error instanceof ConditionalCheckFailedException || error instanceof TransactionConflictException;
      if (isRace) return "conflict" as const;
      throw error;
    }
  };

  const writeAll = async (name: string, rows: readonly StoredRow[]) => {
    const request = new TransactWriteItemsCommand({
      TransactItems: rows.map((row) => ({ Put: put(name, row) })),
    });
    try {
      await permanently(() => client.send(request));
      return "written" as const;
    } catch (error) {
      if (!(error instanceof TransactionCanceledException)) throw error;
      const reasons = reasonsOf(error);
      const isRace = reasons.some(({ name }) => races.has(name));
      if (isRace && reasons.every(isRaceOrPermanent)) return "conflict" as const;
      throw error;
    }
  };

  return {
    load: async (name, keys) => {
      const { table } = of(name);
      const batches = Array.from({ length: Math.ceil(keys.length / batchMax) }, (_, index) =>
        loadBatch(table, keys.slice(index * batchMax, (index + 1) * batchMax)),
      );
      const found = new Map(
        (await Promise.all(batches)).flat().map((item) => [item.pk?.S, fromRowItem(item)]),
      );
      return keys.map((key) => found.get(key) ?? { key, row: undefined, revision: 0, checkpoints: {} });
    },
    write: async (name, rows) => {
      const [first, ...others] = rows;
      if (!first) return "written";
      return others.length === 0 ? writeOne(name, first) : writeAll(name, rows);
    },
    find: async (name, key) => {
      const { Item: item } = await client.send(
        new GetItemCommand({ TableName: of(name).table, Key: { pk: { S: key } } }),
      );
      return item?.row ? fromRowItem(item) : undefined;
    },
    list: async (name, { index, value = everyRow, limit, from }) => {
      const { projection, table } = of(name);
      const { partition } = indexKeys(index);
      const list = { projection: name, index, value };
      const start = from === undefined ? undefined : fromCursor(list, from);
      if (start === "invalid") return "invalid";
      if (!isKey("partition", value)) return { rows: [] };
      const { Items: items = [], LastEvaluatedKey: stoppedAt } = await client.send(
        new QueryCommand({
          TableName: table,
          IndexName: index,
          KeyConditionExpression: "#partition = :value",
          ExpressionAttributeNames: { "#partition": partition },
          ExpressionAttributeValues: { ":value": { S: value } },
          ScanIndexForward: projection.indexes?.[index]?.newestFirst === undefined,
          // One more than the page shows whether there is a next page.
          Limit: limit + 1,
          ...(start && { ExclusiveStartKey: start }),
        }),
      );
      const rows = items
        .slice(0, limit)
        .map((item) => fromRowItem(item).row)
        .filter((row) => row !== undefined);
      // Fewer rows than the limit, but not the end: the page reached the maximum size that DynamoDB reads at once.
      const last = items.length > limit ? items[limit - 1] : stoppedAt;
      return last ? { rows, next: toCursor(list, last) } : { rows };
    },
  };
};
