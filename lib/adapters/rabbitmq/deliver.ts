/**
 * Hands messages to whoever handles their events. What fails is tried again after waits that grow, together with
 * the later events of its stream, so that these stay in order; what still fails, and what nobody can read, is put
 * to the dead letters with the reason. Once this resolves, the messages may be acknowledged.
 */
import { fromCloudEvent } from "../../model/cloud-event.ts";
import { toForeignEvent } from "../../model/foreign-event.ts";
import { fromFailuresOn, usualAttempts, waitMilliseconds } from "../../model/patience.ts";
import type { Random, Sleep } from "../../ports/clock.ts";
import type { Delivery, ForeignDelivery, Handle, Intake } from "../../ports/delivery.ts";
import type { Log } from "../../ports/log.ts";
import type { DeadLetters } from "./dead-letters.ts";
import { cloudEventIn, type Message } from "./message.ts";

export type DeliverPorts = {
  readonly deadLetters: DeadLetters;
  /** How often an event is tried before it is a dead letter; as usual, unless said. */
  readonly attempts?: number;
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

/** A message as a delivery, and the stream of others that it must not overtake. */
type Readable<Each> = { readonly incoming: Incoming; readonly stream: string; readonly delivery: Each };
type Failure<Each> = Readable<Each> & { readonly because: string };

/** Throws, saying what is wrong, on a message that nobody can read. */
type Read<Each> = (incoming: Incoming) => Readable<Each>;

const ofOurs: Read<Delivery> = (incoming) => {
  const { id, receiveCount, message } = incoming;
  const event = fromCloudEvent(cloudEventIn(message));
  const { streamId: stream } = event.metadata;
  return { incoming, stream, delivery: { id, receiveCount, kind: "event", event } };
};

/** Another system may well have streams, but none that we know: each event stands for itself. */
const ofOthers =
  (check: Intake["check"]): Read<ForeignDelivery> =>
  (incoming) => {
    const { id, receiveCount, message } = incoming;
    const event = toForeignEvent(cloudEventIn(message));
    check(event);
    return { incoming, stream: id, delivery: { id, receiveCount, event } };
  };

/** Resolves once each message is handled or a dead letter; where it throws, all of them have to come again. */
export type Deliver = (all: readonly Incoming[]) => Promise<void>;

const delivering = <Each extends Pick<Delivery, "id" | "receiveCount">>(
  read: Read<Each>,
  handle: Handle<Each>,
  { deadLetters, attempts = usualAttempts, sleep, random, log }: DeliverPorts,
): Deliver => {
  const bury = async ({ queue, message }: Incoming, because: string) => {
    await deadLetters.keep(queue, message, because);
    log.count("DeliveryFailing");
    log.write({ kind: "problem", message: `${queue} put a message to its dead letters: ${because}` });
  };

  const attempt = async (
    all: readonly Readable<Each>[],
    count: number,
  ): Promise<readonly Failure<Each>[]> => {
    const deliveries = all.map(({ delivery }) => ({
      ...delivery,
      receiveCount: delivery.receiveCount + count - 1,
    }));
    try {
      const again = new Set(await handle(deliveries));
      const because = `failed ${attempts} times`;
      return all.filter(({ incoming }) => again.has(incoming.id)).map((each) => ({ ...each, because }));
    } catch (error) {
      return all.map((each) => ({ ...each, because: `${error}` }));
    }
  };

  const attemptAll = async (all: readonly Readable<Each>[], count = 1): Promise<readonly Failure<Each>[]> => {
    const failures = await attempt(all, count);
    if (failures.length === 0 || count === attempts) return failures;
    await sleep(waitMilliseconds(count, random()));
    const ids = new Set(failures.map(({ incoming }) => incoming.id));
    return attemptAll(
      fromFailuresOn(all, ({ incoming }) => ids.has(incoming.id)),
      count + 1,
    );
  };

  const readOrBury = async (incoming: Incoming): Promise<readonly Readable<Each>[]> => {
    try {
      return [read(incoming)];
    } catch (error) {
      await bury(incoming, `unreadable: ${error}`);
      return [];
    }
  };

  return async (all) => {
    const readable = (await Promise.all(all.map(readOrBury))).flat();
    if (readable.length === 0) return;
    for (const { incoming, because } of await attemptAll(readable)) await bury(incoming, because);
  };
};

export const deliverer = (handle: Handle, ports: DeliverPorts): Deliver => delivering(ofOurs, handle, ports);

/** The same for events of another system. */
export const foreignDeliverer = ({ check, handle }: Intake, ports: DeliverPorts): Deliver =>
  delivering(ofOthers(check), handle, ports);
