import { type Admin, Kafka, logLevel } from "kafkajs";
import { expect, test } from "vitest";
import { withBacklog } from "../../../../lib/adapters/kafka/dead-letters/backlog.ts";

const topic = "shop.checkout.dead-letters";

/** A backlog without unread records; `fetchOffsets` fails with these errors first. */
const kafkaFailing = (...errors: readonly Error[]) => {
  const kafka = new Kafka({ brokers: ["127.0.0.1:1"], logLevel: logLevel.NOTHING });
  const failures = [...errors];
  const answers: Partial<Admin> = {
    connect: async () => {},
    disconnect: async () => {},
    listTopics: async () => [topic],
    fetchTopicOffsets: async () => [{ partition: 0, offset: "2", low: "0", high: "2" }],
    fetchOffsets: async () => {
      const failure = failures.shift();
      if (failure) throw failure;
      return [{ topic, partitions: [{ partition: 0, offset: "2", metadata: null }] }];
    },
  };
  return { consumer: kafka.consumer, admin: () => ({ ...kafka.admin(), ...answers }) };
};

const countIn = (kafka: ReturnType<typeof kafkaFailing>) =>
  withBacklog({ kafka, group: topic, topic, countMax: 10 }, async ({ stored }) => stored.length);

test("a broker that does not know the group yet is asked again", async () => {
  const loading = Object.assign(new Error("the coordinator is loading"), { retriable: true });
  expect(await countIn(kafkaFailing(loading, loading))).toBe(0);
});

test("any other error is thrown", async () => {
  const denied = Object.assign(new Error("not authorized"), { retriable: false });
  await expect(countIn(kafkaFailing(denied))).rejects.toThrow("not authorized");
});
