/**
 * The errors of DynamoDB: permanent or transient. To add one, add a row and its test; the first row that fits decides.
 *
 * A ValidationException says that the request itself is wrong. Our requests differ only in what an event has put into
 * them, say a row over 400 KB, a key over its limit or a transaction over 4 MB. So it is permanent, unless it speaks of
 * the table: a deployment may be under way, and the next one may be the cure.
 */
import { TransactionCanceledException } from "@aws-sdk/client-dynamodb";
import { type ErrorRow, kindOfError, PermanentError, permanentBy } from "../../ports/permanent-error.ts";

const errorRows: readonly ErrorRow[] = [
  /** A request over 16 MB. */
  { kind: "permanent", status: 413 },
  /** A text that UTF-8 cannot write. */
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

/** The reasons of a cancelled transaction, by their codes. One transient reason makes the whole transaction transient. */
export const reasonRows: readonly ErrorRow[] = [
  { kind: "permanent", name: "ValidationError" },
  { kind: "permanent", name: "ItemCollectionSizeLimitExceeded" },
];

/** The codes of a cancelled transaction, of the writes that had a part in it. */
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

/** Runs a request. Throws `PermanentError` if DynamoDB refuses it for its content. */
export const permanently = async <Result>(request: () => Promise<Result>): Promise<Result> => {
  try {
    return await byName(request);
  } catch (error) {
    throw error instanceof TransactionCanceledException ? (cancelledForGood(error) ?? error) : error;
  }
};
