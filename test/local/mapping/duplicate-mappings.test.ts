import { expect, test } from "vitest";
import { kafkaMappings } from "../../../lib/local/mapping/kafka/kafka-mapping.ts";
import { mqMappings } from "../../../lib/local/mapping/mq/mq-mapping.ts";
import { queueMappings } from "../../../lib/local/mapping/queues/queue-mapping.ts";
import { streamMappings } from "../../../lib/local/mapping/streams/stream-mapping.ts";
import { type Input, type MakeProvider, ServiceError } from "../../../lib/local/service/service.ts";
import { resource, testCloud } from "../cloud.ts";
import { testStream } from "../stream.ts";

const queueArn = "arn:aws:sqs:eu-central-1:123456789012:work";
const streamArn = "arn:aws:dynamodb:eu-central-1:123456789012:table/orders/stream/2026-01-01";
const brokerArn = "arn:aws:mq:eu-central-1:123456789012:broker:shop:b-1";
const functionArn = "arn:aws:lambda:eu-central-1:123456789012:function:react";

const ofQueue = { EventSourceArn: queueArn };
const ofStream = { EventSourceArn: streamArn, StartingPosition: "TRIM_HORIZON" };
const ofTopic = {
  SelfManagedEventSource: { Endpoints: { KafkaBootstrapServers: ["127.0.0.1:1"] } },
  Topics: ["orders"],
  StartingPosition: "TRIM_HORIZON",
};
const ofMq = {
  EventSourceArn: brokerArn,
  Queues: ["orders"],
  SourceAccessConfigurations: [{ Type: "BASIC_AUTH", URI: "arn:secret" }],
};

const made = async (provider: MakeProvider, one: Input, other: Input) => {
  const mapping = (id: string, properties: Input) =>
    resource("AWS::Lambda::EventSourceMapping", id, { FunctionName: "react", Enabled: false, ...properties });
  const cloud = await testCloud({
    providers: [[provider, "AWS::Lambda::EventSourceMapping"]],
    resources: [mapping("first", one), mapping("second", other)],
  });
  await cloud.stop();
};

// The messages are recorded on AWS, spaces included, except for Kafka and Amazon MQ.
test.each<readonly [string, MakeProvider, Input, string]>([
  [
    "queue",
    queueMappings,
    ofQueue,
    `An event source mapping with SQS arn (" ${queueArn} ") and function (" react ") already exists. Please update or delete the existing mapping with UUID first`,
  ],
  [
    "stream",
    streamMappings,
    ofStream,
    `The event source arn (" ${streamArn} ") and function (" react ") provided mapping already exists. Please update or delete the existing mapping with UUID first`,
  ],
  ["topic", kafkaMappings(undefined), ofTopic, "already exists"],
  ["queue of RabbitMQ", mqMappings("amqp://127.0.0.1"), ofMq, "already exists"],
])("a second mapping of the same %s and function is a conflict", async (_, provider, source, message) => {
  for (const second of [source, { ...source, FunctionName: functionArn }, { ...source, BatchSize: 7 }]) {
    const refused = made(provider, source, second);
    await expect(refused).rejects.toThrow(message);
    await expect(refused).rejects.toMatchObject({ code: "ResourceConflictException", status: 409 });
    await expect(refused).rejects.toThrow("second (AWS::Lambda::EventSourceMapping), beside first");
  }
});

test.each<readonly [string, MakeProvider, Input, Input]>([
  ["another function", queueMappings, ofQueue, { ...ofQueue, FunctionName: "other" }],
  ["another queue", queueMappings, ofQueue, { EventSourceArn: `${queueArn}2` }],
  ["another stream", streamMappings, ofStream, { ...ofStream, EventSourceArn: `${streamArn}2` }],
  ["another topic", kafkaMappings(undefined), ofTopic, { ...ofTopic, Topics: ["stock"] }],
  ["another queue of the same broker", mqMappings("amqp://127.0.0.1"), ofMq, { ...ofMq, Queues: ["stock"] }],
])("a mapping of %s is not a conflict", async (_, provider, one, other) => {
  await expect(made(provider, one, other)).resolves.toBeUndefined();
});

// Recorded on AWS: test_esm_with_not_existing_dynamodb_stream.
test("a mapping of a stream that does not exist is refused as on AWS", async () => {
  const starting = testCloud({
    providers: [[streamMappings, "AWS::Lambda::EventSourceMapping"]],
    resources: [
      resource("AWS::Lambda::EventSourceMapping", "mapping", { FunctionName: "react", ...ofStream }),
    ],
    services: {
      dynamodb: {
        ...testStream().operations,
        DescribeStream: {
          requires: () => [],
          run: () => {
            throw new ServiceError("ResourceNotFoundException", "Requested resource not found");
          },
        },
      },
    },
  });
  await expect(starting).rejects.toMatchObject({
    code: "InvalidParameterValueException",
    message: `Stream not found: ${streamArn}`,
  });
});
