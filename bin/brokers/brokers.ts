/** `npm run brokers`: runs Kafka and RabbitMQ on this machine, without containers, until Ctrl-C. */
import { helpOption, helpText } from "../help/help.ts";
import { type Kafka, startKafka } from "./kafka.ts";
import { type RabbitMq, startRabbitMq } from "./rabbitmq.ts";

const help = helpText({
  usage: "npm run brokers -- [kafka] [rabbitmq]",
  about:
    "Starts the named brokers, or both: Kafka from its jars (needs Java and Maven), RabbitMQ from the installed server. " +
    "Prints the environment variables that other commands need. Ctrl-C stops the brokers and deletes their data.",
  options: [helpOption],
});

type Started = Kafka | RabbitMq;

const starters: Readonly<Record<string, () => Promise<Started>>> = {
  kafka: startKafka,
  rabbitmq: startRabbitMq,
};

const variableOf = (started: Started): string =>
  "brokers" in started ? `KAFKA_BROKERS=${started.brokers}` : `AMQP_URL=${started.url}`;

const run = async (names: readonly string[]) => {
  const unknown = names.find((name) => !Object.hasOwn(starters, name));
  if (unknown !== undefined) {
    process.stderr.write(help);
    process.exitCode = unknown === "--help" ? 0 : 1;
    return;
  }
  const started: Started[] = [];
  const stop = async (code: number) => {
    await Promise.all(started.map((each) => each.stop()));
    process.exit(code);
  };
  for (const signal of ["SIGINT", "SIGTERM"]) process.on(signal, () => void stop(0));
  try {
    for (const name of names) {
      const broker = await starters[name]?.();
      if (broker) started.push(broker);
    }
    process.stdout.write(`${started.map((each) => `export ${variableOf(each)}\n`).join("")}`);
    // The brokers are separate processes. This timer keeps this process alive.
    setInterval(() => {}, 2 ** 30);
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : error}\n`);
    await stop(1);
  }
};

const named = process.argv.slice(2);
await run(named.length > 0 ? named : Object.keys(starters));
