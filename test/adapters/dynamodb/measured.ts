/** The requests of a client to DynamoDB, and the units that it is billed. */
import type { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import * as z from "zod";

export type Call = { readonly operation: string; readonly units: number };

const consumed = z.object({ CapacityUnits: z.number() });
const answer = z.object({ ConsumedCapacity: z.union([consumed, z.array(consumed)]) });
const context = z.object({ commandName: z.string() });

/**
 * The calls of this client from now on. Each question returns the calls since the previous one. For calls on one
 * table.
 */
export const measured = (client: DynamoDBClient): (() => readonly Call[]) => {
  let calls: readonly Call[] = [];
  client.middlewareStack.add(
    (next, about) => async (call) => {
      const result = await next({ ...call, input: { ...call.input, ReturnConsumedCapacity: "TOTAL" } });
      const tables = [answer.parse(result.output).ConsumedCapacity].flat();
      const units = tables.reduce((sum, { CapacityUnits }) => sum + CapacityUnits, 0);
      const operation = context.parse(about).commandName.replace(/Command$/, "");
      calls = [...calls, { operation, units }];
      return result;
    },
    { step: "initialize" },
  );
  return () => {
    const taken = calls;
    calls = [];
    return taken;
  };
};
