/**
 * One connection per container or process. It is made in the background, and again whenever it is lost, after waits
 * that grow; whoever needs it meanwhile waits a few seconds for it, then fails.
 */
import { Connection } from "rabbitmq-client";
import type { Log } from "../../ports/log.ts";

export const rabbitMqConnection = (url: string, log: Log): Connection => {
  const connection = new Connection({
    url,
    acquireTimeout: 5000,
    connectionTimeout: 3000,
    heartbeat: 20,
    retryLow: 100,
    retryHigh: 5000,
    noDelay: true,
    // The headers of a message have to fit into one frame.
    frameMax: 128 * 1024,
  });
  connection.on("error", (error) =>
    log.write({ kind: "problem", message: `the connection to RabbitMQ is lost: ${error}`, error }),
  );
  return connection;
};
