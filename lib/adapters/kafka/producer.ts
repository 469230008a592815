/**
 * A producer that Kafka itself keeps from storing a message twice, or two of a partition in another order: it
 * numbers what it sends. After a request that failed nobody knows whether its numbers are used up, and the next
 * messages under the same numbers would be taken for a repetition and dropped. So there is one request at a time,
 * and after one that failed another producer begins to count anew.
 */
import { CompressionTypes, type Kafka, type Message, Partitioners, type Producer } from "kafkajs";

export type IdempotentProducer = {
  /** Resolves once all replicas in sync have the messages. Which of them have them after a fault, nobody knows. */
  readonly send: (topic: string, messages: readonly Message[]) => Promise<void>;
  readonly disconnect: () => Promise<void>;
};

const options = {
  idempotent: true,
  maxInFlightRequests: 1,
  allowAutoTopicCreation: false,
  createPartitioner: Partitioners.DefaultPartitioner,
};

export const idempotentProducer = (kafka: Pick<Kafka, "producer">): IdempotentProducer => {
  let current: Producer | undefined;
  let last: Promise<unknown> = Promise.resolve();

  const disconnect = async () => {
    const producer = current;
    current = undefined;
    await producer?.disconnect();
  };

  const sendNext = async (topic: string, messages: readonly Message[]) => {
    try {
      if (!current) {
        current = kafka.producer(options);
        await current.connect();
      }
      await current.send({ topic, messages: [...messages], acks: -1, compression: CompressionTypes.GZIP });
    } catch (error) {
      await disconnect().catch(() => {});
      throw error;
    }
  };

  /** After all that was asked for before, however that ended. */
  const inTurn = <T>(work: () => Promise<T>): Promise<T> => {
    const turn = last.then(work, work);
    last = turn.catch(() => {});
    return turn;
  };

  return {
    send: (topic, messages) => inTurn(() => sendNext(topic, messages)),
    disconnect: () => inTurn(disconnect),
  };
};
