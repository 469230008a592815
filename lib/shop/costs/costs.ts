/**
 * The costs of a million orders: what one order uses, times the prices. An order is one POST and two GETs, has one
 * line, and is confirmed. The run time of functions is an assumption; everything else is counted.
 */
import { type Counts, counts, type EngineName, inboxUnits, lineBytes, quietFunctions } from "./counts.ts";
import { costOf, type PriceName } from "./prices.ts";

type Item = { readonly name: string; readonly dollars: number };

const orders = 1_000_000;
const monthHours = 730;
const queries = 2;

/**
 * The run time of a warm invocation and the memory, by role of the function. A choreography sends two or three
 * commands per invocation, and sets or deletes a deadline.
 */
const runs: Readonly<Record<string, readonly [milliseconds: number, gigabytes: number]>> = {
  command: [40, 1],
  query: [15, 0.5],
  project: [40, 0.5],
  relay: [30, 0.5],
  react: [40, 0.5],
  task: [60, 0.5],
  choreograph: [100, 0.5],
  perform: [80, 0.5],
};
const eventBytes = 1000;
const archiveMonths = 1;
/** A message is sent, received and deleted. */
const requestsAMessage = 3;

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);

/** EventBridge Scheduler charges for deadlines that are due. Setting and deleting a deadline is free. */
const dueOf = ({ schedules, deletedSchedules }: Counts): number => schedules - deletedSchedules;

/** A deadline that is due costs a message, an invocation, and a read that finds nothing to do. */
const withDeadlines = (found: Counts): Counts => {
  const due = dueOf(found);
  if (due === 0) return found;
  const { invocations, readUnits } = found;
  return {
    ...found,
    readUnits: readUnits + due,
    invocations: { ...invocations, choreograph: (invocations.choreograph ?? 0) + due },
  };
};

const functionsOf = ({ invocations }: Counts): number => {
  const all = Object.entries({ ...invocations, query: queries });
  return sum(
    all.map(([role, count]) => {
      const run = runs[role];
      if (!run) throw new Error(`expected the run time of a function ${role} in runs, got none`);
      const [milliseconds, gigabytes] = run;
      return (
        costOf("invocation", count) + costOf("gigabyteSecond", (count * milliseconds * gigabytes) / 1000)
      );
    }),
  );
};

const logsOf = ({ invocations, logBytes }: Counts): number => {
  const logged = Object.entries(invocations).filter(([role]) => !quietFunctions.includes(role));
  const ofLambda = lineBytes.invocation * (queries + sum(logged.map(([, count]) => count)));
  return costOf("logByte", logBytes + queries * lineBytes.query + ofLambda);
};

const accessLog = costOf("logByte", (1 + queries) * lineBytes.access);

export type Engine = { readonly name: string; readonly counts: Counts; readonly machine: number };

const engineOf = (name: EngineName): Engine => ({
  name,
  counts: counts[name],
  machine: costOf("transition", counts[name].transitions) + costOf("schedule", dueOf(counts[name])),
});

export const engines: readonly Engine[] = [engineOf("step-functions"), engineOf("choreography")];

/** The items of a million orders with EventBridge. */
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
    { name: "SQS, deadlines", dollars: costOf("queueRequest", requestsAMessage * dueOf(all)) },
    { name: "saga engine", dollars: machine },
    { name: "logs of the functions", dollars: logsOf(all) },
    { name: "access log", dollars: accessLog },
  ];
  return one.map(({ name, dollars }) => ({ name, dollars: dollars * orders }));
};

const byEventBridge = ["EventBridge", "its archive", "SQS, events"];

/** The costs of a million orders if a broker carries the events. Brokers charge per hour and need no queues. */
export const withoutBus = (engine: Engine): number =>
  sum(itemsOf(engine).flatMap(({ name, dollars }) => (byEventBridge.includes(name) ? [] : [dollars])));

export const totalOf = (engine: Engine): number => sum(itemsOf(engine).map(({ dollars }) => dollars));

const brokers = 3;
const diskGigabytes = 100;

const clusterOf = (price: PriceName, disks: number): number =>
  costOf(price, brokers * monthHours) + costOf("diskGigabyteMonth", disks * diskGigabytes);

/** The charges per month, which do not depend on the number of orders. */
export const buses: readonly (Item & { readonly what: string })[] = [
  { name: "EventBridge", what: "nothing", dollars: 0 },
  {
    name: "Kafka, Amazon MSK",
    what: "3 brokers kafka.m7g.large, 100 GB each",
    dollars: clusterOf("mskBrokerHour", brokers),
  },
  {
    name: "Kafka, self-hosted",
    what: "3 instances m7g.large, 100 GB each",
    dollars: clusterOf("kafkaHour", brokers),
  },
  {
    name: "RabbitMQ, Amazon MQ",
    what: "a cluster of 3 nodes mq.m5.large",
    dollars: clusterOf("rabbitHour", 0),
  },
];

/** The inbox for a million events of other systems. The commands that follow cost as much as all commands. */
export const foreignEvents: Item = {
  name: "events of other systems",
  dollars: costOf("writeUnit", inboxUnits.first * orders),
};

export const mails: Item = { name: "e-mails with SES", dollars: costOf("mail", orders) };
