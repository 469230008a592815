/**
 * A row of a read model as an item of its projection's table:
 *
 *     pk           the key
 *     row          JSON text of the row; absent if the item holds only a checkpoint
 *     rev          the number of writes
 *     gates        the checkpoints, JSON text: { stream: [version, business version] }
 *     i_<index>    the value that the index lists by, "all" if it lists every row
 *     s_<index>    the value that it sorts by: the field of newestFirst, or the key
 *
 * A value that cannot be a key, because it is empty or too long, leaves the row out of that index. Otherwise the
 * row could not be written at all.
 */
import * as z from "zod";
import { isJsonObject } from "../../../model/json/json-value.ts";
import type { AnyProjection, Row } from "../../../model/projection.ts";
import { isStreamId, type StreamId } from "../../../model/stream.ts";
import type { Checkpoint, StoredRow } from "../../../ports/read-models.ts";
import { type Item, jsonIn, numberOf, textOf } from "../attributes.ts";
import { indexKeys, isKey, keyValue } from "../keys.ts";

const gatesOf = jsonIn("gates", z.record(z.string(), z.tuple([z.int(), z.int()])));
const rowOf = jsonIn("row", z.custom<Row>(isJsonObject));

/** The partition of an index that lists every row. */
export const everyRow = "all";

const indexAttributes = ({ indexes = {} }: AnyProjection, key: string, row: Row): Item =>
  Object.fromEntries(
    Object.entries(indexes).flatMap(([name, { by, newestFirst }]) => {
      const value = by === undefined ? everyRow : row[by];
      const sort = newestFirst === undefined ? key : row[newestFirst];
      if (!isKey("partition", value) || !isKey("sort", sort)) return [];
      const keys = indexKeys(name);
      return [
        [keys.partition, { S: value }],
        [keys.sort, { S: sort }],
      ];
    }),
  );

/** The item of a row. */
export const toRowItem = (
  projection: AnyProjection,
  { key, row, revision, checkpoints }: StoredRow,
): Item => ({
  pk: keyValue(key),
  rev: { N: `${revision + 1}` },
  gates: {
    S: JSON.stringify(
      Object.fromEntries(
        Object.entries(checkpoints).map(([id, { version, business }]) => [id, [version, business]]),
      ),
    ),
  },
  ...(row && { row: { S: JSON.stringify(row) }, ...indexAttributes(projection, key, row) }),
});

const checkpointsOf = (item: Item): Readonly<Record<StreamId, Checkpoint>> => {
  const known: Record<StreamId, Checkpoint> = {};
  for (const [id, [version, business]] of Object.entries(gatesOf(item))) {
    if (!isStreamId(id))
      throw new Error(`attribute gates of item ${textOf(item, "pk")}: ${id} is not a stream id`);
    known[id] = { version, business };
  }
  return known;
};

/** The row in an item. */
export const fromRowItem = (item: Item): StoredRow => ({
  key: textOf(item, "pk"),
  row: item.row ? rowOf(item) : undefined,
  revision: numberOf(item, "rev"),
  checkpoints: checkpointsOf(item),
});
