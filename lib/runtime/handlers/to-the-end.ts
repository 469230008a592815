/**
 * Handles a whole batch within one invocation, for brokers that redeliver either a whole batch or nothing.
 *
 * - An unreadable message is given up at once and does not block other messages.
 * - If the handler throws, every delivery of the batch has failed.
 * - A failed delivery is retried with growing delays. The later deliveries of its sequence are retried with it, so
 *   they keep their order.
 * - A delivery that is dead, or that still fails after the last attempt, is given up.
 * - A delivery that waits for newer code is not given up. After the last attempt the whole batch is redelivered, and
 *   newer code may receive it.
 */
import { deadBecause } from "../../model/delivery/dead-because.ts";
import { fromFailuresOn, usualAttempts, waitMilliseconds } from "../../model/delivery/patience.ts";
import type { Random, Sleep } from "../../ports/clock.ts";
import {
  type Delivery,
  type ForeignDelivery,
  type GivenUp,
  type Handle,
  type HandleToTheEnd,
  type NotDone,
  retry,
  type Unread,
} from "../../ports/delivery.ts";

type Patience = {
  /** How many times a delivery is attempted before it is given up. Defaults to `usualAttempts`. */
  readonly attempts?: number;
  readonly sleep: Sleep;
  readonly random: Random;
};

/** Events of another system have the order that their bus reports. Without one, each event is its own sequence. */
const streamOf = (delivery: Delivery | ForeignDelivery): string => {
  if (!("kind" in delivery)) return delivery.sequence ?? delivery.id;
  return delivery.kind === "event" ? delivery.event.metadata.streamId : delivery.id;
};

type Waiting<Each> = { readonly delivery: Each; readonly stream: string };

const waitingOf = <Each extends Delivery | ForeignDelivery>(
  deliveries: readonly Each[],
): readonly Waiting<Each>[] => deliveries.map((delivery) => ({ delivery, stream: streamOf(delivery) }));

/** The deliveries that the handler wants, in order. */
const readAll = async <Each>(
  messages: readonly Unread<Each>[],
  giveUp: (message: GivenUp) => Promise<void>,
): Promise<readonly Each[]> => {
  const deliveries: Each[] = [];
  for (const { id, read } of messages)
    try {
      const delivery = read();
      if (delivery) deliveries.push(delivery);
    } catch (error) {
      await giveUp({ id, because: deadBecause("unreadable", error), attempts: 0 });
    }
  return deliveries;
};

export const toTheEnd =
  <Each extends Delivery | ForeignDelivery>(
    handle: Handle<Each>,
    { attempts = usualAttempts, sleep, random }: Patience,
  ): HandleToTheEnd<Each> =>
  async (messages, giveUp) => {
    let left = waitingOf(await readAll(messages, giveUp));
    for (let attempt = 1; left.length > 0; attempt += 1) {
      const batch = left.map(({ delivery }) => ({
        ...delivery,
        receiveCount: delivery.receiveCount + attempt - 1,
        blocksOthers: true as const,
      }));
      let because = `failed ${attempts} times`;
      const notDone = await handle(batch).catch((error: unknown): readonly NotDone[] => {
        because = `${error}`;
        return batch.map(({ id }) => retry(id));
      });
      const outcomes = new Map(notDone.map((each) => [each.id, each] as const));
      const waits = notDone.find((each) => each.kind === "wait");
      if (waits && attempt === attempts) throw new Error(waits.because);
      for (const { delivery } of left) {
        const outcome = outcomes.get(delivery.id);
        if (outcome?.kind === "dead")
          await giveUp({ id: outcome.id, because: outcome.because, attempts: attempt });
        if (outcome?.kind === "retry" && attempt === attempts)
          await giveUp({ id: outcome.id, because, attempts });
      }
      const isDead = ({ id }: Pick<Each, "id">) => outcomes.get(id)?.kind === "dead";
      const hasFailed = ({ id }: Each) => outcomes.has(id) && !isDead({ id });
      left = fromFailuresOn(
        left.filter(({ delivery }) => !isDead(delivery)),
        ({ delivery }) => hasFailed(delivery),
      );
      if (attempt === attempts || left.length === 0) return;
      await sleep(waitMilliseconds(attempt, random()));
    }
  };
