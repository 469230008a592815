/**
 * `npm run test:brokers`: the tests that need a real Kafka or RabbitMQ: the one of KAFKA_BROKERS or AMQP_URL, or one that is
 * started here. The last line of the output lists what was skipped and why. If nothing could be tested, the exit code
 * is 77.
 */

import { spawn } from "node:child_process";
import { helpOption, helpText } from "../help/help.ts";
import { kafkaIsAvailable } from "./kafka.ts";
import { rabbitMqIsAvailable } from "./rabbitmq.ts";

const help = helpText({
  usage: "npm run test:brokers -- [kafka] [rabbitmq]",
  about:
    "Runs the tests of the named brokers, or of both. KAFKA_BROKERS=host:port and AMQP_URL=amqp://user:password@host name " +
    "running brokers; otherwise brokers are started here. Outages are tested only with brokers that are started here. " +
    "Missing packages are installed if this runs as root on Debian.",
  options: [helpOption],
});

/** The names of a broker's test files begin with its name. */
const brokers = {
  kafka: { variable: "KAFKA_BROKERS", isAvailable: kafkaIsAvailable },
  rabbitmq: { variable: "AMQP_URL", isAvailable: rabbitMqIsAvailable },
} as const;

/** The exit code for skipped tests, as in Automake. */
const nothingTested = 77;

type Name = keyof typeof brokers;

const isName = (name: string): name is Name => Object.hasOwn(brokers, name);

type Look = { readonly name: Name; readonly skipped?: string; readonly because?: string };

const look = async (name: Name): Promise<Look> => {
  const { variable, isAvailable } = brokers[name];
  try {
    await isAvailable();
    if (!process.env[variable]) return { name };
    return { name, skipped: `outages of ${name}`, because: `the broker of ${variable} must not be stopped` };
  } catch (error) {
    return { name, skipped: name, because: error instanceof Error ? error.message : `${error}` };
  }
};

/** Returns the exit code. */
const vitest = (names: readonly Name[]): Promise<number> =>
  new Promise((resolve) => {
    const files = names.map((name) => `test/brokers/${name}`);
    const child = spawn("npx", ["vitest", "run", "--project", "brokers", ...files], { stdio: "inherit" });
    child.once("error", () => resolve(1));
    child.once("exit", (code) => resolve(code ?? 1));
  });

const run = async (names: readonly Name[]): Promise<number> => {
  const looks: Look[] = [];
  // In sequence, because apt-get cannot run twice at the same time.
  for (const name of names) looks.push(await look(name));
  const available = looks.filter(({ name, skipped }) => skipped !== name).map(({ name }) => name);
  const code = available.length > 0 ? await vitest(available) : nothingTested;
  const skipped = looks.flatMap((each) => (each.skipped ? [`${each.skipped} (${each.because})`] : []));
  if (skipped.length > 0) process.stdout.write(`skipped: ${skipped.join(", ")}\n`);
  return code;
};

const given = process.argv.slice(2);
const names = given.filter(isName);
if (names.length < given.length) {
  process.stderr.write(help);
  process.exitCode = given.includes("--help") ? 0 : 1;
} else {
  process.exitCode = await run(names.length > 0 ? names : ["kafka", "rabbitmq"]);
}
