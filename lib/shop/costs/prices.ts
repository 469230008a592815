/**
 * The prices of AWS in us-east-1, in US dollars, without free tiers. If a price changes, change its row and its
 * date, and run `npx eventfold document`. A row without `checked` has the list price as it is commonly quoted: verify it
 * before a decision depends on it.
 */

type Price = {
  readonly dollars: number;
  /** For this number of units. */
  readonly per: number;
  readonly unit: string;
  readonly source: string;
  /** When it was last compared with the source. */
  readonly checked?: string;
};

const million = 1e6;
const gigabyte = 1e9;
const page = (service: string): string => `https://aws.amazon.com/${service}/pricing/`;

export const prices = {
  httpRequest: {
    dollars: 1,
    per: million,
    unit: "requests to an HTTP API",
    source: page("api-gateway"),
    checked: "2026-11",
  },
  invocation: {
    dollars: 0.2,
    per: million,
    unit: "invocations of Lambda",
    source: page("lambda"),
    checked: "2026-11",
  },
  gigabyteSecond: {
    dollars: 0.0000133334,
    per: 1,
    unit: "GB-seconds of Lambda on arm64",
    source: page("lambda"),
    checked: "2026-11",
  },
  writeUnit: {
    dollars: 0.625,
    per: million,
    unit: "write units of DynamoDB on demand",
    source: page("dynamodb"),
    checked: "2026-08",
  },
  readUnit: {
    dollars: 0.125,
    per: million,
    unit: "read units of DynamoDB on demand",
    source: page("dynamodb"),
    checked: "2026-08",
  },
  event: {
    dollars: 1,
    per: million,
    unit: "events of up to 64 KB to EventBridge",
    source: page("eventbridge"),
    checked: "2026-03",
  },
  archivedByte: {
    dollars: 0.1,
    per: gigabyte,
    unit: "bytes into its archive",
    source: page("eventbridge"),
    checked: "2026-03",
  },
  keptByteMonth: {
    dollars: 0.023,
    per: gigabyte,
    unit: "bytes in its archive for a month",
    source: page("eventbridge"),
    checked: "2026-03",
  },
  queueRequest: {
    dollars: 0.4,
    per: million,
    unit: "requests to standard queues of SQS",
    source: page("sqs"),
    checked: "2026-03",
  },
  transition: {
    dollars: 25,
    per: million,
    unit: "state transitions of Standard machines",
    source: page("step-functions"),
    checked: "2026-11",
  },
  schedule: { dollars: 1, per: million, unit: "schedules that are due", source: page("eventbridge") },
  logByte: {
    dollars: 0.5,
    per: gigabyte,
    unit: "bytes into CloudWatch Logs",
    source: page("cloudwatch"),
    checked: "2026-11",
  },
  mail: { dollars: 0.1, per: 1000, unit: "e-mails of SES", source: page("ses") },
  mskBrokerHour: {
    dollars: 0.204,
    per: 1,
    unit: "hours of a broker kafka.m7g.large of MSK",
    source: page("msk"),
  },
  kafkaHour: { dollars: 0.0816, per: 1, unit: "hours of an EC2 instance m7g.large", source: page("ec2") },
  diskGigabyteMonth: { dollars: 0.1, per: 1, unit: "GB of broker disk for a month", source: page("msk") },
  rabbitHour: {
    dollars: 0.288,
    per: 1,
    unit: "hours of a node mq.m5.large of Amazon MQ",
    source: page("amazon-mq"),
  },
} as const satisfies Readonly<Record<string, Price>>;

export type PriceName = keyof typeof prices;

export const costOf = (name: PriceName, count: number): number =>
  (count * prices[name].dollars) / prices[name].per;
