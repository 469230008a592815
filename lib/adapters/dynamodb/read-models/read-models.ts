/**
 * The read models: one table per projection, one item per row, written on the condition of its revision. If the SDK
 * retries after a lost answer, it conflicts with its own write: the caller loads the row again and finds the
 * change.
 */
import { type DynamoDBClient, GetItemCommand, QueryCommand } from "@aws-sdk/client-dynamodb";
import type { AnyProjection } from "../../../model/projection.ts";
import type { ReadModels } from "../../../ports/read-models.ts";
import { indexKeys, isKey } from "../keys.ts";
import { fromCursor, toCursor } from "./cursor.ts";
import { loadRows } from "./load-rows.ts";
import { everyRow, fromRowItem } from "./row-item.ts";
import { type ProjectionTable, writeRows } from "./write-rows.ts";

type List = Parameters<ReadModels["list"]>[1];

const listRows = async (
  client: DynamoDBClient,
  { projection, table }: ProjectionTable,
  { index, value = everyRow, limit, from }: List,
): ReturnType<ReadModels["list"]> => {
  const { partition } = indexKeys(index);
  const list = { projection: projection.name, index, value };
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
};

/** The read models, with one table per projection. */
export const dynamoReadModels = (
  client: DynamoDBClient,
  projections: readonly AnyProjection[],
  tableOf: (projection: string) => string,
): ReadModels => {
  const tables = new Map<string, ProjectionTable>(
    projections.map((projection) => [projection.name, { projection, table: tableOf(projection.name) }]),
  );
  const of = (name: string): ProjectionTable => {
    const known = tables.get(name);
    if (!known) throw new Error(`no projection is named ${name}`);
    return known;
  };

  return {
    load: async (name, keys) => loadRows(client, of(name).table, keys),
    write: async (name, rows) => writeRows(client, of(name), rows),
    find: async (name, key) => {
      const { Item: item } = await client.send(
        new GetItemCommand({ TableName: of(name).table, Key: { pk: { S: key } } }),
      );
      return item?.row ? fromRowItem(item) : undefined;
    },
    list: async (name, list) => listRows(client, of(name), list),
  };
};
