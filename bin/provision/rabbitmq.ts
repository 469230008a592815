/** Declares the exchanges and queues in RabbitMQ. */
import { memoryLog } from "../../lib/adapters/memory/log.ts";
import { rabbitMqConnection } from "../../lib/adapters/rabbitmq/client.ts";
import { declare, purge } from "../../lib/adapters/rabbitmq/declare.ts";
import { brokerUrl } from "../../lib/adapters/rabbitmq/settings.ts";
import type { ProvisionOptions } from "./options.ts";
import { type Template, topologyIn } from "./template.ts";

export const inRabbitMq = async (
  template: Template,
  { emptied }: ProvisionOptions,
): Promise<readonly string[]> => {
  const connection = rabbitMqConnection(brokerUrl(), memoryLog());
  try {
    await connection.onConnect(5000, true);
    const topology = topologyIn(template);
    await declare(connection, topology);
    if (emptied) await purge(connection, topology);
    return topology.queues.map(({ queue }) => String(queue));
  } finally {
    await connection.close();
  }
};
