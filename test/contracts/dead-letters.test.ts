import {
  DeleteMessageCommand,
  ReceiveMessageCommand,
  SendMessageCommand,
  SQSClient,
} from "@aws-sdk/client-sqs";
import { afterAll, beforeAll, expect, test } from "vitest";
import { activity } from "../../lib/adapters/in-process/activity.ts";
import { inProcessBus } from "../../lib/adapters/in-process/bus.ts";
import { memoryDeadLetters } from "../../lib/adapters/memory/dead-letters.ts";
import { memoryLog } from "../../lib/adapters/memory/log.ts";
import { sqsDeadLetters } from "../../lib/adapters/sqs/dead-letters/dead-letters.ts";
import { type LocalCloud, localCloud } from "../../lib/local/local-cloud.ts";
import { retry } from "../../lib/ports/delivery.ts";
import {
  type DeadLettersUnderTest,
  deadLettersContract,
  handler,
  payloadOf,
} from "../../lib/testing/contracts/dead-letters.ts";
import { recordedEvent } from "../../lib/testing/contracts/samples/recorded-event.ts";
import { writeAssembly } from "../local/app.ts";

deadLettersContract("in memory", async () => {
  const deadLetters = memoryDeadLetters();
  return {
    deadLetters,
    add: async (events) => {
      for (const event of events)
        deadLetters.add(handler, { payload: payloadOf(event), event, at: event.metadata.recordedAt });
    },
    given: async () => deadLetters.redriven(handler).map(({ payload }) => payload),
  };
});

deadLettersContract("within one process", async () => {
  const [underWay, given] = [activity(), [] as string[]];
  let isBroken = true;
  const system = { activity: underWay, log: memoryLog(), random: () => 0, clock: () => new Date(0) };
  const bus = inProcessBus({ ...system, sleep: async () => {}, source: "shop" });
  bus.subscribe({
    handler,
    interest: { categories: ["order"], eventTypes: [recordedEvent().type] },
    delivery: { attempts: 5, concurrency: 2 },
    handle: async (deliveries) => {
      if (isBroken) return deliveries.map(({ id }) => retry(id));
      for (const each of deliveries) if (each.kind === "event") given.push(payloadOf(each.event));
      return [];
    },
  });
  return {
    deadLetters: bus.deadLetters,
    add: async (events) => {
      await bus.publish(events);
      await underWay.idle();
      isBroken = false;
    },
    given: async () => {
      await underWay.idle();
      return given;
    },
  };
});

/** Each test has its own queues. */
const places = 6;
let used = 0;
let cloud: LocalCloud;
let client: SQSClient;

const queues = (index: number) => ({
  [`Queue${index}`]: {
    Type: "AWS::SQS::Queue",
    Properties: {
      QueueName: `queue${index}`,
      RedrivePolicy: { deadLetterTargetArn: { "Fn::GetAtt": [`Dead${index}`, "Arn"] }, maxReceiveCount: 1 },
    },
  },
  [`Dead${index}`]: { Type: "AWS::SQS::Queue", Properties: { QueueName: `dead${index}` } },
});

beforeAll(async () => {
  const Resources = Object.assign({}, ...Array.from({ length: places }, (_, index) => queues(index)));
  cloud = await localCloud({ assembly: writeAssembly({ code: {}, Resources }), port: 0, report: () => {} });
  client = new SQSClient({
    region: "eu-central-1",
    endpoint: cloud.endpoint,
    credentials: cloud.ownerCredentials,
    useQueueUrlAsEndpoint: false,
  });
});

afterAll(async () => {
  client?.destroy();
  await cloud?.stop();
});

const sqsPlace = () => {
  const index = used++;
  const send = (MessageBody: string, MessageAttributes = {}) =>
    client.send(new SendMessageCommand({ QueueUrl: `dead${index}`, MessageBody, MessageAttributes }));

  const given = async (): Promise<readonly string[]> => {
    const QueueUrl = `queue${index}`;
    const { Messages = [] } = await client.send(
      new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 10 }),
    );
    for (const { ReceiptHandle } of Messages)
      await client.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle }));
    return Messages.map(({ Body = "" }) => Body);
  };
  return {
    deadLetters: sqsDeadLetters(
      client,
      () => `https://sqs/${index}/queue${index}`,
      () => false,
    ),
    send,
    given,
  };
};

deadLettersContract("of SQS on the local cloud", async (): Promise<DeadLettersUnderTest> => {
  const { send, ...place } = sqsPlace();
  return {
    ...place,
    add: async (events) => {
      for (const event of events) await send(payloadOf(event));
    },
  };
});

test("a dead letter of SQS says why it could not be read or delivered", async () => {
  const { deadLetters, send } = sqsPlace();
  const text = (StringValue: string) => ({ DataType: "String", StringValue });
  await send("garbage");
  await send(payloadOf(recordedEvent(1)), { ERROR_CODE: text("NO_PERMISSIONS"), ERROR_MESSAGE: text("no") });
  const reasons = (await deadLetters.list(handler, 10)).map(({ because }) => because);
  expect(reasons.toSorted()).toEqual([
    "undelivered: NO_PERMISSIONS: no",
    expect.stringMatching(/^unreadable: .*JSON/),
  ]);
});

test("a redrive of SQS that fails makes its dead letters visible at once", async () => {
  const { deadLetters, send } = sqsPlace();
  await send(payloadOf(recordedEvent(1)));
  const failing = deadLetters.redrive(handler, (letters) =>
    letters.map((each) => ({ ...each, payload: "" })),
  );
  await expect(failing).rejects.toThrow();
  expect(await deadLetters.list(handler, 10)).toHaveLength(1);
});
