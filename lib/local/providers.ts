/**
 * The provider of each resource type. Providers start in this order and stop in the reverse order: callers of functions
 * stop before the functions, and the tables stop last.
 */
import type { ProviderName } from "./cloudformation/resource-type.ts";
import { resourceTypes } from "./cloudformation/resource-types.ts";
import { eventBuses } from "./events/event-bus.ts";
import { queueMappings } from "./mapping/queues/queue-mapping.ts";
import { streamMappings } from "./mapping/streams/stream-mapping.ts";
import { buckets } from "./s3/s3.ts";
import { scheduler } from "./scheduler/scheduler.ts";
import type { Cloud, MakeProvider, Provider, Resource } from "./service/service.ts";
import { mail } from "./ses/ses.ts";
import { sqs } from "./sqs/sqs.ts";
import { stateMachines } from "./states/step-functions.ts";

type Row = readonly [provider: ProviderName, makeProvider: MakeProvider];

const before: readonly Row[] = [
  ["queues", sqs],
  ["buckets", buckets],
  ["mail", mail],
  ["eventBuses", eventBuses],
  ["schedules", scheduler],
];

const after: readonly Row[] = [
  ["stateMachines", stateMachines],
  ["mappings", streamMappings],
  ["mappings", queueMappings],
];

/** These providers need more than the cloud, so the caller prepares them. */
type GivenProviders = Readonly<Record<"tables" | "functions" | "kafkaMappings" | "mqMappings", MakeProvider>>;

const isRunBy = (provider: ProviderName) => (resource: Resource) => {
  const type = resourceTypes[resource.type];
  return (
    resource.notRun === undefined && type !== undefined && "provider" in type && type.provider === provider
  );
};

export const makeProviders = (
  cloud: Cloud,
  resources: readonly Resource[],
  given: GivenProviders,
): readonly Provider[] => {
  const rows: readonly Row[] = [
    ["tables", given.tables],
    ...before,
    ["functions", given.functions],
    ...after,
    ["mappings", given.kafkaMappings],
    ["mappings", given.mqMappings],
  ];
  return rows.map(([provider, makeProvider]) => makeProvider(cloud, resources.filter(isRunBy(provider))));
};
