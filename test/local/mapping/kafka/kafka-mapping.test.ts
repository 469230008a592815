import { describe, expect, test } from "vitest";
import { localCloud } from "../../../../lib/local/local-cloud.ts";
import { kafkaMappings } from "../../../../lib/local/mapping/kafka/kafka-mapping.ts";
import { filteredBy, kafkaEvent, kafkaRecord } from "../../../../lib/local/mapping/kafka/kafka-record.ts";
import type { Input } from "../../../../lib/local/service/service.ts";
import { lambda, logs, role, writeAssembly } from "../../app.ts";
import { resource, testCloud } from "../../cloud.ts";

const clusterArn = "arn:aws:kafka:eu-central-1:123456789012:cluster/shop/1";
const brokers = { Endpoints: { KafkaBootstrapServers: ["127.0.0.1:1"] } };
const ofCluster = { EventSourceArn: clusterArn, SelfManagedEventSource: undefined };

const start = async (properties: Input, kafka?: string, denied: readonly string[] = []) => {
  const mapping = resource("AWS::Lambda::EventSourceMapping", "mapping", {
    SelfManagedEventSource: brokers,
    FunctionName: "react",
    Topics: ["shop.order"],
    StartingPosition: "TRIM_HORIZON",
    ...properties,
  });
  const cloud = await testCloud({ providers: [], resources: [] });
  for (const action of denied) cloud.deny(action);
  try {
    await kafkaMappings(kafka)(cloud.inner, [mapping]).start?.();
  } finally {
    await cloud.stop();
  }
};

const message = {
  key: Buffer.from("order-1"),
  value: Buffer.from('{"a":1}'),
  headers: { ce_id: "é", twice: [Buffer.from("a"), "b"] },
  timestamp: "1545084650987",
  attributes: 0,
  offset: "15",
};

describe("a message of Kafka", () => {
  test("is in the event under its topic and partition, with the bytes of its header signed", () => {
    const source = { eventSource: "SelfManagedKafka", bootstrapServers: "a:9092,b:9092" };
    expect(kafkaEvent(source, [kafkaRecord("shop.order", 3, message)])).toEqual({
      eventSource: "SelfManagedKafka",
      bootstrapServers: "a:9092,b:9092",
      records: {
        "shop.order-3": [
          {
            topic: "shop.order",
            partition: 3,
            offset: 15,
            timestamp: 1545084650987,
            timestampType: "CREATE_TIME",
            key: "b3JkZXItMQ==",
            value: "eyJhIjoxfQ==",
            headers: [{ ce_id: [-61, -87] }, { twice: [97] }, { twice: [98] }],
          },
        ],
      },
    });
  });

  test("says if the broker has set its time", () => {
    const appended = kafkaRecord("t", 0, { ...message, batchContext: { timestampType: 1 } });
    expect(appended.timestampType).toBe("LOG_APPEND_TIME");
  });

  test("has no key and no value if Kafka has none", () => {
    const record = kafkaRecord("t", 0, { ...message, key: null, value: null });
    expect(record).not.toHaveProperty("key");
    expect(record).not.toHaveProperty("value");
    expect(filteredBy(record)).not.toHaveProperty("value");
  });

  test.each([
    ['{"a":1}', { a: 1 }],
    ["no JSON", "no JSON"],
    ["17", "17"],
  ])("of %s reaches a filter as what it is", (text, value) => {
    const record = kafkaRecord("t", 0, { ...message, value: Buffer.from(text) });
    expect(filteredBy(record)).toMatchObject({ topic: "t", value });
  });
});

describe("a mapping of Kafka", () => {
  test.each<readonly [Input, string]>([
    [
      { SourceAccessConfigurations: [{ Type: "SASL_SCRAM_512_AUTH", URI: "arn:secret" }] },
      'property SourceAccessConfigurations.0 = {"Type":"SASL_SCRAM_512_AUTH","URI":"arn:secret"}: only a Kafka without sign-in runs here',
    ],
    [{ StartingPosition: "AT_TIMESTAMP" }, 'property StartingPosition = "AT_TIMESTAMP"'],
    [{ Topics: ["a", "b"] }, 'property Topics = ["a","b"]: expected one topic'],
    [{ EventSourceArn: clusterArn }, "expected this or SelfManagedEventSource, got both"],
    [{ BatchSize: 10_001 }, "property BatchSize = 10001"],
    [{ ProvisionedPollerConfig: {} }, "property ProvisionedPollerConfig = {}: does not run here"],
    [{ FilterCriteria: { Filters: [{ Pattern: "{" }] } }, "Invalid filter pattern definition"],
    [ofCluster, "give the brokers to use in its place with the option kafka"],
  ])("with %j is refused with the reason", async (properties, because) => {
    await expect(start(properties)).rejects.toThrow(because);
    await expect(start(properties)).rejects.toThrow("mapping");
  });

  test("of Amazon MSK needs permissions to find its brokers; self-managed Kafka needs none", async () => {
    const denied = ["kafka:GetBootstrapBrokers"];
    await expect(start(ofCluster, "127.0.0.1:1", denied)).rejects.toThrow("kafka:GetBootstrapBrokers");
    await expect(start({ Enabled: false, ...ofCluster }, "127.0.0.1:1", denied)).resolves.toBeUndefined();
  });

  test("of Amazon MSK prevents the local cloud from starting if the option kafka is missing", async () => {
    const assembly = writeAssembly({
      code: { react: "export const handler = async () => {};" },
      Resources: {
        Role: role("lambda.amazonaws.com", logs),
        React: lambda("react", "Role"),
        Mapping: {
          Type: "AWS::Lambda::EventSourceMapping",
          Properties: {
            EventSourceArn: clusterArn,
            FunctionName: { Ref: "React" },
            Topics: ["shop.order"],
            StartingPosition: "TRIM_HORIZON",
          },
        },
      },
    });
    await expect(localCloud({ assembly, port: 0, report: () => {} })).rejects.toThrow("option kafka");
  });
});
