/** Reports, at start, each saga that was removed from the application while it has running instances. */
import * as z from "zod";
import { statusIndex } from "../../lib/adapters/dynamodb/keys.ts";
import type { Cloud } from "../../lib/local/service/service.ts";
import type { ListedStatus } from "../../lib/ports/instances.ts";

type Kind = ListedStatus["kind"];

/** The statuses in which an instance still needs the definition of its saga. */
const underWay: readonly Kind[] = ["open", "compensating", "parked"];

/** One line per removed saga, with the number of its instances. `idsOf` returns the ids of the instances with a status. */
export const removedSagas = async (
  idsOf: (kind: Kind) => Promise<readonly string[]>,
  sagas: readonly string[],
): Promise<readonly string[]> => {
  const counts = new Map<string, number>();
  for (const kind of underWay)
    for (const saga of (await idsOf(kind)).map((id) => id.slice(0, id.indexOf("/"))))
      if (!sagas.includes(saga)) counts.set(saga, (counts.get(saga) ?? 0) + 1);
  return [...counts].map(
    ([saga, count]) =>
      `saga ${saga} is not in the application, but ${count} of its instances are running and would wait forever: ` +
      "restore its definition until they have ended; npx eventfold operate stuck lists them",
  );
};

const page = z.object({
  Items: z.array(z.object({ pk: z.object({ S: z.string() }) })),
  LastEvaluatedKey: z.unknown().optional(),
});

/** Reads the list of instances from the table that the local cloud runs, without the AWS SDK. */
export const idsIn =
  ({ resources, call }: Pick<Cloud, "resources" | "call">) =>
  async (kind: Kind): Promise<readonly string[]> => {
    const table = resources.find(
      ({ type, id }) => type === "AWS::DynamoDB::GlobalTable" && id.startsWith("AppStorageInstances"),
    );
    if (!table) throw new Error("the template has no table of instances");
    const ids: string[] = [];
    let from: unknown;
    do {
      const input = {
        TableName: table.name,
        IndexName: statusIndex,
        KeyConditionExpression: "stands = :kind",
        ExpressionAttributeValues: { ":kind": { S: kind } },
        ...(from !== undefined && { ExclusiveStartKey: from }),
      };
      const answer = await call({ kind: "owner" }, { service: "dynamodb", operation: "Query", input });
      const { Items, LastEvaluatedKey } = page.parse(answer);
      ids.push(...Items.map(({ pk }) => pk.S));
      from = LastEvaluatedKey;
    } while (from !== undefined);
    return ids;
  };
