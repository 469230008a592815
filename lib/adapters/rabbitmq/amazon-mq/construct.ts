/**
 * A RabbitMQ broker of Amazon MQ, created with the stack: the smallest one, on one machine or three. Functions
 * reach it over TLS with a user name and a generated password, so they need no VPC. The broker costs money as long
 * as it exists. It is deleted with the stack, because the event store has every event that was ever in it.
 */
import { CfnOutput, Fn, Stack } from "aws-cdk-lib";
import { CfnBroker } from "aws-cdk-lib/aws-amazonmq";
import { Secret } from "aws-cdk-lib/aws-secretsmanager";
import { Construct } from "constructs";
import { acknowledge, type Reasons } from "../../../constructs/findings/acknowledge.ts";

/** One broker, or a cluster of three. */
export type Deployment = "single" | "cluster";

/** The URL for functions, the ARN of the broker, and the secret with the login. */
type AmazonMqBroker = {
  readonly url: string;
  readonly brokerArn: string;
  readonly secretArn: string;
};

const deploymentModes = { single: "SINGLE_INSTANCE", cluster: "CLUSTER_MULTI_AZ" } as const satisfies Record<
  Deployment,
  string
>;

/** RabbitMQ 4 runs only on this family, and this is its smallest machine for RabbitMQ. */
const machine = { engineType: "RABBITMQ", engineVersion: "4.2", hostInstanceType: "mq.m7g.medium" } as const;
const username = "eventfold";
/** Amazon MQ allows 2 to 50 characters. */
const nameLengthMax = 50;

const acceptedForLogin: Reasons = {
  "AwsSolutions-SMG4":
    "The broker keeps its own copy of the password, and functions get it by a deployment. A rotation of the secret alone would lock them out.",
};

/** Creates a broker of Amazon MQ. */
export const amazonMqResources = (parent: Construct, deployment: Deployment): AmazonMqBroker => {
  const scope = new Construct(parent, "RabbitMq");
  // No punctuation: the password is part of a URL, and Amazon MQ refuses some characters.
  const secret = new Secret(scope, "Login", {
    generateSecretString: {
      secretStringTemplate: JSON.stringify({ username }),
      generateStringKey: "password",
      excludePunctuation: true,
      passwordLength: 32,
    },
  });
  acknowledge(secret, acceptedForLogin);
  const password = secret.secretValueFromJson("password").unsafeUnwrap();
  const broker = new CfnBroker(scope, "Broker", {
    ...machine,
    brokerName: `${Stack.of(scope).stackName}-events`.slice(0, nameLengthMax),
    deploymentMode: deploymentModes[deployment],
    publiclyAccessible: true,
    autoMinorVersionUpgrade: true,
    logs: { general: true },
    users: [{ username, password }],
  });
  const endpoint = Fn.select(1, Fn.split("//", Fn.select(0, broker.attrAmqpEndpoints)));
  const stack = Stack.of(scope);
  // For commands that declare the queues or connect to the broker.
  new CfnOutput(stack, "RabbitMqEndpoint", { value: endpoint });
  new CfnOutput(stack, "RabbitMqLogin", { value: secret.secretArn });
  return {
    url: Fn.join("", ["amqps://", username, ":", password, "@", endpoint]),
    brokerArn: broker.attrArn,
    secretArn: secret.secretArn,
  };
};
