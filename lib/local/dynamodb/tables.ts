/**
 * AWS::DynamoDB::GlobalTable and AWS::DynamoDB::Table: what of them the engine makes, and how a table on disk is
 * brought to what the template says. What cannot be changed without its rows is refused by name.
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
  BillingMode: z.literal("PAY_PER_REQUEST", "only on-demand tables are run here").optional(),
  StreamSpecification: z.object({ StreamViewType: z.string() }).optional(),
  Replicas: z.array(z.unknown()).max(1, "only one region is run here").optional(),
  /** Protection and recovery change no answer; AWS promises no time for the deletion of expired items. */
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

/** What of a table on disk cannot become what the template says; undefined if nothing is in the way. */
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
  /** The indexes that are being built, in the journal. */
  readonly marks: DurableMap<true>;
  readonly tell: (message: string) => void;
};

const pollMilliseconds = 200;

/** Makes the table or brings it to what the template says, and answers the engine's own ARN of its stream. */
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
    throw new Error(`${resource.id}: the table ${TableName} cannot be made: ${created.json}`);

  const table = await describe();
  const difference = differenceOf(table, properties);
  if (difference !== undefined)
    throw new Error(
      `${resource.id}: the table ${TableName} has ${difference} than the template says: start with --fresh`,
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
