/**
 * There are two kinds of errors. A permanent error follows from the input, so every attempt fails in the same way:
 * the cause is set aside, and everything else continues. A transient error may pass, so the work is retried. Each
 * adapter has one table that maps the errors of its technology to a kind.
 */

import { machineErrors } from "../model/sagas/machine-task.ts";

/** A port throws this error if it can never accept its input. It has stored nothing. */
export class PermanentError extends Error {
  override readonly name = machineErrors.permanent;
}

/**
 * An error matches a row if it has the name, the HTTP status and the text of the row. A property that the row does
 * not have matches everything.
 */
export type ErrorRow = {
  readonly kind: "permanent" | "transient";
  readonly name?: string;
  readonly status?: number;
  readonly says?: RegExp;
};

/** The properties of an error that the tables match. */
export type KnownError = {
  readonly name: string;
  readonly message: string;
  readonly status?: number;
};

/** The kind of an error: the kind of the first row that matches. An error that matches no row is transient. */
export const kindOfError = (
  rows: readonly ErrorRow[],
  { name, message, status }: KnownError,
): ErrorRow["kind"] =>
  rows.find(
    (row) =>
      (row.name === undefined || row.name === name) &&
      (row.status === undefined || row.status === status) &&
      (row.says === undefined || row.says.test(message)),
  )?.kind ?? "transient";

/** The AWS SDK stores the HTTP status in `$metadata`. */
const statusOf = (error: object): number | undefined => {
  const metadata: unknown = "$metadata" in error ? error.$metadata : undefined;
  if (typeof metadata !== "object" || metadata === null || !("httpStatusCode" in metadata)) return undefined;
  return typeof metadata.httpStatusCode === "number" ? metadata.httpStatusCode : undefined;
};

/**
 * Runs a request. Throws `PermanentError` for an error that the table calls permanent, and any other error
 * unchanged.
 */
export const permanentBy =
  (rows: readonly ErrorRow[]) =>
  async <Result>(request: () => Promise<Result>): Promise<Result> => {
    try {
      return await request();
    } catch (error) {
      if (!(error instanceof Error)) throw error;
      const { name, message } = error;
      if (kindOfError(rows, { name, message, status: statusOf(error) }) === "transient") throw error;
      throw new PermanentError(`${name}: ${message}`, { cause: error });
    }
  };
