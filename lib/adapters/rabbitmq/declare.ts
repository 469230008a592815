/** What an application needs in a broker, made before anybody publishes. What stands there already stays as it is. */
import type { Connection } from "rabbitmq-client";
import type { Topology } from "./topology.ts";

/** Throws where something of the same name stands there and is another thing. */
export const declare = async (
  connection: Connection,
  { exchanges, queues, queueBindings }: Topology,
): Promise<void> => {
  for (const exchange of exchanges) await connection.exchangeDeclare(exchange);
  for (const queue of queues) await connection.queueDeclare(queue);
  for (const binding of queueBindings) await connection.queueBind(binding);
};

/** Takes away what waits in the queues. */
export const purge = async (connection: Connection, { queues }: Topology): Promise<void> => {
  for (const { queue } of queues) await connection.queuePurge(queue);
};
