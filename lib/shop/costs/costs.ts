/**
 * What a million orders cost, from what one takes and what that is charged. An order is one POST and two GETs, has one
 * line, and is confirmed. How long functions run and how much they log is assumed, all else is counted.
 */
import { type Counts, counts, type EngineName, inboxUnits } from "./counts.ts";
import { costOf, type PriceName } from "./prices.ts";

type Item = { readonly name: string; readonly dollars: number };

const orders = 1_000_000;
const monthHours = 730;
const queries = 2;

/** Milliseconds and gigabytes of memory of an invocation, warm, by the role of the function. */
const runs: Readonly<Record<string, readonly [milliseconds: number, gigabytes: number]>> = {
  command: [40, 1],
  query: [15, 0.5],
  project: [40, 0.5],
  relay: [30, 0.5],
  react: [40, 0.5],
  task: [60, 0.5],
  choreograph: [60, 0.5],
  perform: [80, 0.5],
};
const logBytes = { invocation: 350, line: 300, linesAnInvocation: 1 } as const;
const eventBytes = 1000;
const archiveMonths = 1;
/** A message is sent, received and deleted. */
const requestsAMessage = 3;
/** Of a saga that is done in so many seconds, in the least memory that is charged. */
const express = { seconds: 2, gigabytes: 0.0625 } as const;

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);

/** A deadline that is due is a message, an invocation, and a read that finds nothing to do. */
const withDeadlines = ({ schedules, invocations, readUnits, ...others }: Counts): Counts => ({
  ...others,
  schedules,
  readUnits: readUnits + schedules,
  invocations:
    schedules === 0
      ? invocations
      : { ...invocations, choreograph: (invocations.choreograph ?? 0) + schedules },
});

const functionsOf = ({ invocations }: Counts): number => {
  const all = Object.entries({ ...invocations, query: queries });
  return sum(
    all.map(([role, count]) => {
      const run = runs[role];
      if (!run) throw new Error(`nobody says how long a function ${role} runs`);
      const [milliseconds, gigabytes] = run;
      return (
        costOf("invocation", count) + costOf("gigabyteSecond", (count * milliseconds * gigabytes) / 1000)
      );
    }),
  );
};

const logsOf = ({ invocations }: Counts): number => {
  const count = queries + sum(Object.values(invocations));
  return costOf("logByte", count * (logBytes.invocation + logBytes.line * logBytes.linesAnInvocation));
};

type Engine = { readonly name: string; readonly counts: Counts; readonly machine: number };

const engineOf = (name: EngineName): Engine => ({
  name,
  counts: counts[name],
  machine: costOf("transition", counts[name].transitions) + costOf("schedule", counts[name].schedules),
});

const ofStandard = counts["step-functions"];

/** Express is for sagas of which no step waits: then it takes what Standard takes, but for the transitions. */
export const engines: readonly Engine[] = [
  engineOf("step-functions"),
  {
    name: "express",
    counts: ofStandard,
    machine:
      costOf("expressRequest", 1) + costOf("expressGigabyteSecond", express.seconds * express.gigabytes),
  },
  engineOf("choreography"),
];

/** On EventBridge, item by item, a million orders. */
export const itemsOf = ({ counts: found, machine }: Engine): readonly Item[] => {
  const all = withDeadlines(found);
  const bytes = all.events * eventBytes;
  const one: readonly Item[] = [
    { name: "HTTP API", dollars: costOf("httpRequest", 1 + queries) },
    { name: "Lambda", dollars: functionsOf(all) },
    { name: "DynamoDB", dollars: costOf("writeUnit", all.writeUnits) + costOf("readUnit", all.readUnits) },
    { name: "EventBridge", dollars: costOf("event", all.events) },
    {
      name: "its archive",
      dollars: costOf("archivedByte", bytes) + costOf("keptByteMonth", bytes * archiveMonths),
    },
    { name: "SQS, events", dollars: costOf("queueRequest", requestsAMessage * all.deliveries) },
    { name: "SQS, deadlines", dollars: costOf("queueRequest", requestsAMessage * all.schedules) },
    { name: "saga engine", dollars: machine },
    { name: "logs", dollars: logsOf(all) },
  ];
  return one.map(({ name, dollars }) => ({ name, dollars: dollars * orders }));
};

const byEventBridge = ["EventBridge", "its archive", "SQS, events"];

/** What a million orders cost where brokers carry the events: they charge by the hour, and need no queues. */
export const withoutBus = (engine: Engine): number =>
  sum(itemsOf(engine).flatMap(({ name, dollars }) => (byEventBridge.includes(name) ? [] : [dollars])));

export const totalOf = (engine: Engine): number => sum(itemsOf(engine).map(({ dollars }) => dollars));

const brokers = 3;
const diskGigabytes = 100;

const clusterOf = (price: PriceName, disks: number): number =>
  costOf(price, brokers * monthHours) + costOf("diskGigabyteMonth", disks * diskGigabytes);

/** What is charged a month, with orders or without. */
export const buses: readonly (Item & { readonly what: string })[] = [
  { name: "EventBridge", what: "nothing", dollars: 0 },
  {
    name: "Kafka, Amazon MSK",
    what: "3 brokers kafka.m7g.large, 100 GB each",
    dollars: clusterOf("mskBrokerHour", brokers),
  },
  {
    name: "Kafka, one's own",
    what: "3 instances m7g.large, 100 GB each",
    dollars: clusterOf("kafkaHour", brokers),
  },
  {
    name: "RabbitMQ, Amazon MQ",
    what: "a cluster of 3 nodes mq.m5.large",
    dollars: clusterOf("rabbitHour", 0),
  },
];

/** The inbox, for a million events of other systems. What follows from them costs what it costs for any command. */
export const foreignEvents: Item = {
  name: "events of other systems",
  dollars: costOf("writeUnit", inboxUnits.first * orders),
};

export const mails: Item = { name: "e-mails by SES", dollars: costOf("mail", orders) };
