/** A message of an earlier version that has waited in a queue or an archive of each bus is performed in today's shape. */
import { expect, test } from "vitest";
import * as kafka from "../../../lib/adapters/kafka/cloud-event.ts";
import * as rabbitMq from "../../../lib/adapters/rabbitmq/message.ts";
import { toDelivery } from "../../../lib/adapters/sqs/delivery.ts";
import { fromCloudEvent, toCloudEvent } from "../../../lib/model/events/cloud-event.ts";
import type { RecordedEvent } from "../../../lib/model/message.ts";
import type { Delivery } from "../../../lib/ports/delivery.ts";
import { recordedEvents } from "../../../lib/runtime/streams/recorded.ts";
import { deliveryOf } from "../deliveries.ts";
import { commitOf, world } from "./parcels.ts";

/** The event as a message, then as a delivery. */
const buses: Readonly<Record<string, (event: RecordedEvent) => Delivery>> = {
  EventBridge: (event) => {
    const detail = toCloudEvent(event, "post");
    const body = JSON.stringify({ source: "post", "detail-type": event.type, detail });
    return toDelivery({ id: "m", receiveCount: 1, body });
  },
  Kafka: (event) => {
    const { headers, value } = kafka.toMessage(event, "post");
    const bytes = Object.entries(headers).map(([name, text]) => [name, Buffer.from(text)] as const);
    return deliveryOf(kafka.recordedEventOf({ headers: bytes, value: Buffer.from(value) }));
  },
  RabbitMQ: (event) => deliveryOf(fromCloudEvent(rabbitMq.cloudEventIn(rabbitMq.toMessage(event, "post")))),
};

const second = { parcelId: "1", customer: { id: "ada", name: "Ada" }, price: 100 };

test.each(Object.entries(buses))("%s", async (_, deliver) => {
  const commit = commitOf(
    { type: "ParcelPlaced", data: second, schemaVersion: 2 },
    { type: "ParcelShipped", data: { parcelId: "1", by: "post" } },
  );
  const { perform } = await world([]);
  const { notDone, performed } = await perform(recordedEvents(commit).map(deliver));
  expect(notDone).toEqual([]);
  expect(performed.map(({ type, metadata: { id } }) => [type, id])).toEqual([
    ["ParcelPlaced", "parcel-1@1"],
    ["ParcelPacked", "parcel-1@2"],
    ["ParcelSent", "parcel-1@2.1"],
  ]);
  expect(performed[0]?.data).toMatchObject({ total: 100, placedOn: "2026-01-01" });
});
