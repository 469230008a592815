/**
 * The rules that Kafka and RabbitMQ share: how a batch is handled completely, and which messages become dead
 * letters.
 */
import { describe, expect, test } from "vitest";
import { toMessage as toRecord } from "../../lib/adapters/kafka/cloud-event.ts";
import { deliverer as kafkaDeliverer } from "../../lib/adapters/kafka/handler/deliver.ts";
import { memoryLog } from "../../lib/adapters/memory/log.ts";
import { deliverer as rabbitMqDeliverer } from "../../lib/adapters/rabbitmq/handler/deliver.ts";
import { toMessage } from "../../lib/adapters/rabbitmq/message.ts";
import type { RecordedEvent } from "../../lib/model/message.ts";
import { dead, type Handle, type HandleToTheEnd, retry } from "../../lib/ports/delivery.ts";
import type { Log } from "../../lib/ports/log.ts";
import { toTheEnd } from "../../lib/runtime/handlers/to-the-end.ts";
import { recordedEvent } from "../../lib/testing/contracts/samples/recorded-event.ts";

/** An event, or the text of a message that is not an event. */
type Sent = RecordedEvent | string;

type Ports = {
  readonly handle: HandleToTheEnd;
  /** Stores the reason of a dead letter. */
  readonly keep: (because: string) => Promise<void>;
  readonly log: Log;
};

type Broker = (sent: readonly Sent[], ports: Ports) => Promise<void>;

const kafka: Broker = (sent, { handle, keep, log }) => {
  const interest = { eventTypes: [recordedEvent(1).type] };
  const deadLetters = { keep: ({ because }: { readonly because: string }) => keep(because) };
  const records = sent.map((each, offset) => {
    const { value, headers } =
      typeof each === "string" ? { value: each, headers: {} } : toRecord(each, "shop");
    return {
      topic: "shop.order",
      partition: 0,
      offset: `${offset}`,
      key: undefined,
      value: Buffer.from(value),
      headers: Object.entries(headers).map(([name, text]) => [name, Buffer.from(text)] as const),
    };
  });
  return kafkaDeliverer(handle, { interest, deadLetters, log })(records);
};

const rabbitMq: Broker = (sent, { handle, keep, log }) => {
  const deadLetters = { keep: (_queue: string, _message: object, because: string) => keep(because) };
  const incoming = sent.map((each, index) => ({
    id: `${index}`,
    queue: "shop.checkout",
    receiveCount: 1,
    message:
      typeof each === "string"
        ? { contentType: "text/plain", headers: {}, body: Buffer.from(each) }
        : toMessage(each, "shop"),
  }));
  return rabbitMqDeliverer(handle, { deadLetters, log })(incoming);
};

const event = (stream: string, version: number) =>
  recordedEvent(version, {}, { id: `order-${stream}@${version}`, streamId: `order-${stream}` });

/** Runs a batch. `rounds` are the ids of the events that the handler gets, call by call. */
const running = async (broker: Broker, sent: readonly Sent[], outcome: Handle, keep?: Ports["keep"]) => {
  const rounds: string[][] = [];
  const deadLetters: string[] = [];
  const log = memoryLog();
  const handle: Handle = (deliveries) => {
    rounds.push(
      deliveries.map((delivery) => (delivery.kind === "event" ? delivery.event.metadata.id : delivery.id)),
    );
    return outcome(deliveries);
  };
  const patient = toTheEnd(handle, { attempts: 3, sleep: async () => {}, random: () => 0 });
  await broker(sent, {
    handle: patient,
    keep: keep ?? (async (because) => void deadLetters.push(because)),
    log,
  });
  return { rounds, deadLetters, counted: log.counted() };
};

const allAgain: Handle = async (deliveries) => deliveries.map(({ id }) => retry(id));

describe.each([
  ["kafka", kafka],
  ["rabbitmq", rabbitMq],
])("a handler behind %s", (_name, broker) => {
  test("that throws gets the batch again; after the last attempt its messages are dead letters with the error", async () => {
    const broken: Handle = async () => {
      throw new Error("no upcaster");
    };
    const sent = [event("1", 1), event("2", 1)];
    const { rounds, deadLetters, counted } = await running(broker, sent, broken);
    expect(rounds).toEqual(Array.from({ length: 3 }, () => ["order-1@1", "order-2@1"]));
    expect(deadLetters).toEqual(["Error: no upcaster", "Error: no upcaster"]);
    expect(counted).toEqual(["DeliveryFailing", "DeliveryFailing"]);
  });

  test("gets a failed event again, with the later ones of its stream; after the last attempt it is a dead letter", async () => {
    const sent = [event("1", 1), event("2", 1), event("1", 2)];
    const { rounds, deadLetters } = await running(broker, sent, async (deliveries) =>
      deliveries.flatMap((each) =>
        each.kind === "event" && each.event.metadata.id === "order-1@1" ? [retry(each.id)] : [],
      ),
    );
    expect(rounds).toEqual([
      ["order-1@1", "order-2@1", "order-1@2"],
      ["order-1@1", "order-1@2"],
      ["order-1@1", "order-1@2"],
    ]);
    expect(deadLetters).toEqual(["failed 3 times"]);
  });

  test("does not get a dead message again", async () => {
    const { rounds, deadLetters } = await running(broker, [event("1", 1)], async (deliveries) =>
      deliveries.map(({ id }) => dead(id, "refused: too large")),
    );
    expect(rounds).toHaveLength(1);
    expect(deadLetters).toEqual(["refused: too large"]);
  });

  test("never sees an unreadable message, which is a dead letter and does not block the others", async () => {
    const { rounds, deadLetters, counted } = await running(broker, ["hello", event("1", 1)], async () => []);
    expect(rounds).toEqual([["order-1@1"]]);
    expect(deadLetters).toEqual([expect.stringMatching(/^unreadable: /)]);
    expect(counted).toEqual(["DeliveryFailing"]);
  });

  test("is not called without a readable message", async () => {
    expect((await running(broker, ["hello"], allAgain)).rounds).toEqual([]);
  });

  test("has the whole batch redelivered if a dead letter cannot be stored", async () => {
    const keep = () => Promise.reject(new Error("out of reach"));
    await expect(running(broker, [event("1", 1)], allAgain, keep)).rejects.toThrow("out of reach");
    await expect(running(broker, ["hello"], allAgain, keep)).rejects.toThrow("out of reach");
  });
});
