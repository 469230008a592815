/** Events arrive even if the Kafka broker was down. */
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { type Kafka, startKafka } from "../../bin/brokers/kafka.ts";
import type { RecordedEvent } from "../../lib/model/message.ts";
import { recordedEvent } from "../../lib/testing/contracts/samples/recorded-event.ts";
import { collect, firstVersions, idsOf, streams, until } from "./events.ts";
import { clients } from "./kafka-application.ts";

let broker: Kafka;
const { application, close } = clients(() => broker.brokers);

beforeAll(async () => {
  broker = await startKafka();
});
afterEach(close);
afterAll(() => broker?.stop());

/** Publishes failed events again until all are accepted, as the relay does. */
const publishAll = async (
  publish: (events: readonly RecordedEvent[]) => Promise<readonly { kind: string }[]>,
  events: readonly RecordedEvent[],
) => {
  let left = events;
  while (left.length > 0) {
    const outcomes = await publish(left).catch(() => []);
    left = left.filter((_, index) => outcomes[index]?.kind !== "published");
  }
};

/** These tests stop the broker, so they do not run with KAFKA_BROKERS. The report says so. */
describe.runIf(!process.env.KAFKA_BROKERS)("a broker that goes down", () => {
  test("events that are published during a restart of the broker all arrive, and each stream is in order", async () => {
    const { bus, consume } = await application();
    const { events, handle } = collect();
    const all = streams(5, 40);
    const { publish } = bus();
    consume(handle);
    await publishAll(publish, all.slice(0, 50));
    await until(() => new Set(idsOf(events)).size === 50);
    const restarted = broker.power?.off().then(() => broker.power?.on());
    for (let from = 50; from < all.length; from += 10) await publishAll(publish, all.slice(from, from + 10));
    await restarted;
    await until(() => new Set(idsOf(events)).size === all.length);
    expect(firstVersions(events)).toEqual(firstVersions(all));
  });

  test("a bus and a consumer that start before the broker work once the broker is up", async () => {
    const { bus, consume } = await application();
    const { events, handle } = collect();
    const { publish } = bus();
    await broker.power?.off();
    consume(handle);
    await expect(publish([recordedEvent(1)])).rejects.toThrow();
    await broker.power?.on();
    await publishAll(publish, [recordedEvent(1)]);
    await until(() => events.length > 0);
    expect(events[0]).toEqual(recordedEvent(1));
  });
});
