import { expect, test } from "vitest";
import { contextOf } from "../../bin/context.ts";

const context = (values: Readonly<Record<string, unknown>>) => contextOf((name) => values[name]);

test("without a word of context the defaults stand and nothing but public routes is open", () => {
  expect(context({})).toEqual({
    bus: "eventbridge",
    brokers: { bus: "eventbridge" },
    saga: "auto",
    sagas: {},
    payments: "sandbox",
    mail: "ses",
    sender: "shop@example.com",
    guard: { kind: "iam" },
  });
});

test.each([
  [{ public: "true" }, { kind: "open" }],
  [{ public: true }, { kind: "open" }],
  [{ public: "false" }, { kind: "iam" }],
  [
    { issuer: "https://id.example.com", audience: "shop" },
    { kind: "jwt", issuer: "https://id.example.com", audience: "shop" },
  ],
] as const)("%o guards the API so", (values, guard) => {
  expect(context(values).guard).toEqual(guard);
});

const secret = "{{resolve:secretsmanager:smtp-url}}";

test.each(["smtp://localhost:1025", "smtps://user:password@mail.example.com", secret])(
  "mail goes by SMTP to %s",
  (smtp) => {
    expect(context({ mail: "smtp", smtp })).toMatchObject({ mail: "smtp", smtp });
  },
);

const kafkaSecret = "arn:aws:secretsmanager:eu-central-1:123456789012:secret:kafka-AbCdEf";

test("a Kafka is named by its brokers, and by a secret where it asks who comes", () => {
  const kafka = "a.example.com:9092,b.example.com:9092";
  const brokers = { bus: "kafka", brokers: ["a.example.com:9092", "b.example.com:9092"] };
  expect(context({ bus: "kafka", kafka }).brokers).toEqual(brokers);
  expect(context({ bus: "kafka", kafka, kafkaSecret }).brokers).toEqual({
    ...brokers,
    secretArn: kafkaSecret,
  });
});

const msk = "arn:aws:kafka:eu-central-1:123456789012:cluster/events/0a1b-2";

test("a cluster of Amazon MSK is named by its brokers and its ARN", () => {
  expect(context({ bus: "kafka", kafka: "b-1-public:9198", msk }).brokers).toEqual({
    bus: "kafka",
    brokers: ["b-1-public:9198"],
    clusterArn: msk,
  });
});

test("a Kafka may be made beside the stack, whatever its bus is, and opened later", () => {
  expect(context({}).kafkaCluster).toBeUndefined();
  expect(context({ kafkaCluster: "create" })).toMatchObject({ bus: "eventbridge", kafkaCluster: "create" });
  expect(context({ bus: "kafka", kafka: "a:1", msk, kafkaCluster: "open" }).kafkaCluster).toBe("open");
});

const rabbitMq = {
  bus: "rabbitmq",
  rabbitmq: "amqps://b-1.mq.eu-central-1.on.aws:5671",
  rabbitmqBroker: "arn:aws:mq:eu-central-1:123456789012:broker:shop:b-1",
  rabbitmqSecret: kafkaSecret,
};

test("a RabbitMQ is named by its URL, its ARN and a secret", () => {
  expect(context(rabbitMq).brokers).toEqual({
    bus: "rabbitmq",
    url: rabbitMq.rabbitmq,
    brokerArn: rabbitMq.rabbitmqBroker,
    secretArn: kafkaSecret,
  });
});

test("a RabbitMQ is made with the stack, on one machine or on three", () => {
  const created = { bus: "rabbitmq", rabbitmqBroker: "create" };
  expect(context(created).brokers).toEqual({ bus: "rabbitmq", create: "single" });
  expect(context({ ...created, rabbitmqDeployment: "cluster" }).brokers).toEqual({
    bus: "rabbitmq",
    create: "cluster",
  });
});

test.each([
  [
    { bus: "rabbitmq", rabbitmqBroker: "create", rabbitmqDeployment: "pair" },
    "context rabbitmqDeployment=pair: possible is single, cluster",
  ],
  [{ ...rabbitMq, rabbitmqBroker: "create" }, "rabbitmqBroker=create makes its own"],
  [{ ...rabbitMq, rabbitmqDeployment: "cluster" }, "only rabbitmqBroker=create makes a broker"],
  [{ kafkaCluster: "close" }, "context kafkaCluster=close: possible is create, open"],
  [{ bus: "carrier-pigeon" }, "context bus=carrier-pigeon: possible is eventbridge, kafka, rabbitmq"],
  [{ bus: "kafka" }, "context kafka=undefined: bus=kafka needs kafka=host:port,host:port"],
  [{ bus: "kafka", kafka: "http://a:1" }, "context kafka=http://a:1: bus=kafka needs kafka=host:port"],
  [{ bus: "kafka", kafka: "a:1", kafkaSecret: "pssst" }, "context kafkaSecret=pssst: bus=kafka needs"],
  [{ bus: "kafka", kafka: "a:1", msk: "events" }, "context msk=events: bus=kafka needs msk=arn:aws:kafka:…"],
  [{ bus: "kafka", kafka: "a:1", msk, kafkaSecret }, "with a secret or by their roles, not both"],
  [{ bus: "kafka", msk }, "context kafka=undefined: bus=kafka needs kafka=host:port"],
  [{ ...rabbitMq, rabbitmq: "host" }, "context rabbitmq=host: bus=rabbitmq needs rabbitmq=amqps://host:5671"],
  [{ ...rabbitMq, rabbitmqBroker: "b-1" }, "bus=rabbitmq needs rabbitmqBroker=arn:aws:mq:…"],
  [{ ...rabbitMq, rabbitmqSecret: undefined }, "bus=rabbitmq needs rabbitmqSecret=arn:aws:secretsmanager:…"],
  [{ saga: "luck" }, "context saga=luck: possible is auto, step-functions, express, choreography"],
  [{ public: "yes" }, "context public=yes: possible is true, false"],
  [{ mail: "smtp" }, "context mail=smtp smtp=undefined: mail=smtp and smtp=smtps://host need each other"],
  [{ smtp: "smtp://localhost" }, "context mail=ses smtp=smtp://localhost: mail=smtp and"],
  [{ mail: "smtp", smtp: "localhost" }, "context smtp=localhost: possible is smtp://host:port"],
  [{ sender: "" }, "context sender=: a text is expected"],
  [{ issuer: "https://id.example.com" }, "the one needs the other"],
  [{ issuer: "i", audience: "a", public: "true" }, "either open or guarded by tokens"],
])("%o is refused with what is possible", (values, problem) => {
  expect(() => context(values)).toThrow(problem);
});

test("a saga may go by another engine than all others", () => {
  const values: Readonly<Record<string, string>> = {
    saga: "express",
    "saga.checkout": "choreography",
    "saga.nobody": "express",
  };
  const { saga, sagas } = contextOf((name) => values[name], ["checkout", "restock"]);
  expect([saga, sagas]).toEqual(["express", { checkout: "choreography" }]);
});

test("an engine that nobody offers is refused with the saga that it is for", () => {
  expect(() => contextOf((name) => (name === "saga.restock" ? "fast" : undefined), ["restock"])).toThrow(
    "context saga.restock=fast: possible is auto, step-functions, express, choreography",
  );
});
