/** The contexts in which the shop is deployed: each bus, engine, mailer and guard at least once. To add one, add a row. */
export const secret = "arn:aws:secretsmanager:eu-central-1:123456789012:secret:broker-AbCdEf";

export const kafka = { bus: "kafka", kafka: "a.example.com:9092,b.example.com:9092" };
export const rabbitmq = {
  bus: "rabbitmq",
  rabbitmq: `amqps://{{resolve:secretsmanager:${secret}:SecretString:login}}@b-1.mq.eu-central-1.on.aws:5671`,
  rabbitmqBroker: "arn:aws:mq:eu-central-1:123456789012:broker:shop:b-1",
  rabbitmqSecret: secret,
};
export const tokens = { issuer: "https://id.example.com", audience: "shop" };

export const variants: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  "without context": {},
  "public, with origins": { public: "true", cors: "https://shop.example,https://admin.example" },
  "step-functions, tokens": { saga: "step-functions", ...tokens },
  "choreography, tokens, origins": { saga: "choreography", ...tokens, cors: "https://shop.example" },
  "one saga by events": { "saga.restock": "choreography", payments: "sandbox" },
  "smtp, sender": { mail: "smtp", smtp: "{{resolve:secretsmanager:smtp}}", sender: "orders@shop.example" },
  "alarms by e-mail": { alarms: "ops@example.com" },
  "alarms to a topic": { alarms: "arn:aws:sns:eu-central-1:123456789012:alarms" },
  kafka,
  "kafka with a secret, choreography": { ...kafka, kafkaSecret: secret, saga: "choreography" },
  "kafka of Amazon MSK, step-functions": {
    bus: "kafka",
    kafka: "b-1-public.events.kafka.eu-central-1.amazonaws.com:9198",
    msk: "arn:aws:kafka:eu-central-1:123456789012:cluster/events/0a1b-2",
    saga: "step-functions",
  },
  "a cluster of Amazon MSK": { kafkaCluster: "create" },
  "an open cluster of Amazon MSK": { kafkaCluster: "open" },
  rabbitmq,
  "rabbitmq, choreography, tokens": { ...rabbitmq, saga: "choreography", ...tokens },
  "rabbitmq made with the stack": { bus: "rabbitmq", rabbitmqBroker: "create" },
  "throttled, traced, with errors only": {
    throttle: "100,200",
    tracing: "xray",
    logLevel: "error",
    "saga.checkout": "step-functions",
  },
  "rabbitmq made as a cluster": { bus: "rabbitmq", rabbitmqBroker: "create", rabbitmqDeployment: "cluster" },
};
