/** Writes rows on the condition of their revisions: one row by PutItem, several in one transaction. */
import {
  ConditionalCheckFailedException,
  type DynamoDBClient,
  PutItemCommand,
  TransactionCanceledException,
  TransactionConflictException,
  TransactWriteItemsCommand,
} from "@aws-sdk/client-dynamodb";
import type { AnyProjection } from "../../../model/projection.ts";
import { kindOfError, PermanentError } from "../../../ports/permanent-error.ts";
import type { ReadModels, StoredRow } from "../../../ports/read-models.ts";
import type { Item } from "../attributes.ts";
import { permanently, reasonRows, reasonsOf } from "../errors.ts";
import { toRowItem } from "./row-item.ts";

/** Cancellation reasons that mean that another writer was faster. */
const races = new Set(["ConditionalCheckFailed", "TransactionConflict"]);

/** If a row is refused while another one lost a race, the refused row may be different after it is loaded again. */
const isRaceOrPermanent = (reason: { readonly name: string; readonly message: string }): boolean =>
  races.has(reason.name) || kindOfError(reasonRows, reason) === "permanent";

/** A row that JSON cannot encode, such as one with a cycle, fails on every attempt. */
const itemOf = (projection: AnyProjection, row: StoredRow): Item => {
  try {
    return toRowItem(projection, row);
  } catch (error) {
    throw new PermanentError(`row ${row.key} cannot be written as JSON: ${error}`, { cause: error });
  }
};

/** The table of a projection. */
export type ProjectionTable = { readonly projection: AnyProjection; readonly table: string };

type Outcome = Awaited<ReturnType<ReadModels["write"]>>;

const put = ({ projection, table }: ProjectionTable, row: StoredRow) => ({
  TableName: table,
  Item: itemOf(projection, row),
  ...(row.revision === 0
    ? { ConditionExpression: "attribute_not_exists(pk)" }
    : {
        ConditionExpression: "rev = :rev",
        ExpressionAttributeValues: { ":rev": { N: `${row.revision}` } },
      }),
});

const writeOne = async (client: DynamoDBClient, known: ProjectionTable, row: StoredRow): Promise<Outcome> => {
  const request = new PutItemCommand(put(known, row));
  try {
    await permanently(() => client.send(request));
    return "written";
  } catch (error) {
    const isRace =
      error instanceof ConditionalCheckFailedException || error instanceof TransactionConflictException;
    if (isRace) return "conflict";
    throw error;
  }
};

const writeAll = async (
  client: DynamoDBClient,
  known: ProjectionTable,
  rows: readonly StoredRow[],
): Promise<Outcome> => {
  const request = new TransactWriteItemsCommand({
    TransactItems: rows.map((row) => ({ Put: put(known, row) })),
  });
  try {
    await permanently(() => client.send(request));
    return "written";
  } catch (error) {
    if (!(error instanceof TransactionCanceledException)) throw error;
    const reasons = reasonsOf(error);
    const isRace = reasons.some(({ name }) => races.has(name));
    if (isRace && reasons.every(isRaceOrPermanent)) return "conflict";
    throw error;
  }
};

/** Writes all rows or none. Answers conflict if a revision is not the latest. */
export const writeRows = async (
  client: DynamoDBClient,
  known: ProjectionTable,
  rows: readonly StoredRow[],
): Promise<Outcome> => {
  const [first, ...others] = rows;
  if (!first) return "written";
  return others.length === 0 ? writeOne(client, known, first) : writeAll(client, known, rows);
};
