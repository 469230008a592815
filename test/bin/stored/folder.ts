/** A data folder in memory, with tables that understand the requests of bin/local/stored. */

import * as z from "zod";
import { storedData } from "../../../bin/local/stored/stored-data.ts";
import { readModelVariable, variables } from "../../../lib/adapters/dynamodb/keys.ts";
import { contractOf } from "../../../lib/compile/compatibility/contract/contract-of.ts";
import { openJournal } from "../../../lib/local/machine/journal.ts";
import type { Cloud, Input, Resource, ServiceCall } from "../../../lib/local/service/service.ts";
import type { AnyApplication } from "../../../lib/model/application.ts";

type Item = Readonly<Record<string, Readonly<Record<string, string>>>>;

export const commit = (streamId: string, version: number, type: string, schemaVersion?: number): Item => ({
  pk: { S: streamId },
  sk: { N: `${version}` },
  ev: { S: JSON.stringify([[type, {}, ...(schemaVersion === undefined ? [] : [schemaVersion])]]) },
});

const resource = (type: string, id: string, properties: Resource["properties"] = {}): Resource => ({
  id: `${id}F00`,
  type,
  name: id,
  arn: id,
  properties,
});

/** Each table has the name of its projection. */
const resourcesFor = (projections: readonly string[]) => {
  const tables = Object.fromEntries(projections.map((name) => [readModelVariable(name), name]));
  const Variables = { [variables.events]: "events", [variables.parked]: "parked", ...tables };
  return [
    resource("AWS::Lambda::Function", "AppStreamProject", { Environment: { Variables } }),
    resource("AWS::DynamoDB::GlobalTable", "AppStorageInstances"),
  ];
};

const matches = (input: Input, item: Item): boolean => {
  const values = Object(input.ExpressionAttributeValues);
  switch (input.FilterExpression) {
    case undefined:
      return true;
    case "attribute_exists(#row)":
      return item.row !== undefined;
    case "consumer = :name":
      return item.consumer?.S === values[":name"].S;
    default:
      throw new Error(`unknown filter ${input.FilterExpression}`);
  }
};

const recordsIn = z.object({
  Records: z.array(
    z.object({
      dynamodb: z.object({
        SequenceNumber: z.string(),
        Keys: z.object({ pk: z.object({ S: z.string() }), sk: z.object({ N: z.string() }) }),
      }),
    }),
  ),
});

/** Instances are pairs of an id and a status. */
export const folder = (instances: readonly (readonly [id: string, status: string])[] = []) => {
  const journal = openJournal(undefined);
  const tables = new Map<string, readonly Item[]>();
  const projected: string[][] = [];
  /** The streams whose next record fails, and those whose records always do. */
  const refused = new Set<string>();
  const refusedForever = new Set<string>();
  const parking: Item[] = [];
  let fault: string | undefined;

  const operations: Readonly<Record<string, (input: Input) => unknown>> = {
    Query: ({ ExpressionAttributeValues }) => ({
      Items: instances
        .filter(([, status]) => status === Object(ExpressionAttributeValues)[":kind"].S)
        .map(([id]) => ({ pk: { S: id } })),
    }),
    Scan: (input) => {
      const Items = (tables.get(String(input.TableName)) ?? []).filter((item) => matches(input, item));
      return { Items, Count: Items.length };
    },
    BatchWriteItem: ({ RequestItems }) => {
      for (const [name, requests] of Object.entries(Object(RequestItems))) {
        const deleted = [requests].flat().map((request) => Object(request).DeleteRequest.Key.pk.S);
        tables.set(
          name,
          (tables.get(name) ?? []).filter(({ pk }) => !deleted.includes(pk?.S)),
        );
      }
      return {};
    },
  };

  const cloud = {
    journal,
    call: async (_: unknown, { operation, input }: ServiceCall) => operations[operation]?.(input),
    invoke: async (_: unknown, __: string, event: string) => {
      if (fault !== undefined) throw new Error(fault);
      tables.set("parked", [...(tables.get("parked") ?? []), ...parking.splice(0)]);
      const records = recordsIn.parse(JSON.parse(event)).Records.map(({ dynamodb }) => dynamodb);
      projected.push(records.map(({ Keys: { pk, sk } }) => `${pk.S}@${sk.N}`));
      const failed = records.filter(({ Keys }) => refused.delete(Keys.pk.S));
      const batchItemFailures = failed.map(({ SequenceNumber }) => ({ itemIdentifier: SequenceNumber }));
      for (const pk of refusedForever) refused.add(pk);
      return { requestId: "1", payload: { batchItemFailures } };
    },
  } satisfies Partial<Cloud>;

  return {
    /** The commits that the function for read models has got, by batch. */
    projected,
    set: (table: string, items: readonly Item[]) => void tables.set(table, items),
    pksIn: (table: string) => (tables.get(table) ?? []).map(({ pk }) => pk?.S),
    /** The function for read models asks for the next record of this stream again, or for each. */
    refuse: (streamId: string, isForever = false) => {
      refused.add(streamId);
      if (isForever) refusedForever.add(streamId);
    },
    /** The function for read models parks a stream. */
    parkAtNext: (item: Item) => void parking.push(item),
    /** The function for read models fails from now on. Undefined repairs it. */
    failWith: (message: string | undefined) => {
      fault = message;
    },
    /** Starts a version. Returns the lines for the user. */
    start: async (application: AnyApplication, acceptBreaks = false): Promise<readonly string[]> => {
      const said: string[] = [];
      const stored = storedData({
        contract: JSON.parse(JSON.stringify(contractOf(application))),
        sagas: application.sagas.map(({ name }) => name),
        data: "data",
        acceptBreaks,
        warn: (line) => void said.push(line),
        progress: () => {},
      });
      const running = { ...cloud, resources: resourcesFor(application.projections.map(({ name }) => name)) };
      await stored.onTables(running);
      await stored.onRunning(running);
      return said;
    },
  };
};
