/**
 * Declares the exchanges and queues of an application before the first event is published. Existing ones do not
 * change.
 */
import type { Connection } from "rabbitmq-client";
import type { Topology } from "./topology.ts";

/** Throws if something with the same name exists and has different properties. */
export const declare = async (
  connection: Connection,
  { exchanges, queues, queueBindings }: Topology,
): Promise<void> => {
  for (const exchange of exchanges) await connection.exchangeDeclare(exchange);
  for (const queue of queues) await connection.queueDeclare(queue);
  for (const binding of queueBindings) await connection.queueBind(binding);
};

/** Deletes the messages in the queues. */
export const purge = async (connection: Connection, { queues }: Topology): Promise<void> => {
  for (const { queue } of queues) await connection.queuePurge(queue);
};
