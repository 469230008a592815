/**
 * Two kinds of errors. A permanent error follows from what was given: every attempt fails in the same way, so the cause is
 * set aside and everything else continues. A transient error may pass, so the work is retried. Each adapter has one table
 * that maps the errors of its technology to a kind.
 */

import { machineErrors } from "../model/sagas/machine-task.ts";

/** A port throws this error if it can never take what it was given. It has stored nothing. */
export class PermanentError extends Error {
  override readonly name = machineErrors.permanent;
}

/** An error fits a row if it has the name, the HTTP status and the words of the row, as far as the row has them. */
export type ErrorRow = {
  readonly kind: "permanent" | "transient";
  readonly name?: string;
  readonly status?: number;
  readonly says?: RegExp;
};

/** What the tables know of an error. */
export type KnownError = {
  readonly name: string;
  readonly message: string;
  readonly status?: number;
};

/** The first row that fits decides. An error that fits no row is transient. */
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

/** The SDK of AWS puts the status beside the error. */
const statusOf = (error: object): number | undefined => {
  const metadata: unknown = "$metadata" in error ? error.$metadata : undefined;
  if (typeof metadata !== "object" || metadata === null || !("httpStatusCode" in metadata)) return undefined;
  return typeof metadata.httpStatusCode === "number" ? metadata.httpStatusCode : undefined;
};

/** Runs a request. Throws `PermanentError` for an error that the table calls permanent, and any other error as it is. */
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
