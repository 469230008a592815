/** Reads and empties tables of the local cloud as the owner of the machine, without the AWS SDK. */
import * as z from "zod";
import type { Cloud, Input } from "../../../lib/local/service/service.ts";

export type Caller = Pick<Cloud, "resources" | "call">;

/** An item in the format of DynamoDB's API. */
export type Item = Readonly<Record<string, unknown>>;

const call = (cloud: Caller, operation: string, input: Input) =>
  cloud.call({ kind: "owner" }, { service: "dynamodb", operation, input });

const page = z.object({
  Items: z.array(z.record(z.string(), z.unknown())).default([]),
  Count: z.int().default(0),
  LastEvaluatedKey: z.unknown().optional(),
});

/** The pages of a Query or a Scan. */
export async function* pagesOf(
  cloud: Caller,
  operation: "Query" | "Scan",
  input: Input,
): AsyncGenerator<z.output<typeof page>> {
  let from: unknown;
  do {
    const answer = await call(cloud, operation, {
      ...input,
      ...(from !== undefined && { ExclusiveStartKey: from }),
    });
    const found = page.parse(answer);
    yield found;
    from = found.LastEvaluatedKey;
  } while (from !== undefined);
}

/** The number of items that a Scan finds. */
export const countIn = async (cloud: Caller, input: Input): Promise<number> => {
  let count = 0;
  for await (const { Count } of pagesOf(cloud, "Scan", { ...input, Select: "COUNT" })) count += Count;
  return count;
};

const batchMax = 25;

const unprocessed = z.object({ UnprocessedItems: z.record(z.string(), z.array(z.unknown())).default({}) });

/** Deletes the items that a Scan finds. `pk` must be the only key of the table. */
export const deleteItems = async (
  cloud: Caller,
  input: Input & { readonly TableName: string },
): Promise<void> => {
  const { TableName } = input;
  for await (const { Items } of pagesOf(cloud, "Scan", { ...input, ProjectionExpression: "pk" }))
    for (let start = 0; start < Items.length; start += batchMax) {
      let left: readonly unknown[] = Items.slice(start, start + batchMax).map(({ pk }) => ({
        DeleteRequest: { Key: { pk } },
      }));
      while (left.length > 0) {
        const answer = await call(cloud, "BatchWriteItem", { RequestItems: { [TableName]: left } });
        left = unprocessed.parse(answer).UnprocessedItems[TableName] ?? [];
      }
    }
};
