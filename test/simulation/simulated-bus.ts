/**
 * The bus: every event is sent as a CloudEvent, some entries of a request fail, and subscribers get the events that
 * they ask for.
 */

import type { Interest } from "../../lib/model/delivery/interest.ts";
import { fromCloudEvent, toCloudEvent } from "../../lib/model/events/cloud-event.ts";
import type { RecordedEvent } from "../../lib/model/message.ts";
import type { AnySaga } from "../../lib/model/saga.ts";
import type { Bus } from "../../lib/ports/bus.ts";
import type { Handle } from "../../lib/ports/delivery.ts";
import type { Delivery } from "./delivery.ts";
import type { Timeline } from "./timeline.ts";

export type Subscriber = {
  readonly name: string;
  readonly interest: Interest;
  readonly hears: (event: RecordedEvent) => boolean;
  /** Puts an event into the queue of the subscriber. */
  readonly send: (event: RecordedEvent) => void;
  /** Handles deliveries at once, for a bus that has its own queues. */
  readonly handle: Handle;
};

/** The seconds after which an event arrives, one entry per delivery. */
export type Arrivals = (event: RecordedEvent) => readonly number[];

/**
 * The rule of a saga: its start, events from outside, decisions of operators, and events that others caused for it. It
 * excludes the answers to its own commands, because the saga has read them where it sent the commands.
 */
export const isForSaga =
  (saga: AnySaga) =>
  ({ type, metadata }: RecordedEvent): boolean => {
    const outcomes = saga.steps.flatMap(({ succeeds, fails }) => [...succeeds, ...fails]);
    const outside = outcomes.filter(({ instance }) => instance);
    const { sagaId, commandId } = metadata;
    const own = `${saga.name}/`;
    return (
      [saga.startsOn, ...outside].some((reference) => reference.type === type) ||
      type === "CommandResumed" ||
      (sagaId?.startsWith(own) === true && !commandId.startsWith(own))
    );
  };

/** `published` has the ids of the events that the bus has accepted. */
export type WatchedBus = Bus & { readonly published: ReadonlySet<string> };

export type MakeBus = (subscribers: readonly Subscriber[], time: Timeline) => WatchedBus;

export const simulatedBus = (
  time: Timeline,
  { shuffled }: Delivery,
  source: string,
  subscribers: readonly Subscriber[],
  arrivals: Arrivals = () => [0],
): WatchedBus => {
  const published = new Set<string>();
  return {
    published,
    publish: async (events) =>
      events.map((event) => {
        if (shuffled && time.below(5) === 0) return { kind: "failed", because: "throttled" };
        const travelled: unknown = JSON.parse(JSON.stringify(toCloudEvent(event, source)));
        const received = fromCloudEvent(travelled);
        published.add(event.metadata.id);
        const deliver = () => {
          for (const { hears, send } of subscribers) if (hears(event)) send(received);
        };
        for (const seconds of arrivals(event))
          if (seconds === 0) deliver();
          else time.at(time.now() + seconds * 1000, deliver);
        return { kind: "published" };
      }),
  };
};
