/** The command lines that need an AWS account or a broker. Of a deployment, the context is checked as `cdk` would have it checked. */
import { expect } from "vitest";
import { contextOf } from "../../../lib/deploy/context/context.ts";
import { refusePasswords } from "../../../lib/deploy/context/passwords.ts";
import { project } from "../project.ts";
import type { Trial } from "./trials.ts";

/** The values of `-c KEY=VALUE`, without the quotes of a shell. */
const contextIn = (line: string): Readonly<Record<string, string>> =>
  Object.fromEntries(
    [...line.matchAll(/ -c '?([\w.]+)=([^\s']+)'?/g)].map(([, key = "", value = ""]) => [key, value]),
  );

const takesContext: Trial = async (_shop, line) => {
  const given = contextIn(line);
  expect(Object.keys(given)).toHaveLength(line.split(" -c ").length - 1);
  const sagas = project.application.sagas.map(({ name }) => name);
  expect(() => contextOf(given, { sagas, own: project.technologies.context })).not.toThrow();
  expect(() => refusePasswords(given)).not.toThrow();
};

const account = "arn:aws:secretsmanager:eu-central-1:123456789012:secret";
const cluster = "arn:aws:kafka:eu-central-1:123456789012:cluster/shop/uuid-1";
const provisionNotRun = {
  notRun: "it needs that broker; test/brokers provisions the brokers that it starts",
} as const;

export const deployCommands: Readonly<Record<string, Trial | { readonly notRun: string }>> = {
  "npx cdk bootstrap": { notRun: "it needs an AWS account" },
  "npx cdk deploy -c issuer=https://id.example.com -c audience=https://api.example.com": takesContext,
  "npx cdk deploy -c mail=smtp -c 'smtp={{resolve:secretsmanager:smtp-url}}'": takesContext,
  [`npx cdk deploy -c bus=kafka -c kafka=kafka.example.com:9096 -c kafkaSecret=${account}:kafka-AbCdEf`]:
    takesContext,
  [`npx cdk deploy -c bus=rabbitmq -c 'rabbitmq=amqps://{{resolve:secretsmanager:rabbitmq:SecretString:username}}:{{resolve:secretsmanager:rabbitmq:SecretString:password}}@rabbitmq.example.com:5671' -c rabbitmqBroker=arn:aws:mq:eu-central-1:123456789012:broker:shop:b-1 -c rabbitmqSecret=${account}:rabbitmq-AbCdEf`]:
    takesContext,
  "npx cdk deploy -c alarms=ops@example.com": takesContext,
  "npx cdk deploy -c alarms=arn:aws:sns:eu-central-1:123456789012:alarms": takesContext,
  "npx cdk deploy -c logLevel=warn": takesContext,
  "npx cdk deploy -c throttle=100,200": takesContext,
  "npx cdk deploy -c tracing=xray": takesContext,
  "npx cdk deploy -c bus=rabbitmq -c rabbitmqBroker=create": takesContext,
  "npx cdk deploy shop-kafka -c kafkaCluster=create": takesContext,
  "npx cdk deploy shop-kafka -c kafkaCluster=open": takesContext,
  [`npx cdk deploy -c bus=kafka -c kafka=b-1.example.com:9198 -c msk=${cluster}`]: takesContext,
  "KAFKA_BROKERS=kafka.example.com:9096 KAFKA_SECURITY=scram-sha-512 KAFKA_USERNAME=shop KAFKA_PASSWORD=secret npx eventfold provision --bus kafka":
    provisionNotRun,
  "KAFKA_BROKERS=b-1.example.com:9198 KAFKA_SECURITY=iam npx eventfold provision --bus kafka":
    provisionNotRun,
  "AMQP_URL=amqps://shop:secret@rabbitmq.example.com:5671 npx eventfold provision --bus rabbitmq":
    provisionNotRun,
  "AMQP_URL=amqps://eventfold:secret@rabbitmq.example.com:5671 npx eventfold provision --bus rabbitmq":
    provisionNotRun,
  [`aws kafka get-bootstrap-brokers --cluster-arn ${cluster}`]: {
    notRun: "it needs a cluster of Amazon MSK",
  },
  "aws events start-replay --replay-name lost-hour --event-source-arn ARCHIVE --destination Arn=BUS --event-start-time 2026-01-01T14:00:00Z --event-end-time 2026-01-01T15:00:00Z":
    { notRun: "it needs the AWS CLI; test/shop/e2e/replays.test.ts starts a replay through the same API" },
};
