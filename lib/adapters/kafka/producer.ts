/**
 * An idempotent producer: Kafka does not store a message twice and keeps the order within a partition, because the
 * producer numbers its messages. After a failed request, it is unknown whether its numbers were used. The next
 * messages with the same numbers would count as repetitions and be dropped. So there is one request at a time, and
 * after a failed one a new producer starts with new numbers.
 */
import { CompressionTypes, type Kafka, type Message, Partitioners, type Producer } from "kafkajs";

/** Sends messages. */
export type IdempotentProducer = {
  /** Resolves once all in-sync replicas have the messages. After a fault, it is unknown which messages are stored. */
  readonly send: (topic: string, messages: readonly Message[]) => Promise<void>;
  readonly disconnect: () => Promise<void>;
};

const options = {
  idempotent: true,
  maxInFlightRequests: 1,
  allowAutoTopicCreation: false,
  createPartitioner: Partitioners.DefaultPartitioner,
};

/** A producer for a client. */
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

  /** Runs after all earlier calls have ended, whether they succeeded or failed. */
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
