import { describe, expect, test } from "vitest";
import { localCloud } from "../../../../lib/local/local-cloud.ts";
import { mqMappings } from "../../../../lib/local/mapping/mq/mq-mapping.ts";
import { filteredBy, mqEvent, mqRecord } from "../../../../lib/local/mapping/mq/mq-record.ts";
import type { Input } from "../../../../lib/local/service/service.ts";
import { lambda, logs, role, writeAssembly } from "../../app.ts";
import { resource, testCloud } from "../../cloud.ts";

const brokerArn = "arn:aws:mq:eu-central-1:123456789012:broker:shop:b-1";
const secretArn = "arn:aws:secretsmanager:eu-central-1:123456789012:secret:broker";
const signIn = { Type: "BASIC_AUTH", URI: secretArn };

const start = async (properties: Input, amqp?: string, denied: readonly string[] = []) => {
  const mapping = resource("AWS::Lambda::EventSourceMapping", "mapping", {
    EventSourceArn: brokerArn,
    FunctionName: "react",
    Queues: ["shop.checkout"],
    SourceAccessConfigurations: [signIn],
    ...properties,
  });
  const cloud = await testCloud({ providers: [], resources: [] });
  for (const action of denied) cloud.deny(action);
  try {
    await mqMappings(amqp)(cloud.inner, [mapping]).start?.();
  } finally {
    await cloud.stop();
  }
};

const message = {
  consumerTag: "c",
  deliveryTag: 1,
  exchange: "shop",
  routingKey: "order.OrderPlaced",
  redelivered: true,
  durable: true,
  contentType: "application/json",
  body: { a: 1 },
};

describe("a message of RabbitMQ", () => {
  test("is in the event under its queue and virtual host; missing properties are null", () => {
    const queue = { brokerArn, queue: "shop.checkout", virtualHost: "/" };
    expect(mqEvent(queue, [mqRecord(message)])).toEqual({
      eventSource: "aws:rmq",
      eventSourceArn: brokerArn,
      rmqMessagesByQueue: {
        "shop.checkout::/": [
          {
            basicProperties: {
              contentType: "application/json",
              contentEncoding: null,
              headers: null,
              deliveryMode: 2,
              priority: null,
              correlationId: null,
              replyTo: null,
              expiration: null,
              messageId: null,
              timestamp: null,
              type: null,
              userId: null,
              appId: null,
              clusterId: null,
              bodySize: 7,
            },
            redelivered: true,
            data: "eyJhIjoxfQ==",
          },
        ],
      },
    });
  });

  test("has strings in its headers as signed bytes at any depth; other values are unchanged", () => {
    const headers = { text: "é", number: 10, yes: true, none: null, list: ["a", 1], table: { text: "b" } };
    expect(mqRecord({ ...message, headers, body: "x" }).basicProperties.headers).toEqual({
      text: { bytes: [-61, -87] },
      number: 10,
      yes: true,
      none: null,
      list: [{ bytes: [97] }, 1],
      table: { text: { bytes: [98] } },
    });
  });

  test.each([
    [2021, "Jan 1, 1970, 12:33:41 AM"],
    [2 ** 64, "Sep 13, 275760, 12:00:00 AM"],
  ])("with the timestamp %d has its time in the format of AWS", (timestamp, text) => {
    expect(mqRecord({ ...message, timestamp }).basicProperties.timestamp).toBe(text);
  });

  test.each([
    ["application/json", { a: [1, "é"] }, '{"a":[1,"é"]}'],
    ["application/json", "text", '"text"'],
    ["application/json", null, "null"],
    ["application/json", Buffer.from("{no JSON"), "{no JSON"],
    ["text/plain", "text", "text"],
    ["application/cloudevents+json", Buffer.from("{}"), "{}"],
  ])("of %s with the body %j keeps its original bytes", (contentType, body, text) => {
    const { data, basicProperties } = mqRecord({ ...message, contentType, body });
    expect(Buffer.from(data, "base64").toString()).toBe(text);
    expect(basicProperties.bodySize).toBe(Buffer.byteLength(text));
  });

  test("of JSON reaches a filter as JSON", () => {
    expect(filteredBy(mqRecord(message))).toMatchObject({ data: { a: 1 } });
  });
});

describe("a mapping of Amazon MQ", () => {
  test.each<readonly [Input, string]>([
    [{}, "give the URL of the RabbitMQ to use in its place with the option amqp"],
    [{ Queues: ["a", "b"] }, 'property Queues = ["a","b"]: expected one queue'],
    [{ SourceAccessConfigurations: [] }, "expected an entry of type BASIC_AUTH"],
    [
      { SourceAccessConfigurations: [signIn, { Type: "SERVER_ROOT_CA_CERTIFICATE", URI: "x" }] },
      'property SourceAccessConfigurations.1.Type = "SERVER_ROOT_CA_CERTIFICATE"',
    ],
    [{ BatchSize: 0 }, "property BatchSize = 0"],
    [{ FunctionResponseTypes: ["ReportBatchItemFailures"] }, "property FunctionResponseTypes"],
  ])("with %j is refused with the reason", async (properties, because) => {
    await expect(start(properties)).rejects.toThrow(because);
    await expect(start(properties)).rejects.toThrow("mapping");
  });

  test.each(["localhost:5672", "http://localhost", "amqp://["])("with the broker %s is refused", (amqp) =>
    expect(start({}, amqp)).rejects.toThrow(`option amqp = ${amqp}`),
  );

  test.each(["mq:DescribeBroker", "secretsmanager:GetSecretValue"])("needs %s to read", async (action) => {
    const amqp = "amqp://127.0.0.1:1";
    await expect(start({}, amqp, [action])).rejects.toThrow(action);
    await expect(start({ Enabled: false }, amqp, [action])).resolves.toBeUndefined();
  });

  test("prevents the local cloud from starting if the option amqp is missing", async () => {
    const assembly = writeAssembly({
      code: { react: "export const handler = async () => {};" },
      Resources: {
        Role: role("lambda.amazonaws.com", logs),
        React: lambda("react", "Role"),
        Mapping: {
          Type: "AWS::Lambda::EventSourceMapping",
          Properties: {
            EventSourceArn: brokerArn,
            FunctionName: { Ref: "React" },
            Queues: ["shop.checkout"],
            SourceAccessConfigurations: [signIn],
          },
        },
      },
    });
    await expect(localCloud({ assembly, port: 0, report: () => {} })).rejects.toThrow("option amqp");
  });
});
