/** A producer that stores the messages it gets, by topic. */
import type { Message } from "kafkajs";
import type { IdempotentProducer } from "../../../lib/adapters/kafka/producer.ts";

export type Sent = { readonly topic: string; readonly messages: readonly Message[] };

/** `fault` decides what happens to a request instead. */
export const memoryProducer = (
  fault: (sent: Sent) => Error | undefined = () => undefined,
): IdempotentProducer & { readonly requests: readonly Sent[] } => {
  const requests: Sent[] = [];
  return {
    requests,
    send: async (topic, messages) => {
      const error = fault({ topic, messages });
      if (error) throw error;
      requests.push({ topic, messages });
    },
    disconnect: async () => {},
  };
};

/** An error as a broker refuses a request, after all retries of the client. */
export const refusal = (type: string): Error => {
  const cause = Object.assign(new Error(`the broker says ${type}`), { name: "KafkaJSProtocolError", type });
  return Object.assign(new Error(cause.message, { cause }), { name: "KafkaJSNumberOfRetriesExceeded" });
};

export const unreachable = (): Error =>
  Object.assign(new Error("connect ECONNREFUSED"), { name: "KafkaJSConnectionError" });
