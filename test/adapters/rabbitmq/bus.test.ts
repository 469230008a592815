/**
 * RabbitMQ as the bus, with a broker in memory that refuses messages permanently. A real broker runs the contract
 * of the bus.
 */
import { describe, expect, test } from "vitest";
import { memoryLog } from "../../../lib/adapters/memory/log.ts";
import { rabbitMqBus } from "../../../lib/adapters/rabbitmq/bus.ts";
import { amqpKindOf } from "../../../lib/adapters/rabbitmq/errors.ts";
import type { Metadata } from "../../../lib/model/message.ts";
import { recordedEvent } from "../../../lib/testing/contracts/samples/recorded-event.ts";
import { amqpError, memoryConnection, type Sent } from "./publisher.ts";

const of = (streamId: Metadata["streamId"], version: number, metadata: Partial<Metadata> = {}, data = {}) =>
  recordedEvent(version, data, { id: `${streamId}@${version}`, streamId, ...metadata });

const idOf = ({ envelope }: Sent): string => `${envelope.headers?.cloudEvents_id}`;

const tooLarge = amqpError(
  "PRECONDITION_FAILED",
  "BasicPublish: PRECONDITION_FAILED - message size 300 is larger than configured max size 200",
);

const place = (faults: Readonly<Record<string, Error>> = {}) => {
  const { connection, taken } = memoryConnection((sent) => faults[idOf(sent)]);
  const bus = rabbitMqBus(connection, { source: "shop", subscriptions: [] }, { log: memoryLog() });
  return { bus, taken };
};

describe("errors", () => {
  test.each([
    [tooLarge, "permanent"],
    [amqpError("CODEC", "frame size of 200000 bytes exceeds maximum of 131072"), "permanent"],
    [amqpError("CONTENT_TOO_LARGE", "no"), "permanent"],
    [amqpError("PRECONDITION_FAILED", "QueueDeclare: inequivalent arg 'durable' for queue"), "transient"],
    [amqpError("CH_CLOSE", "channel is closed"), "transient"],
    [amqpError("CONN_CLOSE", "connection is closed"), "transient"],
    [amqpError("NACK", "message rejected by server"), "transient"],
    [new Error("no confirmation within 10000 ms"), "transient"],
  ] as const)("%s is %s", (error, kind) => {
    expect(amqpKindOf(error)).toBe(kind);
  });
});

test("an event that the broker refuses permanently is refused, whichever event lost its channel; all others are stored", async () => {
  const { bus, taken } = place({ "order-2@1": tooLarge });
  const events = [of("order-1", 1), of("order-2", 1), of("order-1", 2), of("order-2", 2), of("order-3", 1)];
  expect(await bus.publish(events)).toEqual([
    { kind: "published" },
    { kind: "refused", because: `${tooLarge}` },
    { kind: "published" },
    { kind: "published" },
    { kind: "published" },
  ]);
  expect(new Set(taken.map(idOf))).toEqual(new Set(["order-1@1", "order-1@2", "order-2@2", "order-3@1"]));
});

test("the order of a stream is kept while events are sent alone", async () => {
  const { bus, taken } = place({ "order-2@1": tooLarge });
  await bus.publish([of("order-2", 1), of("order-1", 1), of("order-1", 2), of("order-1", 3)]);
  expect(taken.map(idOf)).toEqual(["order-1@1", "order-1@2", "order-1@3"]);
});

test("an event that can never be sent is refused before it is sent, and the later ones of its stream are sent", async () => {
  const { bus, taken } = place();
  const huge = { text: "x".repeat(4 * 1024 * 1024) };
  const outcomes = await bus.publish([
    of("order-1", 1, {}, huge),
    of("order-1", 2, { actor: "\ud800" }),
    of("order-1", 3, { actor: "a".repeat(70_000) }),
    of("order-1", 4),
  ]);
  expect(outcomes.map(({ kind }) => kind)).toEqual(["refused", "refused", "refused", "published"]);
  expect(taken.map(idOf)).toEqual(["order-1@4"]);
});

test("an event that the broker could not store this time has failed, and the later ones of its stream wait", async () => {
  const { bus, taken } = place({ "order-1@1": amqpError("NACK", "message rejected by server") });
  const outcomes = await bus.publish([of("order-1", 1), of("order-1", 2)]);
  expect(outcomes.map(({ kind }) => kind)).toEqual(["failed", "failed"]);
  expect(taken).toEqual([]);
});

test("a lost connection is thrown", async () => {
  const lost = amqpError("CONN_CLOSE", "connection is closed");
  await expect(place({ "order-1@1": lost }).bus.publish([of("order-1", 1)])).rejects.toBe(lost);
});
