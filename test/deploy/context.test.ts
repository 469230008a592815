import { expect, test } from "vitest";
import { contextOf } from "../../lib/deploy/context/context.ts";

const sagas = ["checkout", "restock"];
const own = { payments: ["sandbox", "bank"] };

const context = (values: Readonly<Record<string, unknown>>) => contextOf(values, { sagas, own });

test("without context the defaults apply, and only public routes are open", () => {
  expect(context({})).toEqual({
    bus: "eventbridge",
    brokers: { bus: "eventbridge" },
    saga: "auto",
    sagas: {},
    own: { payments: "sandbox" },
    mail: "ses",
    sender: "shop@example.com",
    guard: { kind: "iam" },
    origins: [],
    logLevel: "info",
    tracing: "off",
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
  [
    { issuer: "http://127.0.0.1:3000/_local", audience: "local" },
    { kind: "jwt", issuer: "http://127.0.0.1:3000/_local", audience: "local" },
  ],
] as const)("%o guards the API so", (values, guard) => {
  expect(context(values).guard).toEqual(guard);
});

test.each([
  ["https://shop.example", ["https://shop.example"]],
  ["https://shop.example,https://admin.example", ["https://shop.example", "https://admin.example"]],
  ["http://localhost:5173,http://[::1]:5173", ["http://localhost:5173", "http://[::1]:5173"]],
  ["https://shop.example,https://shop.example", ["https://shop.example"]],
])("pages of %s may call the API", (cors, origins) => {
  expect(context({ cors }).origins).toEqual(origins);
});

test.each([
  ["", "must be like https://shop.example,https://admin.example"],
  ["*", "must be like https://shop.example,https://admin.example"],
  ["null", "must be like https://shop.example,https://admin.example"],
  ["https://*.shop.example", "must be like https://shop.example,https://admin.example"],
  ["shop.example", "must be like https://shop.example,https://admin.example"],
  ["ftp://shop.example", "must be like https://shop.example,https://admin.example"],
  ["https://shop.example/", "must be like https://shop.example,https://admin.example"],
  ["https://shop.example/path", "must be like https://shop.example,https://admin.example"],
  ["https://ada@shop.example", "must be like https://shop.example,https://admin.example"],
  ["https://shop.example, https://admin.example", "must be like https://shop.example,https://admin.example"],
  ["https://shop.example,", "must be like https://shop.example,https://admin.example"],
  ["https://Shop.example", "browsers send this origin as https://shop.example; write it like that"],
  ["https://shop.example:443", "browsers send this origin as https://shop.example; write it like that"],
  [
    "https://bücher.example",
    "browsers send this origin as https://xn--bcher-kva.example; write it like that",
  ],
  ["https://shop.example?x", "browsers send this origin as https://shop.example; write it like that"],
  ["https://shop.example:99999", "must be an origin, such as https://shop.example"],
])("cors=%s is refused", (cors, problem) => {
  expect(() => context({ cors })).toThrow(problem);
});

test("the API is throttled by requests per second and requests at once", () => {
  expect(context({ throttle: "100,200" }).throttle).toEqual({ rate: 100, burst: 200 });
  expect(context({ throttle: "1,1" }).throttle).toEqual({ rate: 1, burst: 1 });
});

const rate = "RATE must be a whole number of requests per second, at least 1; got";
const burst = "BURST must be a whole number of requests at once, at least 1; got";

test.each([
  ["1.5,2", `${rate} 1.5`],
  ["-1,2", `${rate} -1`],
  ["0,2", `${rate} 0`],
  ["a,2", `${rate} a`],
  ["1e3,2", `${rate} 1e3`],
  [",2", `${rate} nothing`],
  ["99999999999999999999,2", `${rate} 99999999999999999999`],
  ["100,0", `${burst} 0`],
  ["100,2.5", `${burst} 2.5`],
  ["100, 200", `${burst}  200`],
  ["100,", `${burst} nothing`],
  ["100", "expected two whole numbers, RATE,BURST, such as 100,200; got 1"],
  ["1,2,3", "expected two whole numbers, RATE,BURST, such as 100,200; got 3"],
])("throttle=%s is refused", (throttle, problem) => {
  expect(() => context({ throttle })).toThrow(`context throttle=${throttle}: ${problem}`);
});

test.each([
  [{ throttle: "" }, "context throttle=: must be like 100,200"],
  [{ throttle: 100 }, "context throttle=100: must be like 100,200"],
  [{ logLevel: "INFO" }, "context logLevel=INFO: must be one of info, debug, warn, error"],
  [{ tracing: "otel" }, "context tracing=otel: must be one of off, xray"],
])("%o is refused", (values, problem) => {
  expect(() => context(values)).toThrow(problem);
});

const secret = "{{resolve:secretsmanager:smtp-url}}";

test.each(["smtp://localhost:1025", "smtps://user:password@mail.example.com", secret])(
  "mail goes by SMTP to %s",
  (smtp) => {
    expect(context({ mail: "smtp", smtp })).toMatchObject({ mail: "smtp", smtp });
  },
);

const kafkaSecret = "arn:aws:secretsmanager:eu-central-1:123456789012:secret:kafka-AbCdEf";

test("a Kafka needs its brokers, and a secret if clients must sign in", () => {
  const kafka = "a.example.com:9092,b.example.com:9092";
  const brokers = { bus: "kafka", brokers: ["a.example.com:9092", "b.example.com:9092"] };
  expect(context({ bus: "kafka", kafka }).brokers).toEqual(brokers);
  expect(context({ bus: "kafka", kafka, kafkaSecret }).brokers).toEqual({
    ...brokers,
    secretArn: kafkaSecret,
  });
});

const msk = "arn:aws:kafka:eu-central-1:123456789012:cluster/events/0a1b-2";

test("a cluster of Amazon MSK needs its brokers and its ARN", () => {
  expect(context({ bus: "kafka", kafka: "b-1-public:9198", msk }).brokers).toEqual({
    bus: "kafka",
    brokers: ["b-1-public:9198"],
    clusterArn: msk,
  });
});

test("a separate stack with a Kafka can be made with every bus, and opened later", () => {
  expect(context({}).kafkaCluster).toBeUndefined();
  expect(context({ kafkaCluster: "create" })).toMatchObject({ bus: "eventbridge", kafkaCluster: "create" });
  expect(context({ bus: "kafka", kafka: "a:1", msk, kafkaCluster: "open" }).kafkaCluster).toBe("open");
});

const topic = "arn:aws:sns:eu-central-1:123456789012:alarms";

test.each([
  ["ops+shop@example.com", { kind: "email", address: "ops+shop@example.com" }],
  [topic, { kind: "topic", arn: topic }],
  [
    "arn:aws-cn:sns:cn-north-1:123456789012:a_b-c",
    { kind: "topic", arn: "arn:aws-cn:sns:cn-north-1:123456789012:a_b-c" },
  ],
])("alarms go to %s", (alarms, receiver) => {
  expect(context({ alarms }).alarms).toEqual(receiver);
});

const rabbitMq = {
  bus: "rabbitmq",
  rabbitmq: "amqps://b-1.mq.eu-central-1.on.aws:5671",
  rabbitmqBroker: "arn:aws:mq:eu-central-1:123456789012:broker:shop:b-1",
  rabbitmqSecret: kafkaSecret,
};

test("a RabbitMQ needs its URL, its ARN and a secret", () => {
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
    "context rabbitmqDeployment=pair: must be one of single, cluster",
  ],
  [{ ...rabbitMq, rabbitmqBroker: "create" }, "rabbitmqBroker=create makes its own"],
  [{ ...rabbitMq, rabbitmqDeployment: "cluster" }, "add rabbitmqBroker=create, or remove it"],
  [{ kafkaCluster: "close" }, "context kafkaCluster=close: must be one of create, open"],
  [{ bus: "carrier-pigeon" }, "context bus=carrier-pigeon: must be one of eventbridge, kafka, rabbitmq"],
  [{ bus: "kafka" }, "context kafka is missing: bus=kafka needs it; add -c kafka=host:port,host:port"],
  [{ bus: "kafka", kafka: "http://a:1" }, "context kafka=http://a:1: must be like host:port,host:port"],
  [
    { bus: "kafka", kafka: "a:1", kafkaSecret: "pssst" },
    "context kafkaSecret=pssst: must be like arn:aws:secretsmanager:…",
  ],
  [{ bus: "kafka", kafka: "a:1", msk: "events" }, "context msk=events: must be like arn:aws:kafka:…"],
  [{ bus: "kafka", kafka: "a:1", msk, kafkaSecret }, "either with a secret or by their roles"],
  [{ bus: "kafka", msk }, "context kafka is missing: bus=kafka needs it; add -c kafka=host:port"],
  [{ ...rabbitMq, rabbitmq: "host" }, "context rabbitmq=host: must be like amqps://host:5671"],
  [{ ...rabbitMq, rabbitmqBroker: "b-1" }, "context rabbitmqBroker=b-1: must be like arn:aws:mq:… or create"],
  [
    { bus: "rabbitmq", rabbitmq: rabbitMq.rabbitmq, rabbitmqBroker: rabbitMq.rabbitmqBroker },
    "context rabbitmqSecret is missing: bus=rabbitmq needs it; add -c rabbitmqSecret=arn:aws:secretsmanager:…",
  ],
  [{ bus: "eventbridge", kafka: "nonsense" }, "context kafka=nonsense: must be like host:port,host:port"],
  [{ issuer: "id.example.com", audience: "a" }, "context issuer=id.example.com: must be like https://"],
  [{ issuer: "http://id.example.com:80/tokens", audience: "a" }, "must be like https://"],
  [{ payments: "gold" }, "context payments=gold: must be one of sandbox, bank"],
  [
    { "saga.restock": "fast" },
    "context saga.restock=fast: must be one of auto, step-functions, choreography",
  ],
  [
    { "saga.restok": "choreography" },
    "context saga.restok=choreography: there is no saga restok; expected checkout or restock",
  ],
  [{ buss: "kafka" }, "context buss=kafka: unknown key; did you mean bus?"],
  [{ Public: "true" }, "context Public=true: unknown key; did you mean public?"],
  [{ paymnets: "sandbox" }, "context paymnets=sandbox: unknown key; did you mean payments?"],
  [{ constructor: "x" }, "context constructor=x: unknown key"],
  [
    { saga: "express" },
    "context saga=express: Express is not offered any more, because a choreography runs the same sagas and costs less; choose auto, which is a choreography for a saga in which no step waits",
  ],
  [{ "saga.restock": "express" }, "context saga.restock=express: Express is not offered any more, because "],
  [{ bus: "express" }, "context bus=express: must be one of eventbridge, kafka, rabbitmq"],
  [{ saga: "luck" }, "context saga=luck: must be one of auto, step-functions, choreography"],
  [{ public: "yes" }, "context public=yes: must be one of false, true"],
  [
    { mail: "smtp" },
    "context mail=smtp smtp=undefined: set both mail=smtp and smtp=smtps://host, or neither",
  ],
  [{ smtp: "smtp://localhost" }, "context mail=ses smtp=smtp://localhost: set both mail=smtp and"],
  [{ mail: "smtp", smtp: "localhost" }, "context smtp=localhost: must be like smtp://host:port"],
  [{ sender: "" }, "context sender=: must be like shop@example.com"],
  [{ alarms: "" }, "context alarms=: must be like ops@example.com or arn:aws:sns:…:topic"],
  [
    { alarms: "ops" },
    "context alarms=ops: expected one e-mail address or the ARN of a topic of SNS; for several addresses, subscribe each to a topic",
  ],
  [{ alarms: "a@example.com,b@example.com" }, "expected one e-mail address or the ARN of a topic of SNS"],
  [{ alarms: "ops@example.com,dev" }, "expected one e-mail address or the ARN of a topic of SNS"],
  [{ alarms: "ops@localhost" }, "expected one e-mail address or the ARN of a topic of SNS"],
  [
    { alarms: "arn:aws:sqs:eu-central-1:123456789012:alarms" },
    "context alarms=arn:aws:sqs:eu-central-1:123456789012:alarms: expected the ARN of a standard topic of SNS, such as arn:aws:sns:",
  ],
  [{ alarms: `${topic}.fifo` }, "expected the ARN of a standard topic of SNS"],
  [{ alarms: "arn:aws:sns:eu-central-1:alarms" }, "expected the ARN of a standard topic of SNS"],
  [{ issuer: "https://id.example.com" }, "set both or neither"],
  [{ issuer: "https://i", audience: "a", public: "true" }, "either open or guarded by tokens"],
  [{ issuer: "https://i", audience: "a", iamCallers: "owner" }, "for callers that sign with AWS credentials"],
  [{ public: "true", iamCallers: "exempt" }, "for callers that sign with AWS credentials"],
  [{ iamCallers: "owners" }, "context iamCallers=owners: must be one of exempt, owner"],
])("%o is refused with what is expected", (values, problem) => {
  expect(() => context(values)).toThrow(problem);
});

test("context keys of the CDK and its CLI are accepted", () => {
  expect(() =>
    context({
      "@aws-cdk/core:stackRelativeExports": true,
      "aws:cdk:enable-path-metadata": true,
      "availability-zones:account=1:region=eu-central-1": ["a"],
      "acknowledged-issue-numbers": [1],
      "cli-telemetry": false,
    }),
  ).not.toThrow();
});

test("a key of the application accepts the values that its technologies list", () => {
  expect(context({ payments: "bank" }).own).toEqual({ payments: "bank" });
});

test("a saga may have a different engine", () => {
  const { saga, sagas } = context({ saga: "step-functions", "saga.checkout": "choreography" });
  expect([saga, sagas]).toEqual(["step-functions", { checkout: "choreography" }]);
});
