/** AWS::DynamoDB::GlobalTable and AWS::DynamoDB::Table: what of them the engine makes, and that it is made. */
import { isDeepStrictEqual } from "node:util";
import * as z from "zod";
import { propertiesOf } from "../properties.ts";
import type { Resource } from "../service.ts";
import type { EngineClient } from "./engine-client.ts";

const keySchema = z.array(z.strictObject({ AttributeName: z.string(), KeyType: z.enum(["HASH", "RANGE"]) }));

const indexSchema = z.object({
  IndexName: z.string(),
  KeySchema: keySchema,
  Projection: z.object({
    ProjectionType: z.string().optional(),
    NonKeyAttributes: z.array(z.string()).optional(),
  }),
});

const notRun = z.unknown().optional();

const tableProperties = z.strictObject({
  TableName: z.string().optional(),
  AttributeDefinitions: z.array(z.strictObject({ AttributeName: z.string(), AttributeType: z.string() })),
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
  Table: z.object({ KeySchema: keySchema, LatestStreamArn: z.string().optional() }),
});

/** Makes the table unless it is there, and answers the engine's own ARN of its stream. */
export const ensureTable = async (engine: EngineClient, resource: Resource): Promise<string | undefined> => {
  const properties = propertiesOf(resource, tableProperties);
  const { AttributeDefinitions, KeySchema, GlobalSecondaryIndexes, StreamSpecification } = properties;
  const ask = (operation: string, input: unknown) =>
    engine.ask(`DynamoDB_20120810.${operation}`, JSON.stringify(input));

  const created = await ask("CreateTable", {
    TableName: resource.name,
    AttributeDefinitions,
    KeySchema,
    BillingMode: "PAY_PER_REQUEST",
    ...(GlobalSecondaryIndexes && { GlobalSecondaryIndexes }),
    ...(StreamSpecification && { StreamSpecification: { StreamEnabled: true, ...StreamSpecification } }),
  });
  if (created.status !== 200 && !created.json.includes("ResourceInUseException"))
    throw new Error(`${resource.id}: the table ${resource.name} cannot be made: ${created.json}`);

  const { json } = await ask("DescribeTable", { TableName: resource.name });
  const { Table } = described.parse(JSON.parse(json));
  if (!isDeepStrictEqual(Table.KeySchema, KeySchema) || !Table.LatestStreamArn !== !StreamSpecification)
    throw new Error(
      `${resource.id}: the table ${resource.name} has other keys or another stream than the template says: start with --fresh`,
    );
  return Table.LatestStreamArn;
};
