/** The events that tests of brokers send, and the results. */
import { setTimeout } from "node:timers/promises";
import type { RecordedEvent } from "../../lib/model/message.ts";
import type { Handle } from "../../lib/ports/delivery.ts";
import { recordedEvent } from "../../lib/testing/contracts/samples/recorded-event.ts";

export const until = async (holds: () => boolean | Promise<boolean>): Promise<void> => {
  while (!(await holds())) await setTimeout(20);
};

export const collect = () => {
  const events: RecordedEvent[] = [];
  const handle: Handle = async (deliveries) => {
    for (const delivery of deliveries) if (delivery.kind === "event") events.push(delivery.event);
    return [];
  };
  return { events, handle };
};

/** The events of some streams, interleaved: one of each stream, then the next of each. */
export const streams = (count: number, length: number): readonly RecordedEvent[] =>
  Array.from({ length: count * length }, (_, index) => {
    const streamId = `order-${index % count}` as const;
    const version = Math.floor(index / count) + 1;
    return recordedEvent(version, { orderId: streamId }, { streamId, id: `${streamId}@${version}` });
  });

export const idsOf = (events: readonly RecordedEvent[]) => events.map(({ metadata }) => metadata.id);

/** For each stream, its versions in the order of their first arrival. */
export const firstVersions = (
  events: readonly RecordedEvent[],
): Readonly<Record<string, readonly number[]>> => {
  const versions = new Map<string, Set<number>>();
  for (const { metadata } of events)
    versions.set(metadata.streamId, (versions.get(metadata.streamId) ?? new Set()).add(metadata.version));
  return Object.fromEntries([...versions].map(([stream, seen]) => [stream, [...seen]]));
};
