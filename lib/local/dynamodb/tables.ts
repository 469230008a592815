/**
 * AWS::DynamoDB::GlobalTable and AWS::DynamoDB::Table: creates a table in the engine, or changes a stored one to match
 * the template. A change that would lose rows is refused, and the error names it.
 */
import { isDeepStrictEqual } from "node:util";
import * as z from "zod";
import type { DurableMap } from "../machine/journal.ts";
import { propertiesOf } from "../service/properties.ts";
import type { Resource } from "../service/service.ts";
import type { EngineClient } from "./engine/engine-client.ts";
import { bringIndexes, indexSchema, keySchema } from "./indexes.ts";

const definitionSchema = z.strictObject({ AttributeName: z.string(), AttributeType: z.string() });

const notRun = z.unknown().optional();

const tableProperties = z.strictObject({
  TableName: z.string().optional(),
  AttributeDefinitions: z.array(definitionSchema),
  KeySchema: keySchema,
  GlobalSecondaryIndexes: z.array(indexSchema).optional(),
  BillingMode: z.literal("PAY_PER_REQUEST", "only on-demand tables run here").optional(),
  StreamSpecification: z.object({ StreamViewType: z.string() }).optional(),
  Replicas: z.array(z.unknown()).max(1, "only one region runs here").optional(),
  /**
   * These change no answer: protection, backups, and expiry, because AWS does not promise when expired items are
   * deleted.
   */
  DeletionProtectionEnabled: notRun,
  PointInTimeRecoverySpecification: notRun,
  SSESpecification: notRun,
  TableClass: notRun,
  Tags: notRun,
  TimeToLiveSpecification: notRun,
  WarmThroughput: notRun,
  WriteOnDemandThroughputSettings: notRun,
});

const described = z.object({
  Table: z.object({
    KeySchema: keySchema,
    AttributeDefinitions: z.array(definitionSchema),
    GlobalSecondaryIndexes: z
      .array(z.object({ ...indexSchema.shape, IndexStatus: z.string().default("ACTIVE") }))
      .default([]),
    ItemCount: z.number().default(0),
    StreamSpecification: z.object({ StreamViewType: z.string().optional() }).optional(),
    LatestStreamArn: z.string().optional(),
  }),
});

type Properties = z.infer<typeof tableProperties>;
type Described = z.infer<typeof described>["Table"];

/** The first difference that cannot be removed without losing rows. Undefined if there is none. */
const differenceOf = (table: Described, properties: Properties): string | undefined => {
  if (!isDeepStrictEqual(table.KeySchema, properties.KeySchema)) return "other keys";
  const retyped = properties.AttributeDefinitions.find(({ AttributeName, AttributeType }) =>
    table.AttributeDefinitions.some(
      (found) => found.AttributeName === AttributeName && found.AttributeType !== AttributeType,
    ),
  );
  if (retyped) return `another type of the key ${retyped.AttributeName}`;
  const stream = table.LatestStreamArn && table.StreamSpecification?.StreamViewType;
  return stream === properties.StreamSpecification?.StreamViewType ? undefined : "another stream";
};

type TableWork = {
  /** In the journal: the indexes that are being built. */
  readonly marks: DurableMap<true>;
  readonly tell: (message: string) => void;
};

const pollMilliseconds = 200;

/** Creates the table or changes it to match the template. Returns the engine's own ARN of its stream. */
export const ensureTable = async (
  engine: Pick<EngineClient, "ask">,
  resource: Resource,
  { marks, tell }: TableWork,
): Promise<string | undefined> => {
  const properties = propertiesOf(resource, tableProperties);
  const { AttributeDefinitions, KeySchema, GlobalSecondaryIndexes, StreamSpecification } = properties;
  const TableName = resource.name;
  const ask = (operation: string, input: unknown) =>
    engine.ask(`DynamoDB_20120810.${operation}`, JSON.stringify(input));
  const describe = async () =>
    described.parse(JSON.parse((await ask("DescribeTable", { TableName })).json)).Table;

  const update = async (input: Readonly<Record<string, unknown>>) => {
    const { status, json } = await ask("UpdateTable", { TableName, ...input });
    if (status !== 200) throw new Error(`${resource.id}: the table ${TableName} cannot be changed: ${json}`);
    while ((await describe()).GlobalSecondaryIndexes.some(({ IndexStatus }) => IndexStatus !== "ACTIVE"))
      await new Promise((resolve) => setTimeout(resolve, pollMilliseconds));
  };

  const created = await ask("CreateTable", {
    TableName,
    AttributeDefinitions,
    KeySchema,
    BillingMode: "PAY_PER_REQUEST",
    ...(GlobalSecondaryIndexes && { GlobalSecondaryIndexes }),
    ...(StreamSpecification && { StreamSpecification: { StreamEnabled: true, ...StreamSpecification } }),
  });
  if (created.status !== 200 && !created.json.includes("ResourceInUseException"))
    throw new Error(`${resource.id}: the table ${TableName} cannot be created: ${created.json}`);

  const table = await describe();
  const difference = differenceOf(table, properties);
  if (difference !== undefined)
    throw new Error(
      `${resource.id}: the table ${TableName} has ${difference} than the template. Start with --fresh to empty the data folder`,
    );
  const wanted = GlobalSecondaryIndexes ?? [];
  const { GlobalSecondaryIndexes: found, ItemCount: rows } = table;
  const indexes = {
    table: TableName,
    keySchema: KeySchema,
    definitions: AttributeDefinitions,
    wanted,
    found,
    rows,
  };
  await bringIndexes(indexes, { update, marks, tell });
  return table.LatestStreamArn;
};
