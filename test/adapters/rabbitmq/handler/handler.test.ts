/** How a Lambda function handles the batches of Amazon MQ. */
import { expect, test } from "vitest";
import { rabbitMqHandler } from "../../../../lib/adapters/rabbitmq/handler/handler.ts";
import { type Message, toMessage } from "../../../../lib/adapters/rabbitmq/message.ts";
import type { RecordedEvent } from "../../../../lib/model/message.ts";
import { type Delivery, type Handle, retry } from "../../../../lib/ports/delivery.ts";
import { toTheEnd } from "../../../../lib/runtime/handlers/to-the-end.ts";
import { recordedEvent } from "../../../../lib/testing/contracts/samples/recorded-event.ts";

/** Signed bytes, as in Java. */
const signedBytes = (text: string) => [...new Int8Array(Buffer.from(text))];

const inMapping = ({ contentType, headers, body }: Message, redelivered = false) => ({
  basicProperties: {
    contentType,
    contentEncoding: null,
    headers: Object.fromEntries(
      Object.entries(headers).map(([name, value]) => [
        name,
        typeof value === "string" ? { bytes: signedBytes(value) } : value,
      ]),
    ),
    deliveryMode: 2,
    messageId: null,
    bodySize: body.length,
  },
  redelivered,
  data: body.toString("base64"),
});

const batch = (...messages: readonly object[]) => ({
  eventSource: "aws:rmq",
  eventSourceArn: "arn:aws:mq:eu-central-1:123456789012:broker:shop:b-1",
  rmqMessagesByQueue: { "shop.checkout::/": messages },
});

const event = (stream: string, version: number, metadata: Partial<RecordedEvent["metadata"]> = {}) =>
  recordedEvent(version, {}, { streamId: `order-${stream}`, id: `order-${stream}@${version}`, ...metadata });

const sent = (...events: readonly RecordedEvent[]) =>
  batch(...events.map((each) => inMapping(toMessage(each, "shop"))));

type Letter = { readonly queue: string; readonly body: string; readonly because: string };

const idOf = (delivery: Delivery) => (delivery.kind === "event" ? delivery.event.metadata.id : "");

/** `failing` says whether an attempt at an event fails; attempts count from 1. */
const world = (failing: (id: string, attempt: number) => boolean = () => false) => {
  const rounds: string[][] = [];
  const deliveries: Delivery[] = [];
  const deadLetters: Letter[] = [];
  const sleeps: number[] = [];
  const handle: Handle = async (all) => {
    rounds.push(all.map(idOf));
    deliveries.push(...all);
    return all.filter((each) => failing(idOf(each), rounds.length)).map(({ id }) => retry(id));
  };
  const patience = { sleep: async (milliseconds: number) => void sleeps.push(milliseconds), random: () => 0 };
  const ports = {
    log: { write: () => undefined, count: () => undefined },
    deadLetters: {
      keep: async (queue: string, { body }: Message, because: string) =>
        void deadLetters.push({ queue, body: body.toString(), because }),
    },
  };
  const handler = rabbitMqHandler(toTheEnd(handle, patience), ports);
  return { rounds, deliveries, deadLetters, sleeps, patience, ports, handler };
};

test("messages become deliveries in order, unchanged", async () => {
  const { deliveries, handler } = world();
  const events = [event("1", 1, { actor: "Ünsal 👩‍👧" }), event("1", 2)];
  await handler(sent(...events));
  expect(deliveries).toEqual(
    events.map((each, index) => ({
      id: `shop.checkout::/,${index}`,
      receiveCount: 1,
      blocksOthers: true,
      kind: "event",
      event: each,
    })),
  );
});

test("a quorum queue counts the deliveries of a message, any other queue only marks redelivery", async () => {
  const { deliveries, handler } = world();
  const message = toMessage(event("1", 1), "shop");
  const counted = { ...message, headers: { ...message.headers, "x-delivery-count": 3 } };
  await handler(batch(inMapping(counted, true), inMapping(message, true), inMapping(message)));
  expect(deliveries.map(({ receiveCount }) => receiveCount)).toEqual([4, 2, 1]);
});

test("a failed event is retried with the later ones of its stream, after growing delays", async () => {
  const { rounds, sleeps, deadLetters, deliveries, handler } = world(
    (id, attempt) => id === "order-1@2" && attempt < 3,
  );
  await handler(sent(event("1", 1), event("1", 2), event("2", 1), event("1", 3)));
  expect(rounds).toEqual([
    ["order-1@1", "order-1@2", "order-2@1", "order-1@3"],
    ["order-1@2", "order-1@3"],
    ["order-1@2", "order-1@3"],
  ]);
  expect(deliveries.at(-1)?.receiveCount).toBe(3);
  expect(sleeps).toEqual([1000, 2000]);
  expect(deadLetters).toEqual([]);
});

test("an event that keeps failing becomes a dead letter with payload and reason, and the batch is done", async () => {
  const { rounds, sleeps, deadLetters, handler } = world((id) => id === "order-1@1");
  await handler(sent(event("1", 1), event("2", 1)));
  expect(rounds).toHaveLength(8);
  expect(deadLetters).toEqual([{ queue: "shop.checkout", body: "{}", because: "failed 8 times" }]);
  const leaseMilliseconds = 60_000;
  expect(sleeps.reduce((sum, each) => sum + each, 0)).toBeGreaterThan(leaseMilliseconds);
});

test("an event that keeps failing is attempted as often as its effect says", async () => {
  const { rounds, deadLetters, patience, ports } = world();
  const handle: Handle = async (all) => {
    rounds.push(all.map(idOf));
    return all.map(({ id }) => retry(id));
  };
  await rabbitMqHandler(toTheEnd(handle, { ...patience, attempts: 5 }), ports)(sent(event("1", 1)));
  expect(rounds).toHaveLength(5);
  expect(deadLetters).toMatchObject([{ because: "failed 5 times" }]);
});

test("if the handler throws, the dead letter has the error", async () => {
  const { deadLetters, patience, ports } = world();
  const broken = async () => {
    throw new Error("no upcaster");
  };
  const handler = rabbitMqHandler(toTheEnd(broken, patience), ports);
  await handler(sent(event("1", 1)));
  expect(deadLetters.map(({ because }) => because)).toEqual(["Error: no upcaster"]);
});

test("an unreadable message becomes a dead letter at once and does not block the others", async () => {
  const { rounds, deadLetters, sleeps, handler } = world();
  const good = toMessage(event("1", 1), "shop");
  await handler(batch(inMapping({ ...good, body: Buffer.from("{broken") }), inMapping(good)));
  expect(rounds).toEqual([["order-1@1"]]);
  expect(deadLetters).toEqual([
    { queue: "shop.checkout", body: "{broken", because: expect.stringMatching(/^unreadable: .*JSON/) },
  ]);
  expect(sleeps).toEqual([]);
});

test("if the dead letters cannot be stored, the batch is redelivered", async () => {
  const { patience, ports } = world();
  const keep = async () => {
    throw new Error("out of reach");
  };
  const failing: Handle = async (all) => all.map(({ id }) => retry(id));
  const handler = rabbitMqHandler(toTheEnd(failing, patience), { ...ports, deadLetters: { keep } });
  await expect(handler(sent(event("1", 1)))).rejects.toThrow("out of reach");
});

test("an event that is not a batch of Amazon MQ is refused", async () => {
  await expect(world().handler({ Records: [] })).rejects.toThrow();
});
