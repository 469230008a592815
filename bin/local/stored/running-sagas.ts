/** Counts the instances of sagas that are under way in a data folder. */
import * as z from "zod";
import { statusIndex } from "../../../lib/adapters/dynamodb/keys.ts";
import type { ListedStatus } from "../../../lib/ports/instances.ts";
import { type Caller, pagesOf } from "./tables.ts";

type Kind = ListedStatus["kind"];

/** The statuses in which an instance still needs the definition of its saga. */
const underWay: readonly Kind[] = ["open", "compensating", "parked"];

/** Returns the ids of the instances with a status. */
type IdsOf = (kind: Kind) => Promise<readonly string[]>;

/** The number of running instances of each saga. A saga without running instances is left out. */
export const runningSagas = async (idsOf: IdsOf): Promise<ReadonlyMap<string, number>> => {
  const counts = new Map<string, number>();
  for (const kind of underWay)
    for (const id of await idsOf(kind)) {
      const saga = id.slice(0, id.indexOf("/"));
      counts.set(saga, (counts.get(saga) ?? 0) + 1);
    }
  return counts;
};

const keys = z.array(z.object({ pk: z.object({ S: z.string() }) }));

/** Reads the list of instances from the table that the local cloud runs. */
export const idsIn =
  (cloud: Caller): IdsOf =>
  async (kind) => {
    const table = cloud.resources.find(
      ({ type, id }) => type === "AWS::DynamoDB::GlobalTable" && id.startsWith("AppStorageInstances"),
    );
    if (!table) throw new Error("the template has no table of instances");
    const ids: string[] = [];
    const query = {
      TableName: table.name,
      IndexName: statusIndex,
      KeyConditionExpression: "stands = :kind",
      ExpressionAttributeValues: { ":kind": { S: kind } },
    };
    for await (const { Items } of pagesOf(cloud, "Query", query))
      ids.push(...keys.parse(Items).map(({ pk }) => pk.S));
    return ids;
  };
