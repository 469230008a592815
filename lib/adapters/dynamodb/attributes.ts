/**
 * Reads attributes of items that this adapter has written. Each function throws if the attribute does not have the
 * expected form.
 */
import type { AttributeValue } from "@aws-sdk/client-dynamodb";
import type * as z from "zod";
import { fits } from "../../model/json/fits.ts";
import { wording } from "../../model/json/wording.ts";

/** An item as the SDK reads and writes it. */
export type Item = Readonly<Record<string, AttributeValue>>;

/** A wrong attribute may be huge. Its beginning is enough to identify it. */
const shownMax = 200;

const wrong = (item: Item, name: string): never => {
  const shown = JSON.stringify(item[name])?.slice(0, shownMax);
  throw new Error(`attribute ${name} of item ${item.pk?.S ?? "?"} is ${shown}`);
};

/** A string attribute. */
export const textOf = (item: Item, name: string): string => item[name]?.S ?? wrong(item, name);

/** A number attribute. */
export const numberOf = (item: Item, name: string): number => {
  const text = item[name]?.N ?? wrong(item, name);
  const number = Number(text);
  return Number.isSafeInteger(number) ? number : wrong(item, name);
};

const parsed = (item: Item, name: string): unknown => {
  const text = textOf(item, name);
  try {
    return JSON.parse(text);
  } catch {
    return wrong(item, name);
  }
};

/** The fast check, as a type guard: what the schema keeps is what it would answer. */
const isKept = <Value>(schema: z.ZodType<Value>, value: unknown): value is Value => fits(schema)(value);

/** A value that is stored as JSON text. */
export const jsonOf = <Value>(item: Item, name: string, schema: z.ZodType<Value>): Value => {
  const value = parsed(item, name);
  if (isKept(schema, value)) return value;
  const { data, error } = schema.safeParse(value, wording);
  if (!error) return data;
  const [issue] = error.issues;
  const where = `/${issue?.path.join("/")}`;
  throw new Error(`attribute ${name} of item ${item.pk?.S ?? "?"} at ${where}: ${issue?.message}`);
};
