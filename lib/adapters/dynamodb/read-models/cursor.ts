/**
 * The position after a row at which a list continues. Opaque to clients, and valid only for the list that returned
 * it: a text that `toCursor` would not produce for this list is invalid, and so is a position that no row can have.
 */
import * as z from "zod";
import { type Item, textOf } from "../attributes.ts";
import { indexKeys, isKey } from "../keys.ts";

type List = { readonly projection: string; readonly index: string; readonly value: string };

const place = z.tuple([
  z.string(),
  z.string(),
  z.string(),
  z.string().refine((sort) => isKey("sort", sort)),
  z.string().refine((key) => isKey("partition", key)),
]);

/** The parts of a cursor. Undefined if the text is not a cursor. */
export const partsIn = <Parts>(schema: z.ZodType<Parts>, text: string): Parts | undefined => {
  try {
    return schema.safeParse(JSON.parse(Buffer.from(text, "base64url").toString())).data;
  } catch {
    return undefined;
  }
};

/** `row` is an item, or the key at which a query stopped. */
export const toCursor = ({ projection, index, value }: List, row: Item): string => {
  const { sort } = indexKeys(index);
  const text = JSON.stringify([projection, index, value, textOf(row, sort), textOf(row, "pk")]);
  return Buffer.from(text).toString("base64url");
};

/** The key after which the query continues. */
export const fromCursor = (list: List, text: string): Item | "invalid" => {
  const [, , , sort, pk] = partsIn(place, text) ?? [];
  if (sort === undefined || pk === undefined) return "invalid";
  const keys = indexKeys(list.index);
  const row: Item = { pk: { S: pk }, [keys.partition]: { S: list.value }, [keys.sort]: { S: sort } };
  return toCursor(list, row) === text ? row : "invalid";
};
