/** Counts the stored events. */
import * as z from "zod";
import { streamIdText } from "../../../lib/model/events/stream-id.ts";
import { categoryOf } from "../../../lib/model/stream.ts";
import { type Caller, pagesOf } from "./tables.ts";

const commits = z.array(z.object({ pk: z.object({ S: streamIdText }), ev: z.object({ S: z.string() }) }));

/** Type, data and version. The first version is not stored. */
const events = z.array(z.tuple([z.string(), z.unknown(), z.int().default(1)]));

type StoredEvents = {
  /** By category, type and version: `order.OrderPlaced@1`. */
  readonly ofVersion: ReadonlyMap<string, number>;
  readonly ofCategory: ReadonlyMap<string, number>;
};

export const storedEvents = async (cloud: Caller, table: string): Promise<StoredEvents> => {
  const [ofVersion, ofCategory] = [new Map<string, number>(), new Map<string, number>()];
  const add = (counts: Map<string, number>, name: string) => counts.set(name, (counts.get(name) ?? 0) + 1);
  for await (const { Items } of pagesOf(cloud, "Scan", { TableName: table, ProjectionExpression: "pk, ev" }))
    for (const { pk, ev } of commits.parse(Items)) {
      const category = categoryOf(pk.S);
      for (const [type, , version] of events.parse(JSON.parse(ev.S))) {
        add(ofCategory, category);
        add(ofVersion, `${category}.${type}@${version}`);
      }
    }
  return { ofVersion, ofCategory };
};
