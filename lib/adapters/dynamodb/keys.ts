/** The names that the tables share with the code that uses them. */
import { variableName } from "../../model/validation/made-names.ts";
import { PermanentError } from "../../ports/permanent-error.ts";

/** The environment variables with the names of the tables. */
export const variables = {
  events: "EVENTS_TABLE",
  idempotencyKeys: "IDEMPOTENCY_KEYS_TABLE",
  instances: "INSTANCES_TABLE",
  ledger: "LEDGER_TABLE",
  inbox: "INBOX_TABLE",
  parked: "PARKED_TABLE",
} as const;

/** The environment variable with the table of a projection. */
export const readModelVariable = (projection: string): string => `READ_MODEL_${variableName(projection)}`;

/** The attributes for a row's position in an index. A row without them is not in the index. */
export const indexKeys = (index: string): { readonly partition: string; readonly sort: string } => ({
  partition: `i_${index}`,
  sort: `s_${index}`,
});

/** The index of the instances by status. */
export const statusIndex = "standing";

/** The maximum size of a key in DynamoDB, in bytes. A key must not be empty and must be valid UTF-8. */
const keyBytesMax = { partition: 2048, sort: 1024 } as const;

/** Whether a value can be a key: a string that is not empty, not too long, and valid UTF-8. */
export const isKey = (part: keyof typeof keyBytesMax, value: unknown): value is string =>
  typeof value === "string" &&
  value !== "" &&
  value.isWellFormed() &&
  Buffer.byteLength(value) <= keyBytesMax[part];

/**
 * A string as the value of a key. Some engines store U+FFFD for characters that UTF-8 cannot encode, so such
 * strings are refused here.
 */
export const keyValue = (text: string): { readonly S: string } => {
  const isText: boolean = text.isWellFormed();
  if (isText) return { S: text };
  throw new PermanentError(`${JSON.stringify(text.slice(0, 100))} cannot be a key: UTF-8 cannot encode it`);
};
