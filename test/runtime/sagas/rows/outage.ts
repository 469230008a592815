/** Plays an outage of hours for one instance: deliveries that fail come again, and deadlines are delivered when due. */
import type { Delivery } from "../../../../lib/ports/delivery.ts";
import type { rowWorld } from "./row-world.ts";

/** The longest time between two attempts of a queue. */
const againSeconds = 300;

type Waiting = { readonly delivery: Delivery; readonly at: number };

/** The deliveries to the function, and the most deadlines that waited or were retried at the same time. */
export type Played = { deadlines: number; invocations: number; most: number };

type World = Awaited<ReturnType<typeof rowWorld>>;

/** Deliveries that are retried, beside the deadlines of a world. */
const queueOf = (world: World, first: readonly Delivery[]) => {
  const { seconds, wait, take, firstDue, names } = world;
  let waiting: readonly Waiting[] = first.map((delivery) => ({ delivery, at: seconds() }));
  return {
    /** Takes the delivery that is due first, and moves the clock to its time. */
    next: (untilSeconds: number): Delivery | undefined => {
      const [retried] = waiting.toSorted((one, other) => one.at - other.at);
      const [at = Number.POSITIVE_INFINITY, due = Number.POSITIVE_INFINITY] = [retried?.at, firstDue()];
      if (Math.min(at, due) > untilSeconds) return undefined;
      if (due <= at) return take();
      waiting = waiting.filter((each) => each !== retried);
      wait(Math.max(0, at - seconds()));
      return retried?.delivery;
    },
    again: (delivery: Delivery) => {
      const next = { ...delivery, receiveCount: delivery.receiveCount + 1 };
      waiting = [...waiting, { delivery: next, at: seconds() + againSeconds }];
    },
    deadlines: () => names().length + waiting.filter(({ delivery: { kind } }) => kind === "deadline").length,
  };
};

/** Delivers `first` at once, and then whatever is due by this time. */
export const play = async (
  world: World,
  first: readonly Delivery[],
  outageSeconds: number,
): Promise<Played> => {
  const queue = queueOf(world, first);
  const played: Played = { deadlines: 0, invocations: 0, most: 0 };
  for (let delivery = queue.next(outageSeconds); delivery; delivery = queue.next(outageSeconds)) {
    played.invocations += 1;
    if (delivery.kind === "deadline") played.deadlines += 1;
    if ((await world.react([delivery])).length > 0) queue.again(delivery);
    played.most = Math.max(played.most, queue.deadlines());
  }
  world.repair();
  for (let delivery = queue.next(Infinity); delivery; delivery = queue.next(Infinity))
    if ((await world.react([delivery])).length > 0) queue.again(delivery);
  return played;
};
