/**
 * Hands messages to whoever handles their events. What fails is tried again after waits that grow, together with
 * the later events of its stream, so that these stay in order; what still fails, and what nobody can read, is put
 * to the dead letters with the reason. Once this resolves, the messages may be acknowledged.
 */
import { fromCloudEvent } from "../../model/cloud-event.ts";
import type { Random, Sleep } from "../../ports/clock.ts";
import type { Delivery, Handle } from "../../ports/delivery.ts";
import type { Log } from "../../ports/log.ts";
import type { DeadLetters } from "./dead-letters.ts";
import { cloudEventIn, type Message } from "./message.ts";

export type DeliverPorts = {
  readonly deadLetters: DeadLetters;
  readonly sleep: Sleep;
  readonly random: Random;
  readonly log: Log;
};

export type Incoming = {
  readonly id: string;
  readonly queue: string;
  readonly receiveCount: number;
  readonly message: Message;
};

type EventDelivery = Extract<Delivery, { kind: "event" }>;
type Readable = { readonly incoming: Incoming; readonly delivery: EventDelivery };
type Failure = Readable & { readonly because: string };

/** The waits between add up to more than the lease of an effect that died: 1 2 4 8 16 20 20 seconds. */
const attemptsMax = 8;
const waitSecondsMax = 20;

/** Never less than the wait itself. */
const waitMilliseconds = (attempt: number, random: Random): number =>
  Math.min(2 ** (attempt - 1), waitSecondsMax) * (1 + random() / 4) * 1000;

/** Throws, saying what is wrong, on a message that holds no event of ours. */
const read = ({ id, receiveCount, message }: Incoming): EventDelivery => ({
  id,
  receiveCount,
  kind: "event",
  event: fromCloudEvent(cloudEventIn(message)),
});

const streamOf = ({ delivery }: Readable): string => delivery.event.metadata.streamId;

/** Those that failed, and what follows them in their streams. */
const fromFailuresOn = (all: readonly Readable[], failed: readonly Readable[]): readonly Readable[] => {
  const ids = new Set(failed.map(({ delivery }) => delivery.id));
  const streams = new Set<string>();
  return all.filter((each) => {
    if (ids.has(each.delivery.id)) streams.add(streamOf(each));
    return streams.has(streamOf(each));
  });
};

export const deliverer = (handle: Handle, { deadLetters, sleep, random, log }: DeliverPorts) => {
  const bury = async ({ queue, message }: Incoming, because: string) => {
    await deadLetters.keep(queue, message, because);
    log.count("DeliveryFailing");
    log.write({ kind: "problem", message: `${queue} put a message to its dead letters: ${because}` });
  };

  const attempt = async (all: readonly Readable[], count: number): Promise<readonly Failure[]> => {
    const deliveries = all.map(({ delivery }) => ({
      ...delivery,
      receiveCount: delivery.receiveCount + count - 1,
    }));
    try {
      const again = new Set(await handle(deliveries));
      const because = `failed ${attemptsMax} times`;
      return all.filter(({ delivery }) => again.has(delivery.id)).map((each) => ({ ...each, because }));
    } catch (error) {
      return all.map((each) => ({ ...each, because: `${error}` }));
    }
  };

  const attemptAll = async (all: readonly Readable[], count = 1): Promise<readonly Failure[]> => {
    const failures = await attempt(all, count);
    if (failures.length === 0 || count === attemptsMax) return failures;
    await sleep(waitMilliseconds(count, random));
    return attemptAll(fromFailuresOn(all, failures), count + 1);
  };

  const readOrBury = async (incoming: Incoming): Promise<readonly Readable[]> => {
    try {
      return [{ incoming, delivery: read(incoming) }];
    } catch (error) {
      await bury(incoming, `unreadable: ${error}`);
      return [];
    }
  };

  return async (all: readonly Incoming[]): Promise<void> => {
    const readable = (await Promise.all(all.map(readOrBury))).flat();
    if (readable.length === 0) return;
    for (const { incoming, because } of await attemptAll(readable)) await bury(incoming, because);
  };
};
