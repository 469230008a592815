import { App, Stack } from "aws-cdk-lib";
import { Match, Template } from "aws-cdk-lib/assertions";
import { expect, test } from "vitest";
import { amazonMqResources, type Deployment } from "../../../../lib/adapters/rabbitmq/amazon-mq/construct.ts";

const made = (deployment: Deployment) => {
  const stack = new Stack(new App(), "shop");
  const broker = stack.resolve(amazonMqResources(stack, deployment));
  return { broker, template: Template.fromStack(stack) };
};

test.each([
  ["single", "SINGLE_INSTANCE"],
  ["cluster", "CLUSTER_MULTI_AZ"],
] as const)(
  "a broker that is %s is the smallest of its kind, reached over TLS, and keeps a log",
  (deployment, mode) => {
    const { template } = made(deployment);
    template.hasResourceProperties("AWS::AmazonMQ::Broker", {
      BrokerName: "shop-events",
      EngineType: "RABBITMQ",
      EngineVersion: "4.2",
      HostInstanceType: "mq.m7g.medium",
      DeploymentMode: mode,
      PubliclyAccessible: true,
      AutoMinorVersionUpgrade: true,
      Logs: { General: true },
    });
  },
);

test("its password is generated, is not in the template, and needs no encoding in a URL", () => {
  const { template, broker } = made("single");
  template.hasResourceProperties("AWS::SecretsManager::Secret", {
    GenerateSecretString: {
      SecretStringTemplate: '{"username":"eventfold"}',
      GenerateStringKey: "password",
      ExcludePunctuation: true,
      PasswordLength: 32,
    },
  });
  const password = ["{{resolve:secretsmanager:", { Ref: Match.anyValue() }, ":SecretString:password::}}"];
  template.hasResourceProperties("AWS::AmazonMQ::Broker", {
    Users: [{ Username: "eventfold", Password: { "Fn::Join": ["", password] } }],
  });
  const [, parts] = broker.url["Fn::Join"];
  expect(parts[0]).toBe("amqps://eventfold:{{resolve:secretsmanager:");
  expect(JSON.stringify(parts)).toContain("AmqpEndpoints");
});

test("no VPC is created", () => {
  const types = Object.values(made("cluster").template.toJSON().Resources).map(
    // Templates are JSON, and every resource has a type.
    (resource) => (resource as { readonly Type: string }).Type,
  );
  expect(types.toSorted()).toEqual(["AWS::AmazonMQ::Broker", "AWS::SecretsManager::Secret"]);
});
