/**
 * The outcome of a batch, from the answer of the function. With ReportBatchItemFailures, an answer names the records
 * that failed. If it names anything that is not a record of the batch, the whole batch has failed, as on AWS.
 */
import type { Invocation } from "../service/service.ts";

export type Outcome =
  | { readonly kind: "done" }
  /**
   * The value in the on-failure document. Null if the failure was in a normal answer and not an error of the function.
   */
  | { readonly kind: "failed"; readonly functionError: "Unhandled" | null }
  | { readonly kind: "partial"; readonly failed: ReadonlySet<string> };

const allFailed: Outcome = { kind: "failed", functionError: null };

const listOf = (payload: unknown): unknown =>
  typeof payload === "object" && payload !== null && "batchItemFailures" in payload
    ? payload.batchItemFailures
    : undefined;

const identifierOf = (failure: unknown): unknown =>
  typeof failure === "object" && failure !== null && "itemIdentifier" in failure
    ? failure.itemIdentifier
    : undefined;

/** `ids` are the sequence numbers or message ids of the batch. */
export const outcomeOf = (
  invocation: Pick<Invocation, "payload" | "functionError">,
  reportsFailures: boolean,
  ids: readonly string[],
): Outcome => {
  if (invocation.functionError !== undefined) return { kind: "failed", functionError: "Unhandled" };
  const failures = reportsFailures ? listOf(invocation.payload) : undefined;
  if (failures === undefined || failures === null) return { kind: "done" };
  if (!Array.isArray(failures)) return allFailed;
  const known = new Set(ids);
  const failed = new Set<string>();
  for (const failure of failures) {
    const identifier = identifierOf(failure);
    if (typeof identifier !== "string" || !known.has(identifier)) return allFailed;
    failed.add(identifier);
  }
  return failed.size === 0 ? { kind: "done" } : { kind: "partial", failed };
};
