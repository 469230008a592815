/** The queues of the template, each with its dead-letter queue. */
import { propertiesOf } from "../service/properties.ts";
import type { Cloud, Resource } from "../service/service.ts";
import type { Message } from "./message.ts";
import { type Queue, queue } from "./queue.ts";
import * as request from "./requests.ts";

export type RunningQueue = {
  readonly resource: Resource;
  readonly properties: request.QueueProperties;
  readonly queue: Queue;
};

/** The name in the URL or the ARN of a queue. */
export const nameIn = (urlOrArn: string): string => urlOrArn.split(/[/:]/).at(-1) ?? "";

export const runQueues = (cloud: Cloud, resources: readonly Resource[]): Map<string, RunningQueue> => {
  const queues = new Map<string, RunningQueue>();

  const redriveOf = (
    { id, arn }: Resource,
    policy: NonNullable<request.QueueProperties["RedrivePolicy"]>,
  ) => ({
    receiveCountMax: policy.maxReceiveCount,
    take: (messageId: string, message: Message) => {
      const target = queues.get(nameIn(policy.deadLetterTargetArn));
      target?.queue.put(messageId, { ...message, visibleFrom: cloud.clock.now(), deadLetterOf: arn });
      cloud.report({
        source: id,
        level: "problem",
        message: `message ${messageId} was moved to the dead-letter queue`,
      });
    },
  });

  for (const resource of resources) {
    const properties = propertiesOf(resource, request.queueProperties);
    const { RedrivePolicy, MessageRetentionPeriod } = properties;
    const settings = {
      name: resource.name,
      retentionSeconds: MessageRetentionPeriod,
      ...(RedrivePolicy && { redrive: redriveOf(resource, RedrivePolicy) }),
    };
    queues.set(resource.name, { resource, properties, queue: queue(cloud.clock, cloud.journal, settings) });
  }

  for (const { resource, properties } of queues.values()) {
    const target = properties.RedrivePolicy?.deadLetterTargetArn;
    if (target !== undefined && !queues.has(nameIn(target)))
      throw new Error(
        `${resource.id}: property RedrivePolicy.deadLetterTargetArn = ${target}: there is no such queue`,
      );
  }
  return queues;
};
