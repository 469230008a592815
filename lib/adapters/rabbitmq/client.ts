/**
 * One connection per container or process. It connects in the background, and reconnects after growing delays
 * whenever the connection is lost. A caller that needs it in the meantime waits for 5 seconds, then fails.
 */
import { Connection } from "rabbitmq-client";
import type { Log } from "../../ports/log.ts";

/** A connection to the broker. */
export const rabbitMqConnection = (url: string, log: Log): Connection => {
  const connection = new Connection({
    url,
    acquireTimeout: 5000,
    connectionTimeout: 3000,
    heartbeat: 20,
    retryLow: 100,
    retryHigh: 5000,
    noDelay: true,
    // The headers of a message must fit into one frame.
    frameMax: 128 * 1024,
  });
  connection.on("error", (error) =>
    log.write({ kind: "problem", message: `lost the connection to RabbitMQ: ${error}`, error }),
  );
  return connection;
};
