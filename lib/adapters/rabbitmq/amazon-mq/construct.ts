/**
 * A RabbitMQ broker of Amazon MQ, made with the stack: the smallest one, on one machine or on three. It is reached over
 * TLS from everywhere, with a name and a password that nobody ever sees, so that functions need no network of their own.
 * It costs money as long as it is there, and goes with the stack: the event store has all that ever was in it.
 */
import { CfnOutput, Fn, Stack } from "aws-cdk-lib";
import { CfnBroker } from "aws-cdk-lib/aws-amazonmq";
import { Secret } from "aws-cdk-lib/aws-secretsmanager";
import { Construct } from "constructs";

export type Deployment = "single" | "cluster";

/** Where functions reach it, what it is called, and who signs in. */
type AmazonMqBroker = {
  readonly url: string;
  readonly brokerArn: string;
  readonly secretArn: string;
};

const deploymentModes = { single: "SINGLE_INSTANCE", cluster: "CLUSTER_MULTI_AZ" } as const satisfies Record<
  Deployment,
  string
>;

/** RabbitMQ 4 runs on this family only, and no smaller machine is offered for RabbitMQ. */
const machine = { engineType: "RABBITMQ", engineVersion: "4.2", hostInstanceType: "mq.m7g.medium" } as const;
const username = "eventfold";
/** Amazon MQ allows 2 to 50 characters. */
const nameLengthMax = 50;

export const amazonMqResources = (parent: Construct, deployment: Deployment): AmazonMqBroker => {
  const scope = new Construct(parent, "RabbitMq");
  // No punctuation: it stands in a URL, and Amazon MQ refuses some of it.
  const secret = new Secret(scope, "Login", {
    generateSecretString: {
      secretStringTemplate: JSON.stringify({ username }),
      generateStringKey: "password",
      excludePunctuation: true,
      passwordLength: 32,
    },
  });
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
  // For whoever declares the queues in it, and looks into it.
  new CfnOutput(stack, "RabbitMqEndpoint", { value: endpoint });
  new CfnOutput(stack, "RabbitMqLogin", { value: secret.secretArn });
  return {
    url: Fn.join("", ["amqps://", username, ":", password, "@", endpoint]),
    brokerArn: broker.attrArn,
    secretArn: secret.secretArn,
  };
};
