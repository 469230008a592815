/** The RabbitMQ event source mappings of the local cloud, with a real server. */
import { randomUUID } from "node:crypto";
import { setTimeout } from "node:timers/promises";
import { Connection, type Envelope } from "rabbitmq-client";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { type RabbitMq, startRabbitMq } from "../../bin/brokers/rabbitmq.ts";
import { localCloud } from "../../lib/local/local-cloud.ts";
import { freePort } from "../../lib/local/machine/free-port.ts";
import { mqMappings } from "../../lib/local/mapping/mq/mq-mapping.ts";
import type { Input } from "../../lib/local/service/service.ts";
import { lambda, logs, reports, role, writeAssembly } from "../local/app.ts";
import { resource, type TestCloud, type TestFunction, testCloud } from "../local/cloud.ts";

const brokerArn = "arn:aws:mq:eu-central-1:000000000000:broker:shop:b-1";
const secretArn = "arn:aws:secretsmanager:eu-central-1:000000000000:secret:broker";

let broker: RabbitMq;
let connection: Connection;
const ends: (() => Promise<unknown>)[] = [];

beforeAll(async () => {
  broker = await startRabbitMq();
  connection = new Connection({ url: broker.url, retryHigh: 500 });
  connection.on("error", () => undefined);
});
afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end();
});
afterAll(async () => {
  connection?.unsafeDestroy();
  await broker?.stop();
});

const until = async (holds: () => boolean | Promise<boolean>): Promise<void> => {
  while (!(await holds())) await setTimeout(10);
};

/** Without a delivery limit, the queue puts messages that are given back at its end. */
const quorum = { "x-queue-type": "quorum", "x-delivery-limit": 20 };

const makeQueue = async (queue: string, more: Readonly<Record<string, unknown>> = quorum) => {
  await connection.queueDeclare({ queue, durable: true, arguments: more });
};

const newQueue = async (more?: Readonly<Record<string, unknown>>): Promise<string> => {
  const queue = `shop.${randomUUID()}`;
  await makeQueue(queue, more);
  return queue;
};

const send = async (queue: string, ...bodies: readonly unknown[]) => {
  const publisher = connection.createPublisher({ confirm: true });
  for (const body of bodies) await publisher.send({ routingKey: queue, durable: true }, body);
  await publisher.close();
};

const sendOne = async (envelope: Envelope, body: unknown) => {
  const publisher = connection.createPublisher({ confirm: true });
  await publisher.send(envelope, body);
  await publisher.close();
};

const left = async (queue: string): Promise<number> => {
  const { messageCount } = await connection.queueDeclare({ queue, passive: true });
  return messageCount;
};

type Message = { readonly data: string; readonly redelivered: boolean };
// The event that a mapping passes to its function.
const messagesOf = (event: unknown) =>
  Object.values(
    (event as { readonly rmqMessagesByQueue: { [key: string]: Message[] } }).rmqMessagesByQueue,
  ).flat();
const textsOf = (event: unknown) =>
  messagesOf(event).map(({ data }) => Buffer.from(data, "base64").toString());

const mapping = (queue: string, properties: Input = {}, id = "mapping") =>
  resource("AWS::Lambda::EventSourceMapping", id, {
    EventSourceArn: brokerArn,
    FunctionName: "react",
    Queues: [queue],
    SourceAccessConfigurations: [
      { Type: "BASIC_AUTH", URI: secretArn },
      { Type: "VIRTUAL_HOST", URI: "/" },
    ],
    ...properties,
  });

