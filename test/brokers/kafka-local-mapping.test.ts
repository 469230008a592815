/** The Kafka event source mappings of the local cloud, with a real broker. */
import { randomUUID } from "node:crypto";
import { setTimeout } from "node:timers/promises";
import { Kafka, logLevel, type Message, type Producer } from "kafkajs";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { type Kafka as Broker, startKafka } from "../../bin/brokers/kafka.ts";
import { localCloud } from "../../lib/local/local-cloud.ts";
import { freePort } from "../../lib/local/machine/free-port.ts";
import { kafkaMappings } from "../../lib/local/mapping/kafka/kafka-mapping.ts";
import type { Input } from "../../lib/local/service/service.ts";
import { lambda, logs, reports, role, writeAssembly } from "../local/app.ts";
import { resource, type TestCloud, type TestFunction, testCloud } from "../local/cloud.ts";

let broker: Broker;
let kafka: Kafka;
let producer: Producer;
const ends: (() => Promise<unknown>)[] = [];

const clientOf = (brokers: string) =>
  new Kafka({
    brokers: brokers.split(","),
    logLevel: logLevel.NOTHING,
    retry: { retries: 20, maxRetryTime: 500 },
  });

beforeAll(async () => {
  broker = await startKafka();
  kafka = clientOf(broker.brokers);
  producer = kafka.producer();
  await producer.connect();
});
afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end();
});
afterAll(async () => {
  await producer?.disconnect();
  await broker?.stop();
});

const until = async (holds: () => boolean | Promise<boolean>): Promise<void> => {
  while (!(await holds())) await setTimeout(10);
};

const makeTopic = async (topic: string, partitions = 1) => {
  const admin = kafka.admin();
  await admin.connect();
  await admin.createTopics({ topics: [{ topic, numPartitions: partitions }], waitForLeaders: true });
  await admin.disconnect();
};

const newTopic = async (partitions = 1): Promise<string> => {
  const topic = `orders-${randomUUID()}`;
  await makeTopic(topic, partitions);
  return topic;
};

const send = (topic: string, ...messages: readonly (string | Message)[]) =>
  producer.send({
    topic,
    messages: messages.map((message) =>
      typeof message === "string" ? { value: message, partition: 0 } : message,
    ),
  });

const committed = async (topic: string, group: string): Promise<number> => {
  const admin = kafka.admin();
  await admin.connect();
  const [found] = await admin.fetchOffsets({ groupId: group, topics: [topic] });
  await admin.disconnect();
  return (found?.partitions ?? []).reduce((sum, { offset }) => sum + Math.max(0, Number(offset)), 0);
};

const sockets = () => process.getActiveResourcesInfo().filter((name) => name.startsWith("TCP")).length;

type Record = { readonly value: string; readonly partition: number; readonly offset: number };
// The event that a mapping passes to its function.
const recordsOf = (event: unknown) =>
  Object.values(
    (event as { readonly records: { readonly [key: string]: readonly Record[] } }).records,
  ).flat();
const valuesOf = (event: unknown) =>
  recordsOf(event).map(({ value }) => Buffer.from(value, "base64").toString());

const mapping = (topic: string, group: string, properties: Input = {}) =>
  resource("AWS::Lambda::EventSourceMapping", `mapping-${group}`, {
    SelfManagedEventSource: { Endpoints: { KafkaBootstrapServers: broker.brokers.split(",") } },
    SelfManagedKafkaEventSourceConfig: { ConsumerGroupId: group },
    FunctionName: "react",
    Topics: [topic],
    StartingPosition: "TRIM_HORIZON",
    ...properties,
  });

/** A cloud with one function. `batches` are the values that it got. */
const start = async (
  topic: string,
  given: { run?: TestFunction; group?: string; properties?: Input } = {},
) => {
  const batches: string[][] = [];
  const events: unknown[] = [];
  const { run = () => null, group = randomUUID(), properties = {} } = given;
  const cloud: TestCloud = await testCloud({
    providers: [[kafkaMappings(broker.brokers), "AWS::Lambda::EventSourceMapping"]],
    resources: [mapping(topic, group, properties)],
    functions: {
      react: (event) => {
        events.push(event);
        batches.push(valuesOf(event));
        return run(event);
      },
    },
  });
  let stopped: Promise<void> | undefined;
  const stop = () => {
    stopped ??= cloud.stop();
    return stopped;
  };
  ends.push(stop);
  /** Makes retries and batching windows due. */
  const hurry = async (holds: () => boolean) => {
    while (!holds()) {
      cloud.clock.advance(60_000);
      await setTimeout(10);
    }
  };
  return { cloud, batches, events, group, stop, hurry };
};

