/**
 * AWS::Lambda::EventSourceMapping of an SQS queue: gives the messages to the function, several batches at
 * once, and deletes what it has done. What failed comes again after the queue's visibility time-out.
 */
import * as z from "zod";
import { environmentsMax } from "../../lambda/settings.ts";
import { backoffMilliseconds } from "../../machine/random.ts";
import { propertiesOf } from "../../service/properties.ts";
import type { Cloud, MakeProvider, Resource } from "../../service/service.ts";
import { batchLimit, type Weighed } from "../batch-limit.ts";
import { refuseDuplicates } from "../duplicate-mappings.ts";
import { filterCriteriaSchema, filterOf } from "../filter.ts";
import { mappedFunctionArn, recordsEvent, recordsInvoker } from "../function.ts";
import { outcomeOf } from "../outcome.ts";
import { sourceKindOf } from "../source-kind.ts";
import { filteredBy, type QueueRecord } from "./queue-record.ts";
import { queueSource } from "./queue-source.ts";

/**
 * Lambda begins with five batches at once. More than a function here has environments would wait for them, small, while
 * those to come grow larger.
 */
const concurrencyByDefault = environmentsMax;
/** Lambda's own, where the function names none. */
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

/** At most `max` at once, for one who waits: `free` waits for a place, `enter` takes it, and `leave` frees it. */
const places = (max: number) => {
  let taken = 0;
  let freed = () => {};
  const free = async () => {
    if (taken === max) await new Promise<void>((resolve) => (freed = resolve));
  };
  return {
    free,
    enter: async () => {
      await free();
      taken += 1;
    },
    leave: () => {
      taken -= 1;
      freed();
    },
  };
};

const mapping = (cloud: Cloud, resource: Resource) => {
  const properties = propertiesOf(resource, mappingProperties);
  const functionArn = mappedFunctionArn(cloud, properties.FunctionName);
  const passes = filterOf(resource, properties.FilterCriteria);
  const queue = queueSource(cloud, () => cloud.roleOf(functionArn), properties.EventSourceArn);
  const invoke = recordsInvoker(cloud, resource, functionArn);
  const limit = batchLimit<QueueRecord>(properties.BatchSize, recordsEvent);
  const reportsFailures = properties.FunctionResponseTypes.length > 0;
  const concurrency = places(properties.ScalingConfig.MaximumConcurrency ?? concurrencyByDefault);
  let isStopped = false;

  const problem = (fault: unknown) =>
    cloud.report({
      source: resource.id,
      level: "problem",
      message: `${properties.EventSourceArn}: ${fault}`,
    });

  const doneOf = async (records: readonly QueueRecord[]): Promise<readonly QueueRecord[]> => {
    const ids = records.map(({ messageId }) => messageId);
    const outcome = outcomeOf(await invoke(records), reportsFailures, ids);
    if (outcome.kind === "partial") return records.filter(({ messageId }) => !outcome.failed.has(messageId));
    return outcome.kind === "done" ? records : [];
  };

  const work = async (records: readonly QueueRecord[]) => queue.remove(await doneOf(records));

  const gather = () =>
    queue.gather({
      max: properties.BatchSize,
      limit,
      windowMilliseconds: properties.MaximumBatchingWindowInSeconds * 1000,
    });

  /** The records that pass the filters. The others are deleted, and the function does not see them. */
  const filtered = async (records: readonly Weighed<QueueRecord>[]) => {
    const passing = records.filter(({ record }) => passes(filteredBy(record)));
    const others = records.filter((one) => !passing.includes(one));
    await queue.remove(others.map(({ record }) => record));
    return passing;
  };

  /** Begins the work on one batch after the other, each as soon as there is a place for it. */
  const begin = async (records: readonly Weighed<QueueRecord>[]) => {
    for (let waiting = records; waiting.length > 0 && !isStopped; ) {
      const batch = waiting.slice(0, limit.countOf(waiting));
      waiting = waiting.slice(batch.length);
      await concurrency.enter();
      void work(batch.map(({ record }) => record))
        .catch(problem)
        .finally(concurrency.leave);
    }
  };

  const run = async () => {
    for (let failures = 0; !isStopped; ) {
      try {
        await concurrency.free();
        await begin(await filtered(await gather()));
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
      const timeout = Number(cloud.find(functionArn)?.properties.Timeout ?? functionTimeoutByDefault);
      await queue.check(timeout);
      void run();
    },
    stop: () => {
      isStopped = true;
    },
  };
};

export const queueMappings: MakeProvider = (cloud, resources) => {
  const own = resources.filter((resource) => sourceKindOf(resource) === "queue");
  refuseDuplicates(cloud, own);
  const mappings = own.map((resource) => mapping(cloud, resource));
  return {
    start: async () => {
      for (const { start } of mappings) await start();
    },
    stop: () => {
      for (const { stop } of mappings) stop();
    },
  };
};