/** A cloud with one function. `batches` are the texts that it got. */
const start = async (queue: string, given: { run?: TestFunction; properties?: Input } = {}) => {
  const batches: string[][] = [];
  const events: unknown[] = [];
  const { run = () => null, properties = {} } = given;
  const cloud: TestCloud = await testCloud({
    providers: [[mqMappings(broker.url), "AWS::Lambda::EventSourceMapping"]],
    resources: [mapping(queue, properties)],
    functions: {
      react: (event) => {
        events.push(event);
        batches.push(textsOf(event));
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
  return { cloud, batches, events, stop, hurry };
};

const fail = () => {
  throw new Error("broken");
};

describe("a mapping of a queue", () => {
  test("passes messages in the format of AWS, with the permissions of the function's role", async () => {
    const queue = await newQueue({});
    const headers = { text: "é", number: 10, yes: true, list: ["a", 1], nested: { text: "b" } };
    const properties = {
      contentType: "application/octet-stream",
      priority: 3,
      correlationId: "c",
      replyTo: "r",
      expiration: "60000",
      messageId: "m",
      timestamp: 2021,
      type: "t",
      userId: "guest",
      appId: "a",
    };
    await sendOne({ routingKey: queue, durable: true, headers, ...properties }, Buffer.from([0, 255]));
    await sendOne({ routingKey: queue }, "text");
    const { events, cloud } = await start(queue);
    await until(() => events.flatMap(messagesOf).length === 2);
    expect(events[0]).toMatchObject({ eventSource: "aws:rmq", eventSourceArn: brokerArn });
    expect(Object.keys(Object(events[0]).rmqMessagesByQueue)).toEqual([`${queue}::/`]);
    expect(events.flatMap(messagesOf)).toEqual([
      {
        basicProperties: {
          ...properties,
          contentEncoding: null,
          headers: {
            text: { bytes: [-61, -87] },
            number: 10,
            yes: true,
            list: [{ bytes: [97] }, 1],
            nested: { text: { bytes: [98] } },
          },
          deliveryMode: 2,
          timestamp: "Jan 1, 1970, 12:33:41 AM",
          clusterId: null,
          bodySize: 2,
        },
        redelivered: false,
        data: "AP8=",
      },
      {
        basicProperties: {
          contentType: "text/plain",
          contentEncoding: null,
          headers: null,
          deliveryMode: 1,
          priority: null,
          correlationId: null,
          replyTo: null,
          expiration: null,
          messageId: null,
          // The sending client sets the timestamp.
          timestamp: expect.stringMatching(/^[A-Z][a-z]{2} \d+, \d{4}, \d+:\d\d:\d\d [AP]M$/),
          type: null,
          userId: null,
          appId: null,
          clusterId: null,
          bodySize: 4,
        },
        redelivered: false,
        data: "dGV4dA==",
      },
    ]);
    expect(cloud.asked.map(({ requirement }) => requirement)).toEqual(
      expect.arrayContaining([
        { action: "mq:DescribeBroker", resource: brokerArn },
        { action: "secretsmanager:GetSecretValue", resource: secretArn },
      ]),
    );
  });

  test("passes at most BatchSize messages at once, in order, one batch at a time, and removes them from the queue", async () => {
    const queue = await newQueue();
    await send(queue, "1", "2", "3", "4", "5");
    const running = { now: 0, most: 0 };
    const { batches, stop } = await start(queue, {
      properties: { BatchSize: 2 },
      run: async () => {
        running.now += 1;
        running.most = Math.max(running.most, running.now);
        await setTimeout(5);
        running.now -= 1;
      },
    });
    await until(() => batches.flat().length === 5);
    expect(batches.flat()).toEqual(["1", "2", "3", "4", "5"]);
    expect(Math.max(...batches.map(({ length }) => length))).toBe(2);
    expect(running.most).toBe(1);
    await stop();
    expect(await left(queue)).toBe(0);
  });

  const kinds = [
    ["a classic queue", {}],
    ["a quorum queue", quorum],
  ] as const;

  test.each(kinds)("of %s: a failed batch is retried before any later message", async (_, more) => {
    const queue = await newQueue(more);
    await send(queue, "1", "2", "3");
    let failures = 3;
    const { batches, stop, hurry } = await start(queue, {
      properties: { BatchSize: 2 },
      run: () => failures-- > 0 && fail(),
    });
    await hurry(() => batches.flat().includes("3"));
    expect(batches.slice(0, 3).every(([first]) => first === "1")).toBe(true);
    expect(batches.slice(3).flat()).toEqual(["1", "2", "3"]);
    await stop();
    expect(await left(queue)).toBe(0);
  });

  test.each(kinds)("of %s: messages that arrive while a batch fails do not overtake it", async (_, more) => {
    const queue = await newQueue(more);
    await send(queue, "1");
    let isBroken = true;
    const { batches, hurry } = await start(queue, {
      run: async () => {
        if (!isBroken) return;
        await send(queue, "2", "3");
        await setTimeout(50);
        isBroken = false;
        fail();
      },
    });
    await hurry(() => batches.flat().includes("3"));
    expect(batches.flat()).toEqual(["1", "1", "2", "3"]);
  });

  test("a redelivered message has the flag and the number of its deliveries", async () => {
    const queue = await newQueue();
    await send(queue, "1");
    let failures = 2;
    const { events, hurry } = await start(queue, { run: () => failures-- > 0 && fail() });
    await hurry(() => events.length === 3);
    expect(messagesOf(events[2])).toMatchObject([
      { redelivered: true, basicProperties: { headers: { "x-delivery-count": 2 } } },
    ]);
  });

  test("waits for the batching window, but only until the batch is full", async () => {
    const queue = await newQueue();
    const properties = { BatchSize: 3, MaximumBatchingWindowInSeconds: 300 };
    const { batches, hurry } = await start(queue, { properties });
    await send(queue, "1");
    await setTimeout(100);
    await send(queue, "2");
    await setTimeout(100);
    expect(batches).toEqual([]);
    await send(queue, "3", "4");
    await until(() => batches.length === 1);
    expect(batches).toEqual([["1", "2", "3"]]);
    await hurry(() => batches.length === 2);
    expect(batches[1]).toEqual(["4"]);
  });

  test("a message that no filter matches is removed without an invocation", async () => {
    const queue = await newQueue();
    await send(queue, { kind: "b" }, "no JSON", { kind: "a" });
    const Pattern = '{"data":{"kind":["a"]}}';
    const { batches, stop } = await start(queue, {
      properties: { FilterCriteria: { Filters: [{ Pattern }] } },
    });
    await until(() => batches.length > 0);
    expect(batches).toEqual([['{"kind":"a"}']]);
    await stop();
    expect(await left(queue)).toBe(0);
  });

  test("stop waits for the current batch and leaves the rest in the queue, in order", async () => {
    const queue = await newQueue();
    await send(queue, "1", "2", "3");
    let isDone = false;
    const first = await start(queue, {
      properties: { BatchSize: 1 },
      run: async () => {
        await setTimeout(300);
        isDone = true;
      },
    });
    await until(() => first.batches.length === 1);
    await first.stop();
    expect([isDone, first.batches]).toEqual([true, [["1"]]]);
    const second = await start(queue);
    await until(() => second.batches.flat().length === 2);
    expect(second.batches.flat()).toEqual(["2", "3"]);
  });

  test("stop while a batch waits for its retry leaves it in the queue", async () => {
    const queue = await newQueue();
    await send(queue, "1");
    const { batches, stop } = await start(queue, { run: fail });
    await until(() => batches.length > 0);
    await stop();
    await until(async () => (await left(queue)) === 1);
  });

  test("stop does not wait for a function that hangs, and its batch comes again", async () => {
    const queue = await newQueue();
    await send(queue, "1");
    const first = await start(queue, { run: () => new Promise(() => {}) });
    await until(() => first.batches.length > 0);
    await first.stop();
    const second = await start(queue);
    await until(() => second.batches.length > 0);
    expect(second.batches).toEqual([["1"]]);
  });

  test("reads in the virtual host of the template", async () => {
    const SourceAccessConfigurations = [
      { Type: "BASIC_AUTH", URI: secretArn },
      { Type: "VIRTUAL_HOST", URI: "/else/where" },
    ];
    const { cloud } = await start(await newQueue(), { properties: { SourceAccessConfigurations } });
    await until(() => cloud.reports.length > 0);
    expect(cloud.reports[0]?.message).toContain("vhost /else/where not found");
  });

  test("waits for a queue that does not exist yet, and reports it once", async () => {
    const queue = `shop.${randomUUID()}`;
    const { batches, cloud } = await start(queue);
    await until(() => cloud.reports.length > 0);
    await setTimeout(1500);
    expect(cloud.reports).toHaveLength(1);
    expect(cloud.reports[0]?.message).toContain(`queue ${queue} of RabbitMQ at`);
    await makeQueue(queue);
    await send(queue, "1");
    await until(() => batches.length > 0);
    expect(batches).toEqual([["1"]]);
  });
});

/** These tests stop the server, so they do not run with AMQP_URL. The report says so. */
describe.runIf(!process.env.AMQP_URL)("a server that is down (not tested if AMQP_URL is set)", () => {
  test("an outage loses nothing, keeps the order, and is reported once", async () => {
    const queue = await newQueue({});
    const { batches, cloud } = await start(queue);
    await send(queue, "1");
    await until(() => batches.length === 1);
    // A queue that was just created may be lost, because the server has not yet stored it.
    await setTimeout(1500);
    await broker.power?.off();
    await until(() => cloud.reports.length > 0);
    await broker.power?.on();
    await connection.onConnect();
    await send(queue, "2", "3");
    await until(() => batches.flat().includes("3"));
    expect([...new Set(batches.flat())]).toEqual(["1", "2", "3"]);
    expect(cloud.reports.map(({ message }) => message)).toEqual([
      expect.stringContaining("RabbitMQ at 127.0.0.1"),
    ]);
  });

  test("a server that comes back without the queue is reported too", async () => {
    const queue = `shop.${randomUUID()}`;
    await broker.power?.off();
    const { batches, cloud } = await start(queue);
    await until(() => cloud.reports.length > 0);
    await broker.power?.on();
    await until(() => cloud.reports.length > 1);
    expect(cloud.reports.map(({ message }) => message)).toEqual([
      expect.stringContaining("RabbitMQ at 127.0.0.1"),
      expect.stringContaining(`queue ${queue} of RabbitMQ at 127.0.0.1`),
    ]);
    await connection.onConnect();
    await makeQueue(queue);
    await send(queue, "1");
    await until(() => batches.length > 0);
    expect(batches).toEqual([["1"]]);
  });
});

test("a whole local cloud: from RabbitMQ to a bundled function that also has a queue", async () => {
  const queue = await newQueue();
  const arn = (id: string) => ({ "Fn::GetAtt": [id, "Arn"] });
  const grants = [
    { Action: ["sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:GetQueueAttributes"], Resource: arn("Queue") },
    { Action: "mq:DescribeBroker", Resource: brokerArn },
    { Action: "secretsmanager:GetSecretValue", Resource: secretArn },
  ];
  const mappingOf = (Properties: object) => ({
    Type: "AWS::Lambda::EventSourceMapping",
    Properties: { FunctionName: { Ref: "React" }, ...Properties },
  });
  const assembly = writeAssembly({
    code: {
      react: `export const handler = async (event) => {
        for (const { data } of Object.values(event.rmqMessagesByQueue).flat())
          console.log("late by", Date.now() - Number(Buffer.from(data, "base64").toString()), "ms");
      };`,
    },
    Resources: {
      Role: role("lambda.amazonaws.com", logs, ...grants),
      React: lambda("react", "Role"),
      Queue: { Type: "AWS::SQS::Queue" },
      QueueMapping: mappingOf({ EventSourceArn: arn("Queue") }),
      MqMapping: mappingOf({
        EventSourceArn: brokerArn,
        Queues: [queue],
        SourceAccessConfigurations: [{ Type: "BASIC_AUTH", URI: secretArn }],
      }),
    },
  });
  const told = reports();
  const cloud = await localCloud({ assembly, port: 0, amqp: broker.url, report: told.report });
  ends.push(cloud.stop);
  const lines = () =>
    told.all.filter(({ message }) => message.startsWith("late by")).map(({ message }) => message);
  for (let count = 1; count <= 20; count++) {
    await send(queue, String(Date.now()));
    await until(() => lines().length === count);
  }
  if (process.env.SHOW_LATENCY) process.stderr.write(`${lines().join("\n")}\n`);
  expect(told.problems()).toEqual([]);
});

test("a server that is down at startup does not prevent the start, and is reported once for all mappings", async () => {
  const url = `amqp://guest:guest@127.0.0.1:${await freePort()}`;
  const cloud = await testCloud({
    providers: [[mqMappings(url), "AWS::Lambda::EventSourceMapping"]],
    resources: ["a", "b", "c"].map((id) => mapping(`shop.${id}`, {}, id)),
  });
  await until(() => cloud.reports.length > 0);
  await setTimeout(1500);
  expect(cloud.reports).toHaveLength(1);
  await cloud.stop();
});
