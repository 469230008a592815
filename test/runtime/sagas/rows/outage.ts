/**
 * Plays an outage of hours for one instance: deliveries that fail come again, deadlines are delivered when due, and
 * inspections continue the instance while it is stuck.
 */
import { memoryLog } from "../../../../lib/adapters/memory/log.ts";
import { again } from "../../../../lib/ports/deadlines.ts";
import type { Delivery } from "../../../../lib/ports/delivery.ts";
import { inspector } from "../../../../lib/runtime/sagas/inspect.ts";
import type { rowWorld } from "./row-world.ts";

/** The longest time between two attempts of a queue. The time begins with a second and doubles with each attempt. */
const againSecondsMax = 300;

/** The time between two inspections. */
export const inspectionSeconds = 300;

type Waiting = { readonly delivery: Delivery; readonly at: number };

/**
 * The deliveries to the function, the messages of each inspection, and the most deadlines and messages that waited or were
 * retried at the same time.
 */
export type Played = { deadlines: number; invocations: number; most: number; readonly continued: number[] };

type World = Awaited<ReturnType<typeof rowWorld>>;

/** Deliveries that are retried, beside the deadlines of a world. */
const queueOf = (world: World, first: readonly Delivery[]) => {
  const { seconds, wait, take, firstDue, names } = world;
  let waiting: readonly Waiting[] = first.map((delivery) => ({ delivery, at: seconds() }));
  const waitUntil = (at: number) => wait(Math.max(0, at - seconds()));
  return {
    /** Takes the delivery that is due first, and moves the clock to its time. */
    next: (untilSeconds: number): Delivery | undefined => {
      const [retried] = waiting.toSorted((one, other) => one.at - other.at);
      const [at = Number.POSITIVE_INFINITY, due = Number.POSITIVE_INFINITY] = [retried?.at, firstDue()];
      if (Math.min(at, due) > untilSeconds) return undefined;
      if (due <= at) return take();
      waiting = waiting.filter((each) => each !== retried);
      waitUntil(at);
      return retried?.delivery;
    },
    again: (delivery: Delivery) => {
      const next = { ...delivery, receiveCount: delivery.receiveCount + 1 };
      const seconds = Math.min(2 ** (delivery.receiveCount - 1), againSecondsMax);
      waiting = [...waiting, { delivery: next, at: world.seconds() + seconds }];
    },
    send: (deliveries: readonly Delivery[]) => {
      waiting = [...waiting, ...deliveries.map((delivery) => ({ delivery, at: seconds() }))];
    },
    waitUntil,
    deadlines: () => names().length + waiting.filter(({ delivery: { kind } }) => kind === "deadline").length,
  };
};

/** The messages with which an inspection continues the instance at this time. */
const inspected = async ({ saga, instances, clock, seconds }: World): Promise<readonly Delivery[]> => {
  const messages: Delivery[] = [];
  const continueSaga = async (_: string, sagaId: string) => {
    const id = `inspection ${seconds()} ${messages.length}`;
    messages.push({ id, receiveCount: 1, kind: "deadline", sagaId, task: again });
  };
  const ports = { instances, isChoreographed: () => true, continueSaga, log: memoryLog() };
  await inspector({ sagas: [saga] }, ports)(clock());
  return messages;
};

/** Delivers `first` at once, and then whatever is due by this time. One more inspection follows the outage. */
export const play = async (
  world: World,
  first: readonly Delivery[],
  outageSeconds: number,
): Promise<Played> => {
  const queue = queueOf(world, first);
  const played: Played = { deadlines: 0, invocations: 0, most: 0, continued: [] };
  const deliver = async (untilSeconds: number) => {
    for (let delivery = queue.next(untilSeconds); delivery; delivery = queue.next(untilSeconds)) {
      played.invocations += 1;
      if (delivery.kind === "deadline") played.deadlines += 1;
      if ((await world.react([delivery])).length > 0) queue.again(delivery);
      played.most = Math.max(played.most, queue.deadlines());
    }
  };
  const inspect = async () => {
    const messages = await inspected(world);
    played.continued.push(messages.length);
    queue.send(messages);
  };
  for (let at = inspectionSeconds; at <= outageSeconds; at += inspectionSeconds) {
    await deliver(at);
    queue.waitUntil(at);
    await inspect();
  }
  world.repair();
  await inspect();
  await deliver(Number.POSITIVE_INFINITY);
  return played;
};
