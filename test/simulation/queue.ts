/**
 * A queue with one consumer: at-least-once delivery, in any order, in batches, with redelivery if the consumer asks for
 * it.
 */
import type { Delivery } from "./delivery.ts";
import type { Timeline } from "./timeline.ts";

export type Received<Message> = {
  readonly id: string;
  readonly receiveCount: number;
  readonly message: Message;
};

/** Returns the ids of the messages to redeliver. If it throws, all are redelivered. */
export type Consume<Message> = (
  batch: readonly Received<Message>[],
  tries: number,
) => Promise<readonly string[]>;

const batchMax = 3;
const delayMilliseconds = { least: 20, most: 200 };
/** The maximum delay between two retries of a state machine. */
const againMillisecondsMax = 900_000;

export const queue = <Message>(
  time: Timeline,
  { copies, shuffled }: Delivery,
  consume: Consume<Message>,
): ((message: Message) => void) => {
  const arrived: Received<Message>[] = [];
  let sent = 0;

  const delay = () =>
    shuffled ? delayMilliseconds.least + time.below(delayMilliseconds.most - delayMilliseconds.least) : 0;

  const arrive = (received: Received<Message>, milliseconds: number) =>
    void time.at(time.now() + milliseconds, () => {
      arrived.push(received);
      time.at(time.now() + delay(), () => void receive());
    });

  const receive = async () => {
    const size = shuffled ? 1 + time.below(batchMax) : 1;
    const batch = arrived.splice(0, size);
    if (batch.length === 0) return;
    const tries = Math.max(...batch.map(({ receiveCount }) => receiveCount));
    const again = await consume(batch, tries).catch(() => batch.map(({ id }) => id));
    for (const received of batch.filter(({ id }) => again.includes(id))) {
      const receiveCount = received.receiveCount + 1;
      arrive({ ...received, receiveCount }, Math.min(againMillisecondsMax, 50 * 2 ** receiveCount));
    }
  };

  return (message) => {
    for (let copy = 0; copy < copies; copy += 1) {
      sent += 1;
      arrive({ id: `${sent}`, receiveCount: 1, message }, delay());
    }
  };
};
