/** The names that the tables and their readers share. */
import { variableName } from "../../model/validation/made-names.ts";
import { PermanentError } from "../../ports/permanent-error.ts";

/** The environment variables that name the tables. */
export const variables = {
  events: "EVENTS_TABLE",
  idempotencyKeys: "IDEMPOTENCY_KEYS_TABLE",
  instances: "INSTANCES_TABLE",
  ledger: "LEDGER_TABLE",
  inbox: "INBOX_TABLE",
  parked: "PARKED_TABLE",
} as const;

export const readModelVariable = (projection: string): string => `READ_MODEL_${variableName(projection)}`;

/** The attributes that hold a row's place in an index; a row without them is not in it. */
export const indexKeys = (index: string): { readonly partition: string; readonly sort: string } => ({
  partition: `i_${index}`,
  sort: `s_${index}`,
});

/** The index of the instances by status. */
export const statusIndex = "standing";

/** Bytes that DynamoDB takes as the value of a key. It takes no empty text, and none that UTF-8 cannot write. */
const keyBytesMax = { partition: 2048, sort: 1024 } as const;

export const isKey = (part: keyof typeof keyBytesMax, value: unknown): value is string =>
  typeof value === "string" &&
  value !== "" &&
  value.isWellFormed() &&
  Buffer.byteLength(value) <= keyBytesMax[part];

/** A text as the value of a key. Some engines store U+FFFD for what UTF-8 cannot write, so it is refused before. */
export const keyValue = (text: string): { readonly S: string } => {
  const isText: boolean = text.isWellFormed();
  if (isText) return { S: text };
  throw new PermanentError(`${JSON.stringify(text.slice(0, 100))} cannot be a key: UTF-8 cannot write it`);
};
