import { App, Stack } from "aws-cdk-lib";
import { Template } from "aws-cdk-lib/assertions";
import { expect, test } from "vitest";
import { rabbitMqResources } from "../../../lib/adapters/rabbitmq/construct.ts";

const options = {
  url: "amqps://b-1.mq.eu-central-1.on.aws:5671",
  brokerArn: "arn:aws:mq:eu-central-1:123456789012:broker:shop:b-1",
  secretArn: "arn:aws:secretsmanager:eu-central-1:123456789012:secret:rabbitmq-AbCdEf",
};
const destination = {
  queueArn: "queue",
  deadLettersArn: "dead-letters",
  retry: { attemptsMax: 1, ageSecondsMax: 1 },
  admit: () => expect.unreachable(),
};

test("a handler has its own queue, which every publisher declares and a mapping reads", () => {
  const stack = new Stack(new App(), "Stack");
  const { publish, subscribe } = rabbitMqResources(options)(stack, { source: "shop" });
  const saga = { name: "checkout" };
  const { consume, connect } = subscribe("checkout", {
    categories: ["order"],
    eventTypes: ["OrderPlaced"],
    saga,
  });
  connect(stack, { functionName: "react", destination });

  expect(stack.resolve(publish)).toEqual({
    environment: {
      AMQP_URL: options.url,
      EVENT_SOURCE: "shop",
      EVENT_SUBSCRIPTIONS: JSON.stringify([{ name: "checkout", eventTypes: ["OrderPlaced"], saga }]),
    },
    statements: [],
  });
  expect(consume).toEqual({
    environment: { AMQP_URL: options.url, EVENT_SOURCE: "shop" },
    statements: [
      { actions: ["mq:DescribeBroker"], resources: [options.brokerArn] },
      { actions: ["secretsmanager:GetSecretValue"], resources: [options.secretArn] },
    ],
  });
  Template.fromStack(stack).hasResourceProperties("AWS::Lambda::EventSourceMapping", {
    FunctionName: "react",
    EventSourceArn: options.brokerArn,
    Queues: ["shop.checkout"],
    SourceAccessConfigurations: [
      { Type: "BASIC_AUTH", URI: options.secretArn },
      { Type: "VIRTUAL_HOST", URI: "/" },
    ],
    BatchSize: 100,
  });
});
