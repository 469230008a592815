import { App, Stack } from "aws-cdk-lib";
import { Template } from "aws-cdk-lib/assertions";
import { expect, test } from "vitest";
import { kafka } from "../../../lib/adapters/kafka/construct.ts";

const secretArn = "arn:aws:secretsmanager:eu-central-1:123456789012:secret:kafka-AbCdEf";
const brokers = ["a.example.org:9092", "b.example.org:9092"];
const categories = ["order", "payment"];
const signIn = { mechanism: "scram-sha-512", secretArn } as const;

const interest = { eventTypes: ["OrderPlaced"], saga: { name: "checkout", hearsItself: false } };
const destination = {
  queueArn: "queue",
  deadLettersArn: "dead-letters",
  retry: { attemptsMax: 1, ageSecondsMax: 1 },
  admit: () => expect.unreachable(),
};

const made = (options: Parameters<typeof kafka>[0]) => {
  const stack = new Stack(new App(), "Stack");
  const { publish, subscribe } = kafka(options)(stack, { source: "shop" });
  const { consume, connect } = subscribe("checkout", { ...interest, categories });
  connect(stack, { functionName: "react", destination });
  const mappings = Template.fromStack(stack).findResources("AWS::Lambda::EventSourceMapping");
  return { publish, consume, mappings: Object.values(mappings).map(({ Properties }) => Properties) };
};

test("every category that it is interested in has a mapping of its own, with a group of its own", () => {
  const { mappings } = made({ brokers, signIn });
  expect(mappings).toEqual(
    categories.map((category) => ({
      FunctionName: "react",
      SelfManagedEventSource: { Endpoints: { KafkaBootstrapServers: brokers } },
      SourceAccessConfigurations: [{ Type: "SASL_SCRAM_512_AUTH", URI: secretArn }],
      SelfManagedKafkaEventSourceConfig: { ConsumerGroupId: `shop.checkout.${category}` },
      Topics: [`shop.${category}`],
      StartingPosition: "TRIM_HORIZON",
      BatchSize: 100,
    })),
  );
});

const credentials = {
  KAFKA_BROKERS: "a.example.org:9092,b.example.org:9092",
  KAFKA_SECURITY: "scram-sha-512",
  KAFKA_USERNAME: `{{resolve:secretsmanager:${secretArn}:SecretString:username}}`,
  KAFKA_PASSWORD: `{{resolve:secretsmanager:${secretArn}:SecretString:password}}`,
};

test("whoever publishes knows the brokers and the application, and needs no right of AWS", () => {
  const { publish } = made({ brokers, signIn });
  expect(publish).toEqual({ environment: { ...credentials, EVENT_SOURCE: "shop" }, statements: [] });
});

test("whoever consumes knows its group and may read the secret, which its mapping signs in with", () => {
  const { consume } = made({ brokers, signIn });
  expect(consume).toEqual({
    environment: {
      ...credentials,
      KAFKA_GROUP: "shop.checkout",
      KAFKA_INTEREST: '{"eventTypes":["OrderPlaced"],"saga":{"name":"checkout","hearsItself":false}}',
    },
    statements: [{ actions: ["secretsmanager:GetSecretValue"], resources: [secretArn] }],
  });
});

test("brokers that ask nobody get no name", () => {
  const { consume, mappings } = made({ brokers });
  expect(consume).toEqual({
    environment: {
      KAFKA_BROKERS: "a.example.org:9092,b.example.org:9092",
      KAFKA_GROUP: "shop.checkout",
      KAFKA_INTEREST: JSON.stringify(interest),
    },
    statements: [],
  });
  expect(mappings[0]).not.toHaveProperty("SourceAccessConfigurations");
});
