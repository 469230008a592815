/**
 * AWS::Lambda::EventSourceMapping of an SQS queue. It gives messages to the function, several batches at the same time,
 * and deletes the messages that are done. Messages that fail are received again after the queue's visibility timeout.
 */
import * as z from "zod";
import { environmentsMax } from "../../lambda/settings.ts";
import { backoffMilliseconds } from "../../machine/random.ts";
import { propertiesOf } from "../../service/properties.ts";
import type { Cloud, MakeProvider, Resource } from "../../service/service.ts";
import { batchLimit, type Weighed } from "../batch-limit.ts";
import { filterCriteriaSchema, filterOf } from "../filter.ts";
import { mappedFunctionArn, recordsEvent, recordsInvoker } from "../function.ts";
import { type Mapping, mappingProvider } from "../mapping-provider.ts";
import { outcomeOf } from "../outcome.ts";
import { filteredBy, type QueueRecord } from "./queue-record.ts";
import { queueSource } from "./queue-source.ts";
import { semaphore } from "./semaphore.ts";

/**
 * Lambda begins with five concurrent batches. A function has fewer environments here, so more batches would only wait,
 * and would be smaller.
 */
const concurrencyByDefault = environmentsMax;
/** The default of Lambda. */
const functionTimeoutByDefault = 3;

const mappingProperties = z
  .strictObject({
    EventSourceArn: z.string(),
    FunctionName: z.string(),
    Enabled: z.boolean().default(true),
    BatchSize: z.coerce.number().int().min(1).max(10_000).default(10),
    MaximumBatchingWindowInSeconds: z.coerce.number().int().min(0).max(300).default(0),
    FunctionResponseTypes: z.array(z.literal("ReportBatchItemFailures")).default([]),
    FilterCriteria: filterCriteriaSchema,
    ScalingConfig: z
      .strictObject({ MaximumConcurrency: z.coerce.number().int().min(2).max(1000).optional() })
      .default({}),
    Tags: z.unknown().optional(),
  })
  .refine(({ BatchSize, MaximumBatchingWindowInSeconds: window }) => BatchSize <= 10 || window > 0, {
    path: ["BatchSize"],
    message:
      "Maximum batch window in seconds must be greater than 0 if maximum batch size is greater than 10",
  });

type Properties = z.infer<typeof mappingProperties>;

/** Gives batches to the function and deletes the messages that are done. */
const processor = (cloud: Cloud, resource: Resource, properties: Properties) => {
  const functionArn = mappedFunctionArn(cloud, properties.FunctionName);
  const passes = filterOf(resource, properties.FilterCriteria);
  const queue = queueSource(cloud, () => cloud.roleOf(functionArn), properties.EventSourceArn);
  const invoke = recordsInvoker(cloud, resource, functionArn);
  const reportsFailures = properties.FunctionResponseTypes.length > 0;

  const doneOf = async (records: readonly QueueRecord[]): Promise<readonly QueueRecord[]> => {
    const ids = records.map(({ messageId }) => messageId);
    const outcome = outcomeOf(await invoke(records), reportsFailures, ids);
    if (outcome.kind === "partial") return records.filter(({ messageId }) => !outcome.failed.has(messageId));
    return outcome.kind === "done" ? records : [];
  };

  return {
    queue,
    /** Throws if the queue's settings do not fit the function's settings. */
    check: () => queue.check(Number(cloud.find(functionArn)?.properties.Timeout ?? functionTimeoutByDefault)),
    process: async (records: readonly QueueRecord[]) => queue.remove(await doneOf(records)),
    /** The records that pass the filters. The other records are deleted without a call of the function. */
    filtered: async (records: readonly Weighed<QueueRecord>[]) => {
      const passing = records.filter(({ record }) => passes(filteredBy(record)));
      const others = records.filter((one) => !passing.includes(one));
      await queue.remove(others.map(({ record }) => record));
      return passing;
    },
  };
};

const mapping = (cloud: Cloud, resource: Resource): Mapping => {
  const properties = propertiesOf(resource, mappingProperties);
  const { queue, check, process, filtered } = processor(cloud, resource, properties);
  const limit = batchLimit<QueueRecord>(properties.BatchSize, recordsEvent);
  const concurrency = semaphore(properties.ScalingConfig.MaximumConcurrency ?? concurrencyByDefault);
  let isStopped = false;

  const problem = (fault: unknown) =>
    cloud.report({
      source: resource.id,
      level: "problem",
      message: `${properties.EventSourceArn}: ${fault}`,
    });

  /** Starts one batch after the other, each when a permit is free. */
  const begin = async (records: readonly Weighed<QueueRecord>[]) => {
    for (let waiting = records; waiting.length > 0 && !isStopped; ) {
      const batch = waiting.slice(0, limit.countOf(waiting));
      waiting = waiting.slice(batch.length);
      await concurrency.acquire();
      void process(batch.map(({ record }) => record))
        .catch(problem)
        .finally(concurrency.release);
    }
  };

  const poll = async () => {
    await concurrency.available();
    const windowMilliseconds = properties.MaximumBatchingWindowInSeconds * 1000;
    const records = await queue.gather({ max: properties.BatchSize, limit, windowMilliseconds });
    await begin(await filtered(records));
  };

  const run = async () => {
    for (let failures = 0; !isStopped; ) {
      try {
        await poll();
        failures = 0;
      } catch (fault) {
        problem(fault);
        const wait = backoffMilliseconds(failures++, 1000, 60_000);
        await new Promise<void>((resolve) => void cloud.clock.at(cloud.clock.now() + wait, resolve));
      }
    }
  };

  return {
    start: async () => {
      if (!properties.Enabled) return;
      await check();
      void run();
    },
    stop: () => {
      isStopped = true;
    },
  };
};

export const queueMappings: MakeProvider = mappingProvider(
  "queue",
  (cloud) => (resource) => mapping(cloud, resource),
);
