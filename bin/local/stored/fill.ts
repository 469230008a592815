/**
 * Builds read models again from the event store. Their tables are emptied, and then every stored commit goes to the
 * application's own function for read models, as a record of the event store's stream. A read model that is complete
 * skips the commits, because its checkpoints are as new as they are.
 */
import * as z from "zod";
import type { Cloud } from "../../../lib/local/service/service.ts";
import { projectorIn } from "./projector.ts";
import { type Caller, countIn, deleteItems, type Item, pagesOf } from "./tables.ts";

/** The number of rows of a read model, without its checkpoints. */
export const rowsOf = (cloud: Caller, projection: string): Promise<number> =>
  countIn(cloud, {
    TableName: projectorIn(cloud.resources).readModel(projection),
    FilterExpression: "attribute_exists(#row)",
    ExpressionAttributeNames: { "#row": "row" },
  });

const parkedFor = (projection: string) => ({
  FilterExpression: "consumer = :name",
  ExpressionAttributeValues: { ":name": { S: projection } },
});

/** The number of streams that are parked for a projection. */
export const parkedStreams = (cloud: Caller, projection: string): Promise<number> =>
  countIn(cloud, { TableName: projectorIn(cloud.resources).parked, ...parkedFor(projection) });

/** Deletes the rows, the checkpoints and the list of parked streams of a projection. */
export const emptyReadModel = async (cloud: Caller, projection: string): Promise<void> => {
  const { readModel, parked } = projectorIn(cloud.resources);
  await deleteItems(cloud, { TableName: readModel(projection) });
  await deleteItems(cloud, { TableName: parked, ...parkedFor(projection) });
};

/** The number of records in a batch of the stream, so that a batch here is as large as the function expects. */
const batchSize = 100;

/** A conflict with the stream's own batches is resolved by the next attempt. */
const attemptsMax = 5;

const recordOf = (item: Item, index: number) => ({
  eventName: "INSERT",
  dynamodb: { SequenceNumber: `${index}`, Keys: { pk: item.pk, sk: item.sk }, NewImage: item },
});

const failuresIn = z.object({ batchItemFailures: z.array(z.object({ itemIdentifier: z.string() })) });

type Running = Caller & Pick<Cloud, "invoke">;

/** Returns the commits that the function still refuses. */
const project = async (
  cloud: Running,
  functionArn: string,
  commits: readonly Item[],
): Promise<readonly Item[]> => {
  let left = commits;
  for (let attempt = 1; attempt <= attemptsMax && left.length > 0; attempt++) {
    const event = JSON.stringify({ Records: left.map(recordOf) });
    const { payload, functionError } = await cloud.invoke({ kind: "owner" }, functionArn, event);
    if (functionError !== undefined) continue;
    const failed = failuresIn.parse(payload).batchItemFailures.map(({ itemIdentifier }) => itemIdentifier);
    left = left.filter((_, index) => failed.includes(`${index}`));
  }
  return left;
};

const key = z.object({ pk: z.object({ S: z.string() }), sk: z.object({ N: z.string() }) });

const nameOf = (commit: Item): string => {
  const { pk, sk } = key.parse(commit);
  return `${pk.S}@${sk.N}`;
};

/** Returns the commits that could not be applied, such as `order-1@4`. */
export const fillReadModels = async (
  cloud: Running,
  progress: (line: string) => void,
): Promise<readonly string[]> => {
  const { arn, events } = projectorIn(cloud.resources);
  const all = await countIn(cloud, { TableName: events });
  const failed: string[] = [];
  let done = 0;
  for await (const { Items } of pagesOf(cloud, "Scan", { TableName: events, Limit: batchSize })) {
    failed.push(...(await project(cloud, arn, Items)).map(nameOf));
    done += Items.length;
    if (Items.length > 0) progress(`filling read models: ${done} of ${all} commits`);
  }
  return failed;
};
