/**
 * A connection whose publisher stores the messages it gets. As in the client, a refused message closes the channel.
 */
import { EventEmitter } from "node:events";
import { AMQPError, type Connection, type Envelope, type Publisher } from "rabbitmq-client";

export type Sent = { readonly envelope: Envelope; readonly body: unknown };

/** The error that the client throws. */
export const amqpError = (code: string, message: string): AMQPError =>
  Object.assign(new AMQPError(), { code, message });

type OnItsWay = { readonly sent: Sent; readonly settle: (error?: Error) => void };

/** `refuse` returns the reason if the broker refuses a message permanently, otherwise undefined. */
export const memoryConnection = (refuse: (sent: Sent) => Error | undefined = () => undefined) => {
  const taken: Sent[] = [];
  let onItsWay: OnItsWay[] = [];

  /** All messages in flight use one channel. */
  const look = () => {
    const all = onItsWay;
    onItsWay = [];
    const error = all.map(({ sent }) => refuse(sent)).find((each) => each !== undefined);
    const bad = all.findIndex(({ sent }) => refuse(sent));
    for (const [index, { sent, settle }] of all.entries()) {
      const isTaken = bad === -1 || index < bad;
      if (isTaken) taken.push(sent);
      if (bad === -1) settle();
      else settle(index === 0 ? error : amqpError("CH_CLOSE", "channel is closed"));
    }
  };

  const send: Publisher["send"] = (envelope, body) =>
    new Promise((resolve, reject) => {
      if (onItsWay.length === 0) setImmediate(look);
      const sent = { envelope: typeof envelope === "string" ? { routingKey: envelope } : envelope, body };
      onItsWay.push({ sent, settle: (error) => (error ? reject(error) : resolve()) });
    });

  const connection: Pick<Connection, "createPublisher"> = {
    createPublisher: () => Object.assign(new EventEmitter(), { send, close: async () => {} }),
  };
  return { connection, taken };
};
