/**
 * The position after an instance at which a list continues. Opaque to clients, and valid only for lists of the same
 * kind.
 */
import * as z from "zod";
import type { ListedStatus } from "../../../ports/instances.ts";
import { type Item, textOf } from "../attributes.ts";
import { isKey } from "../keys.ts";
import { partsIn } from "../read-models/cursor.ts";

const place = z.tuple([
  z.string(),
  z.string().refine((at) => isKey("sort", at)),
  z.string().refine((id) => isKey("partition", id)),
]);

/** From an item, or from the key at which a query stopped. */
export const toStatusCursor = (item: Item): string => {
  const text = JSON.stringify([textOf(item, "stands"), textOf(item, "standsAt"), textOf(item, "pk")]);
  return Buffer.from(text).toString("base64url");
};

/** The key after which the query continues. */
export const fromStatusCursor = (kind: ListedStatus["kind"], text: string): Item | "invalid" => {
  const [, standsAt, pk] = partsIn(place, text) ?? [];
  if (standsAt === undefined || pk === undefined) return "invalid";
  const item: Item = { pk: { S: pk }, stands: { S: kind }, standsAt: { S: standsAt } };
  return toStatusCursor(item) === text ? item : "invalid";
};
