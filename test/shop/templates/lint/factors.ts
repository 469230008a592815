/**
 * The choices of a deployment. Each value has one context or several, which are used in turn: they differ in ways that do not
 * matter to the other factors, such as how functions sign in to a broker. To add a context key, add a factor or a context.
 */
import { kafka, rabbitmq, secret, tokens } from "../variants.ts";

export type Context = Readonly<Record<string, string>>;

const cluster = "arn:aws:kafka:eu-central-1:123456789012:cluster/events/0a1b-2";

export const factors: Readonly<Record<string, Readonly<Record<string, readonly Context[]>>>> = {
  bus: {
    eventbridge: [{}],
    kafka: [kafka, { ...kafka, kafkaSecret: secret }, { ...kafka, msk: cluster }],
    rabbitmq: [
      rabbitmq,
      { bus: "rabbitmq", rabbitmqBroker: "create" },
      { bus: "rabbitmq", rabbitmqBroker: "create", rabbitmqDeployment: "cluster" },
    ],
  },
  saga: {
    auto: [{}],
    "state machines": [{ saga: "step-functions" }, { saga: "step-functions", "saga.restock": "auto" }],
    events: [{ saga: "choreography" }],
  },
  callers: { signed: [{}, { iamCallers: "owner" }], tokens: [tokens], all: [{ public: "true" }] },
  mail: {
    ses: [{}, { sender: "orders@shop.example" }],
    smtp: [
      { mail: "smtp", smtp: "smtps://mail.example.com" },
      { mail: "smtp", smtp: "{{resolve:secretsmanager:smtp}}" },
    ],
  },
  origins: { none: [{}], two: [{ cors: "https://shop.example,https://admin.example" }] },
  limits: { none: [{}], low: [{ throttle: "100,200" }] },
  logs: { usual: [{}], other: [{ logLevel: "debug" }, { logLevel: "warn" }, { logLevel: "error" }] },
  traces: { none: [{}], all: [{ tracing: "xray" }] },
  payments: { default: [{}], named: [{ payments: "sandbox" }] },
  alarms: {
    unsent: [{}],
    sent: [{ alarms: "ops@example.com" }, { alarms: "arn:aws:sns:eu-central-1:123456789012:alarms" }],
  },
  cluster: { none: [{}], own: [{ kafkaCluster: "create" }, { kafkaCluster: "open" }] },
};
