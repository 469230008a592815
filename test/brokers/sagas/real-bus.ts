/** A real bus within a simulation: the simulated time does not pass while a message is on its way. */
import { setImmediate, setTimeout } from "node:timers/promises";
import type { Interest } from "../../../lib/model/delivery/interest.ts";
import type { RecordedEvent } from "../../../lib/model/message.ts";
import type { Bus } from "../../../lib/ports/bus.ts";
import type { Delivery, HandleToTheEnd } from "../../../lib/ports/delivery.ts";
import { toTheEnd } from "../../../lib/runtime/handlers/to-the-end.ts";
import type { OtherBus } from "../../simulation/between.ts";
import type { Subscriber } from "../../simulation/simulated-bus.ts";
import type { Timeline } from "../../simulation/timeline.ts";

export type Consumer = {
  readonly name: string;
  readonly interest: Interest;
  readonly handle: HandleToTheEnd;
};

/** Starts the consumers on a broker, and returns its bus. */
export type Attach = (consumers: readonly Consumer[]) => Promise<Bus>;

/** Work that takes real time. */
const counter = () => {
  let underWay = 0;
  const during = async <Value>(work: () => Promise<Value>): Promise<Value> => {
    underWay += 1;
    try {
      return await work();
    } finally {
      underWay -= 1;
    }
  };
  return { during, isIdle: () => underWay === 0 };
};

/** Follows what a subscriber gets. While it handles messages, the others may wait in its partition. */
const followed = (subscriber: Subscriber, time: Timeline, writing: ReturnType<typeof counter>) => {
  const handling = counter();
  const expected = new Map<string, number>();
  const seen = new Set<string>();

  const expect = ({ metadata: { id } }: RecordedEvent, count: number) => {
    const left = (expected.get(id) ?? 0) + count;
    if (left > 0) expected.set(id, left);
    else expected.delete(id);
  };

  const arrive = (delivery: Delivery) => {
    if (seen.has(delivery.id)) return;
    seen.add(delivery.id);
    if (delivery.kind === "event") expect(delivery.event, -1);
  };

  const patient = toTheEnd<Delivery>(
    (deliveries) => {
      deliveries.forEach(arrive);
      return subscriber.handle(deliveries);
    },
    { sleep: time.sleep, random: time.random },
  );
  const handle: HandleToTheEnd = (messages, giveUp) =>
    handling.during(() => patient(messages, (message) => writing.during(() => giveUp(message))));

  return {
    consumer: { name: subscriber.name, interest: subscriber.interest, handle },
    expect: (event: RecordedEvent, count: number) => {
      if (subscriber.hears(event)) expect(event, count);
    },
    isUpToDate: () => expected.size === 0 || !handling.isIdle(),
  };
};

/** Publishes each event this number of times. */
export const realBus = (attach: Attach, copies: number): OtherBus => {
  const writing = counter();
  let all: readonly ReturnType<typeof followed>[] = [];
  const isSettled = () => writing.isIdle() && all.every(({ isUpToDate }) => isUpToDate());

  return {
    settled: async () => {
      await setImmediate();
      while (!isSettled()) await setTimeout(1);
    },
    make: (subscribers, time) => {
      all = subscribers.map((subscriber) => followed(subscriber, time, writing));
      const attached = writing.during(() => attach(all.map(({ consumer }) => consumer)));
      const published = new Set<string>();
      const expect = (events: readonly RecordedEvent[], count: number) => {
        for (const event of events) for (const each of all) each.expect(event, count);
      };

      const publishOnce: Bus["publish"] = async (events) => {
        expect(events, 1);
        const outcomes = await (await attached).publish(events);
        expect(
          events.filter((_, index) => outcomes[index]?.kind !== "published"),
          -1,
        );
        return outcomes;
      };
      const publish: Bus["publish"] = (events) =>
        writing.during(async () => {
          for (let copy = 1; copy < copies; copy += 1) await publishOnce(events);
          const outcomes = await publishOnce(events);
          for (const [index, { metadata }] of events.entries())
            if (outcomes[index]?.kind === "published") published.add(metadata.id);
          return outcomes;
        });
      return { published, publish };
    },
  };
};
