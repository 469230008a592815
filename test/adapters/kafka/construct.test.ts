import { App, Stack } from "aws-cdk-lib";
import { Template } from "aws-cdk-lib/assertions";
import { expect, test } from "vitest";
import { kafkaResources } from "../../../lib/adapters/kafka/construct.ts";

const secretArn = "arn:aws:secretsmanager:eu-central-1:123456789012:secret:kafka-AbCdEf";
const brokers = ["a.example.org:9092", "b.example.org:9092"];
const categories = ["order", "payment"];
const signIn = { mechanism: "scram-sha-512", secretArn } as const;

const interest = { eventTypes: ["OrderPlaced"], saga: { name: "checkout" } };
const destination = {
  queueArn: "queue",
  deadLettersArn: "dead-letters",
  retry: { attemptsMax: 1, ageSecondsMax: 1 },
  admit: () => expect.unreachable(),
};

const made = (options: Parameters<typeof kafkaResources>[0]) => {
  const stack = new Stack(new App(), "Stack");
  const { publish, redrive, subscribe } = kafkaResources(options)(stack, { source: "shop" });
  const { consume, connect } = subscribe("checkout", { ...interest, categories });
  connect(stack, { functionName: "react", destination });
  const mappings = Template.fromStack(stack).findResources("AWS::Lambda::EventSourceMapping");
  return { publish, redrive, consume, mappings: Object.values(mappings).map(({ Properties }) => Properties) };
};

test("each category that a handler is interested in has a mapping with its own group", () => {
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

test("a publisher has the brokers and the application in its environment, and needs no permission in AWS", () => {
  const { publish } = made({ brokers, signIn });
  expect(publish).toEqual({ environment: { ...credentials, EVENT_SOURCE: "shop" }, statements: [] });
});

test("a consumer has its group in its environment and may read the secret with which its mapping signs in", () => {
  const { consume } = made({ brokers, signIn });
  expect(consume).toEqual({
    environment: {
      ...credentials,
      KAFKA_GROUP: "shop.checkout",
      KAFKA_INTEREST: '{"eventTypes":["OrderPlaced"],"saga":{"name":"checkout"}}',
    },
    statements: [{ actions: ["secretsmanager:GetSecretValue"], resources: [secretArn] }],
  });
});

test("brokers without authentication get no user name", () => {
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

const clusterArn = "arn:aws:kafka:eu-central-1:123456789012:cluster/events/0a1b-2";
const msk = { brokers: ["b-1-public.events.kafka.eu-central-1.amazonaws.com:9198"] };
const role = { ...msk, signIn: { mechanism: "iam", clusterArn } } as const;

test("a cluster of Amazon MSK is read by its ARN, and identifies functions by their roles", () => {
  const { mappings, publish } = made(role);
  expect(mappings).toEqual(
    categories.map((category) => ({
      FunctionName: "react",
      EventSourceArn: clusterArn,
      AmazonManagedKafkaEventSourceConfig: { ConsumerGroupId: `shop.checkout.${category}` },
      Topics: [`shop.${category}`],
      StartingPosition: "TRIM_HORIZON",
      BatchSize: 100,
    })),
  );
  expect(publish.environment).toEqual({
    KAFKA_BROKERS: msk.brokers.join(),
    KAFKA_SECURITY: "iam",
    EVENT_SOURCE: "shop",
  });
});

test("in a cluster of Amazon MSK each function may use only its own topics and groups", () => {
  const { publish, consume, redrive } = made(role);
  const rights = (statements: (typeof publish)["statements"] = []) =>
    statements.flatMap(({ actions, resources }) =>
      actions.flatMap((action) =>
        resources.map((resource) => `${action} on ${resource.replace(/^arn:aws:.*?:123456789012:/, "")}`),
      ),
    );
  const produce = [
    "kafka-cluster:Connect on cluster/events/0a1b-2",
    "kafka-cluster:WriteDataIdempotently on cluster/events/0a1b-2",
  ];
  expect(rights(publish.statements)).toEqual([
    ...produce,
    "kafka-cluster:DescribeTopic on topic/events/0a1b-2/shop.*",
    "kafka-cluster:WriteData on topic/events/0a1b-2/shop.*",
  ]);
  expect(rights(consume.statements)).toEqual([
    ...produce,
    "kafka:DescribeClusterV2 on cluster/events/0a1b-2",
    "kafka:GetBootstrapBrokers on cluster/events/0a1b-2",
    "kafka-cluster:DescribeGroup on group/events/0a1b-2/shop.checkout.order",
    "kafka-cluster:DescribeGroup on group/events/0a1b-2/shop.checkout.payment",
    "kafka-cluster:AlterGroup on group/events/0a1b-2/shop.checkout.order",
    "kafka-cluster:AlterGroup on group/events/0a1b-2/shop.checkout.payment",
    "kafka-cluster:DescribeTopic on topic/events/0a1b-2/shop.order",
    "kafka-cluster:DescribeTopic on topic/events/0a1b-2/shop.payment",
    "kafka-cluster:ReadData on topic/events/0a1b-2/shop.order",
    "kafka-cluster:ReadData on topic/events/0a1b-2/shop.payment",
    "kafka-cluster:DescribeTopic on topic/events/0a1b-2/shop.checkout.dead-letters",
    "kafka-cluster:WriteData on topic/events/0a1b-2/shop.checkout.dead-letters",
    "ec2:CreateNetworkInterface on network-interface/*",
    "ec2:CreateNetworkInterface on subnet/*",
    "ec2:CreateNetworkInterface on security-group/*",
    "ec2:DeleteNetworkInterface on network-interface/*",
    "ec2:DescribeNetworkInterfaces on *",
    "ec2:DescribeSecurityGroups on *",
    "ec2:DescribeSubnets on *",
    "ec2:DescribeVpcs on *",
  ]);
  expect(rights(redrive?.statements)).toEqual([
    "kafka-cluster:DescribeGroup on group/events/0a1b-2/shop.*.dead-letters",
    "kafka-cluster:AlterGroup on group/events/0a1b-2/shop.*.dead-letters",
    "kafka-cluster:DescribeTopic on topic/events/0a1b-2/shop.*.dead-letters",
    "kafka-cluster:ReadData on topic/events/0a1b-2/shop.*.dead-letters",
    "kafka-cluster:WriteData on topic/events/0a1b-2/shop.*.dead-letters",
  ]);
});

test("in a self-managed Kafka, operators need no further permission in AWS", () => {
  expect(made({ brokers, signIn }).redrive?.statements).toEqual([]);
});
