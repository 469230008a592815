/**
 * The errors of DynamoDB: permanent or transient. To add one, add a row and its test. The first matching row
 * decides.
 *
 * A ValidationException means that the request itself is wrong. Our requests differ only in the data of an event:
 * for example a row over 400 KB, a key over its limit or a transaction over 4 MB. So the error is permanent, unless
 * it is about the table: then a deployment may be in progress, or the next deployment may fix it.
 */
import { TransactionCanceledException } from "@aws-sdk/client-dynamodb";
import { type ErrorRow, kindOfError, PermanentError, permanentBy } from "../../ports/permanent-error.ts";

const errorRows: readonly ErrorRow[] = [
  /** A request over 16 MB. */
  { kind: "permanent", status: 413 },
  /** A string that UTF-8 cannot encode. */
  { kind: "permanent", name: "SerializationException" },
  { kind: "permanent", name: "ItemCollectionSizeLimitExceededException" },
  { kind: "transient", name: "ValidationException", says: /match the schema|Missing the key|'tableName'/ },
  {
    kind: "transient",
    name: "ValidationException",
    says: /specified index|key schema|Type mismatch for key/,
  },
  { kind: "permanent", name: "ValidationException" },
];

/** The reasons of a cancelled transaction, by code. One transient reason makes the whole transaction transient. */
export const reasonRows: readonly ErrorRow[] = [
  { kind: "permanent", name: "ValidationError" },
  { kind: "permanent", name: "ItemCollectionSizeLimitExceeded" },
];

/** The codes of a cancelled transaction, only for the writes that caused the cancellation. */
export const reasonsOf = ({ CancellationReasons = [] }: TransactionCanceledException) =>
  CancellationReasons.flatMap(({ Code: name, Message: message = "" }) =>
    name && name !== "None" ? [{ name, message }] : [],
  );

const cancelledForGood = (error: TransactionCanceledException): PermanentError | undefined => {
  const reasons = reasonsOf(error);
  const isPermanent =
    reasons.length > 0 && reasons.every((reason) => kindOfError(reasonRows, reason) === "permanent");
  const words = reasons.map(({ name, message }) => `${name}: ${message}`);
  return isPermanent ? new PermanentError(words.join("; "), { cause: error }) : undefined;
};

const byName = permanentBy(errorRows);

/** Runs a request. Throws `PermanentError` if DynamoDB refuses its content. */
export const permanently = async <Result>(request: () => Promise<Result>): Promise<Result> => {
  try {
    return await byName(request);
  } catch (error) {
    throw error instanceof TransactionCanceledException ? (cancelledForGood(error) ?? error) : error;
  }
};
