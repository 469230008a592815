/**
 * AWS refuses a second mapping of the same source and function (localstack/localstack, recorded on AWS:
 * test_lambda_integration_dynamodbstreams, test_duplicate_event_source_mappings; test_lambda_integration_sqs has the
 * other wording).
 */
import { type Cloud, type Resource, ServiceError } from "../service/service.ts";
import { mappedFunctionArn } from "./function.ts";
import { sourceKindOf } from "./source-kind.ts";

const functionNameOf = (cloud: Cloud, { properties }: Resource) =>
  mappedFunctionArn(cloud, String(properties.FunctionName)).split(":function:")[1] ?? "";

/** A mapping of a broker reads one topic or one queue of the broker. */
const sourceOf = ({ properties }: Resource) => {
  const { EventSourceArn, SelfManagedEventSource, Topics, Queues } = properties;
  return JSON.stringify([EventSourceArn, SelfManagedEventSource, Topics, Queues]);
};

const messageOf = (first: Resource, functionName: string): string => {
  const { EventSourceArn: arn = "self-managed" } = first.properties;
  return sourceKindOf(first) === "queue"
    ? `An event source mapping with SQS arn (" ${arn} ") and function (" ${functionName} ") already exists. Please update or delete the existing mapping with UUID ${first.name}`
    : `The event source arn (" ${arn} ") and function (" ${functionName} ") provided mapping already exists. Please update or delete the existing mapping with UUID ${first.name}`;
};

/** Throws an error that names both if two of these mappings have the same source and function. */
export const refuseDuplicates = (cloud: Cloud, mappings: readonly Resource[]): void => {
  const seen = new Map<string, Resource>();
  for (const resource of mappings) {
    const functionName = functionNameOf(cloud, resource);
    const key = `${functionName} ${sourceOf(resource)}`;
    const first = seen.get(key);
    if (first)
      throw new ServiceError(
        "ResourceConflictException",
        `${resource.id} (${resource.type}), beside ${first.id}: ${messageOf(first, functionName)}`,
        409,
      );
    seen.set(key, resource);
  }
};
