/** The authorizations of the sandbox payment provider, read from its table, because no route of the shop shows them. */
import { DynamoDBClient, paginateScan } from "@aws-sdk/client-dynamodb";
import * as z from "zod";
import type { Instance } from "./instance.ts";

const resources = z.object({
  endpoint: z.string(),
  resources: z.array(z.object({ logicalId: z.string(), type: z.string(), name: z.string() })),
});

/** The order of a payment key. */
const orderOf = (paymentKey: string): string => paymentKey.replace(/^payment-/, "");

/** The number of authorizations held per order. Undefined if the instance is not a local cloud. */
export const authorizationsAt = async (shop: Instance): Promise<ReadonlyMap<string, number> | undefined> => {
  const answer = await shop.optional("/_local/resources");
  if (answer === undefined) return undefined;
  const local = resources.parse(answer);
  const table = local.resources.find(
    ({ type, logicalId }) => type === "AWS::DynamoDB::GlobalTable" && logicalId.includes("Payments"),
  );
  if (!table) return undefined;
  const client = new DynamoDBClient({
    endpoint: local.endpoint,
    region: "eu-central-1",
    credentials: { accessKeyId: "local", secretAccessKey: "local" },
  });
  const held = new Map<string, number>();
  for await (const { Items = [] } of paginateScan(
    { client },
    { TableName: table.name, ConsistentRead: true },
  ))
    for (const { pk, status } of Items)
      if (status?.S === "authorized" && pk?.S) held.set(orderOf(pk.S), (held.get(orderOf(pk.S)) ?? 0) + 1);
  client.destroy();
  return held;
};
