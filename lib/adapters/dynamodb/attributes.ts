/**
 * Reads attributes of items that this adapter has written. Each function throws if the attribute does not have the
 * expected form.
 */
import type { AttributeValue } from "@aws-sdk/client-dynamodb";
import type * as z from "zod";
import { fits } from "../../model/json/fits/fits.ts";
import { firstFault, wording } from "../../model/json/wording.ts";

/** An item as the SDK reads and writes it. */
export type Item = Readonly<Record<string, AttributeValue>>;

/** A wrong attribute may be huge. Its beginning is enough to identify it. */
const shownMax = 200;

/** Throws: the attribute is missing or has another form. */
export const wrong = (item: Item, name: string): never => {
  const shown = JSON.stringify(item[name])?.slice(0, shownMax);
  throw new Error(`attribute ${name} of item ${item.pk?.S ?? "?"} is ${shown}`);
};

/** A string attribute. */
export const textOf = (item: Item, name: string): string => item[name]?.S ?? wrong(item, name);

/** An integer. Undefined if the attribute is missing or contains anything else. */
export const integerIn = (attribute: AttributeValue | undefined): number | undefined => {
  const number = Number(attribute?.N);
  return Number.isSafeInteger(number) ? number : undefined;
};

/** A number attribute that contains an integer. */
export const numberOf = (item: Item, name: string): number => integerIn(item[name]) ?? wrong(item, name);

const parsed = (item: Item, name: string, text: string = wrong(item, name)): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return wrong(item, name);
  }
};

/** Reads an attribute that holds JSON text of a schema. The check is compiled once, because streams have many items. */
export const jsonIn = <Value>(name: string, schema: z.ZodType<Value>) => {
  const isKept = fits(schema);
  const isValue = (value: unknown): value is Value => isKept(value);
  return (item: Item, attribute = item[name]): Value => {
    const value = parsed(item, name, attribute?.S);
    if (isValue(value)) return value;
    const { data, error } = schema.safeParse(value, wording);
    if (!error) return data;
    const { field, because } = firstFault(error);
    throw new Error(`attribute ${name} of item ${item.pk?.S ?? "?"} at ${field || "/"}: ${because}`);
  };
};
