/**
 * How a batch of a broker's messages is delivered. Messages that do not pass the filter are left out. The batch
 * succeeds or fails as a whole, because these mappings have no partial failures.
 */
import * as z from "zod";
import type { Matcher } from "../events/pattern.ts";
import type { Cloud, Resource } from "../service/service.ts";
import { type BatchLimit, batchLimit } from "./batch-limit.ts";
import { filterCriteriaSchema, filterOf } from "./filter.ts";
import { functionInvoker, type InvokeFunction, mappedFunctionArn } from "./function.ts";

/** The properties that mappings of Kafka and RabbitMQ have in common. */
export const brokerProperties = {
  FunctionName: z.string(),
  Enabled: z.boolean().default(true),
  BatchSize: z.coerce.number().int().min(1).max(10_000).default(100),
  MaximumBatchingWindowInSeconds: z.coerce.number().int().min(0).max(300).default(0),
  FilterCriteria: filterCriteriaSchema,
  Tags: z.unknown().optional(),
};

type BrokerProperties = z.output<z.ZodObject<typeof brokerProperties>>;

type DeliveryOptions<Item> = {
  readonly passes: Matcher;
  /** The record in the form that the filter sees. */
  readonly filteredBy: (record: Item) => unknown;
  readonly eventOf: (records: readonly Item[]) => unknown;
  readonly limit: Pick<BatchLimit<Item>, "isTooLarge">;
  readonly invoke: InvokeFunction;
  readonly problem: (message: string) => void;
};

/** Returns whether the batch is done. */
export type Deliver<Item> = (records: readonly Item[]) => Promise<boolean>;

export const delivery = <Item>(options: DeliveryOptions<Item>): Deliver<Item> => {
  const { passes, filteredBy, eventOf, limit, invoke, problem } = options;

  /**
   * Lambda drops a message that does not fit into any invocation (Lambda developer guide, "Troubleshoot Amazon MQ event
   * source mapping errors": "Lambda drops them due to their size. The size limit for Lambda records is 6 MB").
   */
  const fits = (record: Item) => {
    const isTooLarge = limit.isTooLarge(record);
    if (isTooLarge) problem("dropped a message: an event with this message alone is larger than 6 MB");
    return !isTooLarge;
  };

  return async (records) => {
    const passing = records.filter((record) => passes(filteredBy(record)) && fits(record));
    if (passing.length === 0) return true;
    return (await invoke(eventOf(passing))).functionError === undefined;
  };
};

/** How the mapping of a broker delivers batches to its function, and how large a batch may be. */
export const brokerDelivery = <Item>(
  cloud: Cloud,
  resource: Resource,
  {
    properties,
    ...record
  }: { readonly properties: BrokerProperties } & Pick<DeliveryOptions<Item>, "filteredBy" | "eventOf">,
) => {
  const functionArn = mappedFunctionArn(cloud, properties.FunctionName);
  const problem = (message: string) => cloud.report({ source: resource.id, level: "problem", message });
  const limit = batchLimit(properties.BatchSize, record.eventOf);
  const passes = filterOf(resource, properties.FilterCriteria);
  const invoke = functionInvoker(cloud, resource, functionArn);
  const windowMilliseconds = properties.MaximumBatchingWindowInSeconds * 1000;
  const deliver = delivery({ passes, ...record, limit, invoke, problem });
  return { functionArn, problem, reading: { limit, windowMilliseconds, clock: cloud.clock, deliver } };
};
