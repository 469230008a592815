/**
 * Changes the indexes of a stored table so that they match the template, as CloudFormation does for a deployed table: a
 * new index is filled from the rows, an index that the template no longer has is removed, and an index with other keys
 * or another projection is rebuilt. The journal holds a mark while an index is built. If the process is killed
 * meanwhile, the next start finds the mark and rebuilds that index, no matter what the engine has kept of it.
 */
import { isDeepStrictEqual } from "node:util";
import * as z from "zod";
import type { DurableMap } from "../machine/journal.ts";

export const keySchema = z.array(
  z.strictObject({ AttributeName: z.string(), KeyType: z.enum(["HASH", "RANGE"]) }),
);

export const indexSchema = z.object({
  IndexName: z.string(),
  KeySchema: keySchema,
  Projection: z.object({
    ProjectionType: z.string().optional(),
    NonKeyAttributes: z.array(z.string()).optional(),
  }),
});

type Index = z.infer<typeof indexSchema>;
type KeySchema = z.infer<typeof keySchema>;
type AttributeDefinition = { readonly AttributeName: string; readonly AttributeType: string };

/** The parts of an index that require a rebuild when they change, in one form. */
const formOf = ({ KeySchema, Projection: { ProjectionType = "ALL", NonKeyAttributes = [] } }: Index) => ({
  KeySchema,
  ProjectionType,
  NonKeyAttributes: [...NonKeyAttributes].sort(),
});

type TableIndexes = {
  readonly table: string;
  readonly keySchema: KeySchema;
  readonly definitions: readonly AttributeDefinition[];
  readonly wanted: readonly Index[];
  readonly found: readonly Index[];
  readonly rows: number;
};

type IndexWork = {
  /** Changes the table. Resolves when all of its indexes are complete. */
  readonly update: (input: Readonly<Record<string, unknown>>) => Promise<void>;
  /** The indexes that are being built. */
  readonly marks: DurableMap<true>;
  readonly tell: (message: string) => void;
};

const keysOf = (schema: KeySchema) => schema.map(({ AttributeName }) => AttributeName);

export const bringIndexes = async (
  given: TableIndexes,
  { update, marks, tell }: IndexWork,
): Promise<void> => {
  const { table, wanted, found, rows } = given;
  const markOf = ({ IndexName }: Index) => `${table}/${IndexName}`;
  const isAsWanted = (index: Index) => {
    const same = wanted.find(({ IndexName }) => IndexName === index.IndexName);
    return same !== undefined && isDeepStrictEqual(formOf(same), formOf(index)) && !marks.get(markOf(index));
  };
  const kept = found.filter(isAsWanted);

  for (const index of found.filter((one) => !kept.includes(one))) {
    tell(`table ${table}: removing the index ${index.IndexName}`);
    await update({ GlobalSecondaryIndexUpdates: [{ Delete: { IndexName: index.IndexName } }] });
  }

  // DynamoDB creates one index per update.
  for (const index of wanted) {
    if (kept.some(({ IndexName }) => IndexName === index.IndexName)) continue;
    const keys = new Set(
      [given.keySchema, ...[...kept, index].map(({ KeySchema }) => KeySchema)].flatMap(keysOf),
    );
    tell(`table ${table}: filling the index ${index.IndexName} from ${rows} rows`);
    marks.set(markOf(index), true);
    await update({
      AttributeDefinitions: given.definitions.filter(({ AttributeName }) => keys.has(AttributeName)),
      GlobalSecondaryIndexUpdates: [{ Create: index }],
    });
    marks.delete(markOf(index));
    kept.push(index);
    tell(`table ${table}: the index ${index.IndexName} is complete`);
  }
};