const fail = () => {
  throw new Error("broken");
};

describe("a mapping of a topic", () => {
  test("passes messages in the format of AWS, from the beginning of the topic", async () => {
    const topic = await newTopic();
    const headers = { ce_id: "é", twice: ["a", "b"] };
    const own = { timestamp: "1545084650987", partition: 0 };
    await send(topic, { key: "order-1", value: '{"a":1}', headers, ...own }, { value: null, ...own });
    const { events } = await start(topic);
    await until(() => events.length > 0);
    const place = { topic, partition: 0, timestamp: 1545084650987, timestampType: "CREATE_TIME" };
    expect(events).toEqual([
      {
        eventSource: "SelfManagedKafka",
        bootstrapServers: broker.brokers,
        records: {
          [`${topic}-0`]: [
            {
              ...place,
              offset: 0,
              key: "b3JkZXItMQ==",
              value: "eyJhIjoxfQ==",
              headers: [{ ce_id: [-61, -87] }, { twice: [97] }, { twice: [98] }],
            },
            { ...place, offset: 1, headers: [] },
          ],
        },
      },
    ]);
  });

  test("for Amazon MSK has the ARN of the cluster, and reads from the local brokers", async () => {
    const topic = await newTopic();
    await send(topic, "1");
    const arn = "arn:aws:kafka:eu-central-1:123456789012:cluster/shop/1";
    const properties = {
      SelfManagedEventSource: undefined,
      SelfManagedKafkaEventSourceConfig: undefined,
      AmazonManagedKafkaEventSourceConfig: { ConsumerGroupId: "msk" },
      EventSourceArn: arn,
    };
    const { events, cloud } = await start(topic, { properties });
    await until(() => events.length > 0);
    expect(events[0]).toMatchObject({
      eventSource: "aws:kafka",
      eventSourceArn: arn,
      bootstrapServers: broker.brokers,
    });
    expect(cloud.asked.map(({ requirement }) => requirement.action)).toContain("kafka:DescribeCluster");
  });

  test("passes at most BatchSize messages at once, in order, and commits what is done", async () => {
    const topic = await newTopic();
    await send(topic, "1", "2", "3", "4", "5");
    const { batches, group, stop } = await start(topic, { properties: { BatchSize: 2 } });
    await until(() => batches.length === 3);
    expect(batches).toEqual([["1", "2"], ["3", "4"], ["5"]]);
    await stop();
    expect(await committed(topic, group)).toBe(5);
  });

  test("with LATEST skips older messages", async () => {
    const topic = await newTopic();
    await send(topic, "old");
    const { batches } = await start(topic, { properties: { StartingPosition: "LATEST" } });
    let count = 0;
    await until(async () => {
      await send(topic, `new ${count++}`);
      return batches.length > 0;
    });
    expect(batches.flat()).not.toContain("old");
  });

  test("a failed batch is retried as a whole, before any later message of its partition", async () => {
    const topic = await newTopic();
    await send(topic, "1", "2", "3");
    let failures = 3;
    const { batches, group, stop, hurry } = await start(topic, {
      properties: { BatchSize: 2 },
      run: () => failures-- > 0 && fail(),
    });
    await until(() => batches.length === 1);
    expect(await committed(topic, group)).toBe(0);
    await hurry(() => batches.length === 5);
    expect(batches).toEqual([["1", "2"], ["1", "2"], ["1", "2"], ["1", "2"], ["3"]]);
    await stop();
    expect(await committed(topic, group)).toBe(3);
  });

  test("a partition that fails or is slow does not block others, and runs in one invocation at a time", async () => {
    const topic = await newTopic(2);
    const running = { now: 0, most: 0 };
    let release = () => {};
    const held = new Promise<void>((resolve) => (release = resolve));
    const { batches } = await start(topic, {
      run: async (event) => {
        if (recordsOf(event)[0]?.partition !== 0) return;
        running.now += 1;
        running.most = Math.max(running.most, running.now);
        await held;
        running.now -= 1;
      },
    });
    await send(topic, { value: "slow", partition: 0 });
    await until(() => batches.length === 1);
    await send(topic, { value: "slow 2", partition: 0 }, { value: "fast", partition: 1 });
    await until(() => batches.flat().includes("fast"));
    await send(topic, { value: "fast 2", partition: 1 });
    await until(() => batches.flat().includes("fast 2"));
    expect(batches.flat()).not.toContain("slow 2");
    release();
    await until(() => batches.flat().includes("slow 2"));
    expect(running.most).toBe(1);
  });

  test("waits for the batching window, but only until the batch is full", async () => {
    const topic = await newTopic();
    const properties = { BatchSize: 3, MaximumBatchingWindowInSeconds: 300 };
    const { batches, hurry } = await start(topic, { properties });
    await send(topic, "1");
    await setTimeout(500);
    await send(topic, "2");
    await setTimeout(500);
    expect(batches).toEqual([]);
    await send(topic, "3", "4");
    await until(() => batches.length === 1);
    expect(batches).toEqual([["1", "2", "3"]]);
    await hurry(() => batches.length === 2);
    expect(batches[1]).toEqual(["4"]);
  });

  test("a message that no filter matches is committed without an invocation", async () => {
    const topic = await newTopic();
    await send(topic, '{"kind":"a"}', '{"kind":"b"}', "no JSON", '{"kind":"a"}', '{"kind":"b"}');
    const Pattern = '{"value":{"kind":["a"]}}';
    const properties = { FilterCriteria: { Filters: [{ Pattern }] } };
    const { batches, group, stop } = await start(topic, { properties });
    await until(() => batches.length === 1);
    expect(batches).toEqual([['{"kind":"a"}', '{"kind":"a"}']]);
    await stop();
    expect(await committed(topic, group)).toBe(5);
  });

  test("two mappings of one topic are two consumer groups: each gets all messages", async () => {
    const topic = await newTopic();
    await send(topic, "1");
    const [one, other] = [await start(topic), await start(topic)];
    await until(() => one.batches.length > 0 && other.batches.length > 0);
    expect([one.batches, other.batches]).toEqual([[["1"]], [["1"]]]);
  });

  test("stop waits for the current batch and commits it; after a restart the mapping continues with the next", async () => {
    const topic = await newTopic();
    await send(topic, "1", "2");
    let isDone = false;
    const first = await start(topic, {
      properties: { BatchSize: 1 },
      run: async () => {
        await setTimeout(400);
        isDone = true;
      },
    });
    await until(() => first.batches.length === 1);
    await first.stop();
    expect([isDone, first.batches]).toEqual([true, [["1"]]]);
    expect(await committed(topic, first.group)).toBe(1);
    const second = await start(topic, { group: first.group });
    await until(() => second.batches.length > 0);
    expect(second.batches).toEqual([["2"]]);
  });

  test("stop while a batch waits for its retry commits nothing, and the batch comes again", async () => {
    const topic = await newTopic();
    await send(topic, "1");
    const first = await start(topic, { run: fail });
    await until(() => first.batches.length >= 2);
    await first.stop();
    const before = first.batches.length;
    expect(await committed(topic, first.group)).toBe(0);
    const second = await start(topic, { group: first.group });
    await until(() => second.batches.length > 0);
    expect(second.batches).toEqual([["1"]]);
    expect(first.batches.length).toBe(before);
  });

  test("stop does not wait for a function that hangs: nothing is committed later, and its batch comes again", async () => {
    const topic = await newTopic();
    await send(topic, "1");
    let release = () => {};
    const held = new Promise<void>((resolve) => {
      release = resolve;
    });
    const first = await start(topic, { run: () => held });
    await until(() => first.batches.length > 0);
    await first.stop();
    await setTimeout(300);
    const connections = sockets();
    release();
    await setTimeout(1000);
    expect(sockets()).toBe(connections);
    expect(await committed(topic, first.group)).toBe(0);
    const second = await start(topic, { group: first.group });
    await until(() => second.batches.length > 0);
    expect(second.batches).toEqual([["1"]]);
  });

  test("waits for a topic that does not exist yet, and reports it once", async () => {
    const topic = `orders-${randomUUID()}`;
    const { batches, cloud } = await start(topic);
    await until(() => cloud.reports.length > 0);
    await setTimeout(1500);
    expect(cloud.reports).toHaveLength(1);
    expect(cloud.reports[0]?.message).toContain(`cannot read topic ${topic} of Kafka at ${broker.brokers}`);
    await makeTopic(topic);
    await send(topic, "1");
    await until(() => batches.length > 0);
    expect(batches).toEqual([["1"]]);
  });
});

