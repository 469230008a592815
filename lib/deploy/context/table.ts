/** The context keys as a table for people. The type checker asks for a row for each key. */
import { type Choice, type OwnKeys, offered, sagaKey, type Text, texts } from "./keys.ts";

type Row = { readonly takes: string; readonly default: string; readonly about: string };

const code = (text: string): string => `\`${text}\``;

const oneOf = (values: readonly string[], about: string): Row => {
  const [first = ""] = values;
  return { takes: values.map(code).join(", "), default: code(first), about };
};

const choices: Readonly<Record<Choice, Row>> = {
  bus: oneOf(offered.bus, "The bus that events travel on."),
  saga: oneOf(
    offered.saga,
    "The engine of every saga. `auto` takes `choreography` for a saga in which no step waits, and `step-functions` for others.",
  ),
  mail: oneOf(offered.mail, "How mail leaves the stack: Amazon SES, or an SMTP server."),
  iamCallers: oneOf(
    offered.iamCallers,
    "Without `issuer`, callers sign with AWS credentials. On routes with an owner they are `exempt`, or each is the `owner` of the things with the ARN of its user or role.",
  ),
  public: oneOf(offered.public, "`true` opens every route to everyone, as `npm start` does."),
  logLevel: oneOf(
    offered.logLevel,
    "Log lines below this level are dropped. With `warn` and `error`, Lambda's own lines about each invocation are dropped too.",
  ),
  tracing: oneOf(offered.tracing, "`xray` records traces of functions and state machines in AWS X-Ray."),
  rabbitmqDeployment: oneOf(
    offered.rabbitmqDeployment,
    "One node or three. It needs `rabbitmqBroker=create`.",
  ),
  kafkaCluster: {
    ...oneOf(
      offered.kafkaCluster,
      "`create` makes a cluster of Amazon MSK in a separate stack. `open`, in a second deployment, opens it to the public.",
    ),
    default: "no cluster",
  },
};

const free = (name: Text, about: string, whenAbsent = ""): Row => ({
  takes: `like ${code(texts[name].example)}`,
  default: whenAbsent,
  about,
});

const freeTexts: Readonly<Record<Text, Row>> = {
  issuer: free(
    "issuer",
    "Routes that are not public accept JWTs of this issuer. It needs `audience`.",
    "requests are signed with AWS credentials",
  ),
  audience: free("audience", "The audience of these JWTs. It needs `issuer`."),
  cors: free("cors", "The origins whose pages may call the API from a browser.", "none"),
  throttle: free(
    "throttle",
    "`RATE,BURST`: the requests per second that each route takes from all callers together, and how many may come at once. API Gateway answers 429 to others.",
    "the limits of the account",
  ),
  sender: free(
    "sender",
    "The address that mail comes from. Amazon SES must have verified it.",
    code(texts.sender.example),
  ),
  smtp: free(
    "smtp",
    "The SMTP server. It needs `mail=smtp`. A URL with a password belongs in Secrets Manager.",
  ),
  alarms: free(
    "alarms",
    "Who gets the alarms: an e-mail address, which must confirm, or a topic of SNS in the same region.",
    "no alarm is sent",
  ),
  kafka: free("kafka", "The brokers of Kafka. `bus=kafka` needs it."),
  kafkaSecret: free(
    "kafkaSecret",
    "The secret with the user name and password for Kafka. It excludes `msk`.",
  ),
  msk: free(
    "msk",
    "The cluster of Amazon MSK that functions sign in to by their roles. It excludes `kafkaSecret`.",
  ),
  rabbitmq: free(
    "rabbitmq",
    "The URL of RabbitMQ. A login in it must be a reference to Secrets Manager. `bus=rabbitmq` needs it, unless `rabbitmqBroker=create`.",
  ),
  rabbitmqBroker: free(
    "rabbitmqBroker",
    "The broker of Amazon MQ. `create` makes one with the stack. `bus=rabbitmq` needs it.",
  ),
  rabbitmqSecret: free(
    "rabbitmqSecret",
    "The secret with the user name and password for RabbitMQ. `bus=rabbitmq` needs it, unless `rabbitmqBroker=create`.",
  ),
};

const rowsOf = (sagas: readonly string[], own: OwnKeys): readonly (readonly [name: string, row: Row])[] => [
  ...Object.entries(choices),
  ...sagas.map((saga) => {
    const row = oneOf(offered.saga, `The engine of the saga \`${saga}\`.`);
    return [sagaKey(saga), { ...row, default: "the value of `saga`" }] as const;
  }),
  ...Object.entries(freeTexts),
  ...Object.entries(own).map(([name, values]) => [name, oneOf(values, "Read by this application.")] as const),
];

/** A Markdown table. `sagas` are the names of the sagas, `own` the context keys that the application reads itself. */
export const contextTable = (sagas: readonly string[], own: OwnKeys = {}): string =>
  [
    "| key | takes | default | |",
    "| --- | --- | --- | --- |",
    ...rowsOf(sagas, own).map(
      ([name, row]) => `| ${code(name)} | ${row.takes} | ${row.default} | ${row.about} |`,
    ),
  ].join("\n");