/** These tests stop the broker, so they do not run with KAFKA_BROKERS. The report says so. */
describe.runIf(!process.env.KAFKA_BROKERS)(
  "a broker that is down (not tested if KAFKA_BROKERS is set)",
  () => {
    test("an outage loses nothing, keeps the order, and is reported once", async () => {
      const topic = await newTopic();
      const { batches, cloud } = await start(topic);
      await send(topic, "1");
      await until(() => batches.length === 1);
      await broker.power?.off();
      await until(() => cloud.reports.length > 0);
      await broker.power?.on();
      await send(topic, "2");
      await send(topic, "3");
      await until(() => batches.flat().includes("3"));
      expect([...new Set(batches.flat())]).toEqual(["1", "2", "3"]);
      expect(cloud.reports.map(({ message }) => message)).toEqual([
        expect.stringContaining(`cannot read Kafka at ${broker.brokers}`),
      ]);
    });
  },
);

test("a whole local cloud: from Kafka to a bundled function that also has a queue", async () => {
  const topic = await newTopic();
  const arn = (id: string) => ({ "Fn::GetAtt": [id, "Arn"] });
  const queue = {
    Action: ["sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:GetQueueAttributes"],
    Resource: arn("Queue"),
  };
  const mappingOf = (Properties: object) => ({
    Type: "AWS::Lambda::EventSourceMapping",
    Properties: { FunctionName: { Ref: "React" }, ...Properties },
  });
  const assembly = writeAssembly({
    code: {
      react: `export const handler = async (event) => {
        for (const { value } of Object.values(event.records).flat())
          console.log("late by", Date.now() - Number(Buffer.from(value, "base64").toString()), "ms");
      };`,
    },
    Resources: {
      Role: role("lambda.amazonaws.com", logs, queue),
      React: lambda("react", "Role"),
      Queue: { Type: "AWS::SQS::Queue" },
      QueueMapping: mappingOf({ EventSourceArn: arn("Queue") }),
      KafkaMapping: mappingOf({
        SelfManagedEventSource: { Endpoints: { KafkaBootstrapServers: broker.brokers.split(",") } },
        Topics: [topic],
        StartingPosition: "TRIM_HORIZON",
      }),
    },
  });
  const told = reports();
  const cloud = await localCloud({ assembly, port: 0, report: told.report });
  ends.push(cloud.stop);
  const lines = () =>
    told.all.filter(({ message }) => message.startsWith("late by")).map(({ message }) => message);
  for (let count = 1; count <= 20; count++) {
    await send(topic, String(Date.now()));
    await until(() => lines().length === count);
  }
  if (process.env.SHOW_LATENCY) process.stderr.write(`${lines().join("\n")}\n`);
  expect(told.problems()).toEqual([]);
});

test("a broker that is down at startup does not prevent the start, and is reported once for all mappings", async () => {
  const brokers = `127.0.0.1:${await freePort()}`;
  const properties = {
    SelfManagedEventSource: { Endpoints: { KafkaBootstrapServers: [brokers] } },
  };
  const cloud = await testCloud({
    providers: [[kafkaMappings(undefined), "AWS::Lambda::EventSourceMapping"]],
    resources: ["a", "b", "c"].map((group) => mapping(`orders-${group}`, group, properties)),
  });
  await until(() => cloud.reports.length > 0);
  await setTimeout(1500);
  expect(cloud.reports).toHaveLength(1);
  await cloud.stop();
});
