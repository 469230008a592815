/**
 * `npm run combinations`: plays real orders on every bus with every saga engine, each with empty data. All combinations must
 * have the same result: confirmed and cancelled orders, revenue and stock do not depend on the technology.
 */

import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { kafkaIsAvailable, startKafka } from "../brokers/kafka.ts";
import { rabbitMqIsAvailable, startRabbitMq } from "../brokers/rabbitmq.ts";
import { argumentsIn } from "../command-line/arguments.ts";
import { commonOptions, countOf, fail, messageOf, optionsOf, wordOf } from "../command-line.ts";
import { helpOption, helpText } from "../help/help.ts";
import { type RunOptions, run } from "./combinations/run.ts";
import { disagreements, type Row, tableOf } from "./combinations/table.ts";
import { localTokens } from "./replay/credentials.ts";

const help = helpText({
  usage: "npm run combinations -- [options]",
  about:
    "Plays real orders on every bus with every saga engine, and prints the figures side by side. KAFKA_BROKERS and AMQP_URL " +
    "name the brokers; otherwise they are started here. Exit code 1 if the results differ.",
  options: [
    { term: "--orders N", about: "only the first N orders", default: "all" },
    {
      term: "--concurrency N",
      about: "orders at the same time; only with 1 must all figures be equal",
      default: "1",
    },
    {
      term: "--token local",
      about:
        "starts each instance with --tokens; its replay gets tokens from it, and a new one when one has expired",
    },
    { term: "--bus A,B", about: "only these buses", default: "eventbridge,kafka,rabbitmq" },
    { term: "--saga A,B", about: "only these saga engines", default: "step-functions,choreography" },
    helpOption,
  ],
});

const options = () =>
  optionsOf(
    () =>
      argumentsIn({
        options: {
          ...commonOptions,
          orders: { type: "string" },
          concurrency: { type: "string", default: "1" },
          token: { type: "string" },
          bus: { type: "string", default: "eventbridge,kafka,rabbitmq" },
          saga: { type: "string", default: "step-functions,choreography" },
        },
      }),
    help,
  );

type Broker = {
  readonly environment: Readonly<Record<string, string>>;
  readonly stop: () => Promise<void>;
};

const brokers: Readonly<Record<string, () => Promise<Broker>>> = {
  eventbridge: async () => ({ environment: {}, stop: async () => {} }),
  kafka: async () => {
    await kafkaIsAvailable();
    const { brokers, stop } = await startKafka();
    return { environment: { KAFKA_BROKERS: brokers }, stop };
  },
  rabbitmq: async () => {
    await rabbitMqIsAvailable();
    const { url, stop } = await startRabbitMq();
    return { environment: { AMQP_URL: url }, stop };
  },
};

type Plan = Pick<RunOptions, "orders" | "concurrency" | "tokens"> & {
  readonly folder: string;
  readonly sagas: readonly string[];
};

/** If a broker is not available, its combinations are skipped. */
type Played = { readonly rows: readonly Row[]; readonly skipped?: string };

const playOn = async (
  bus: string,
  { environment }: Broker,
  { folder, sagas, ...plan }: Plan,
): Promise<Row[]> => {
  const rows: Row[] = [];
  for (const saga of sagas) {
    process.stderr.write(`${bus} × ${saga}\n`);
    const data = join(folder, `${bus}-${saga}`);
    const figures = await run({ bus, saga }, { ...plan, environment, data });
    if (!figures.balances) process.stderr.write(figures.text);
    rows.push({ bus, saga, figures });
  }
  return rows;
};

const play = async (bus: string, plan: Plan): Promise<Played> => {
  let broker: Broker;
  try {
    const start = brokers[bus] ?? fail(`--bus ${bus}: must be one of ${Object.keys(brokers).join(", ")}`);
    broker = await start();
  } catch (error) {
    return { rows: [], skipped: `combinations with ${bus} (${messageOf(error)})` };
  }
  try {
    return { rows: await playOn(bus, broker, plan) };
  } finally {
    await broker.stop();
  }
};

const firstOrders = async (count: string | undefined): Promise<string> => {
  const lines = (await readFile("test/data/northwind-orders.jsonl", "utf8")).split("\n");
  return lines.slice(0, count === undefined ? lines.length : countOf("orders", count)).join("\n");
};

const compare = async (): Promise<boolean> => {
  const given = options();
  const concurrency = countOf("concurrency", given.concurrency);
  // Each instance has its own issuer, so no other token fits.
  const tokens = given.token !== undefined && wordOf("token", [localTokens], given.token) === localTokens;
  const text = await firstOrders(given.orders);
  const folder = await mkdtemp(join(tmpdir(), "combinations-"));
  const orders = join(folder, "orders.jsonl");
  const played: Played[] = [];
  try {
    await writeFile(orders, text);
    const plan = { folder, orders, concurrency, tokens, sagas: given.saga.split(",") };
    for (const bus of given.bus.split(",")) played.push(await play(bus, plan));
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
  const rows = played.flatMap((each) => each.rows);
  process.stdout.write(`${tableOf(rows)}\n`);
  const different = concurrency === 1 ? disagreements(rows) : [];
  for (const line of different) process.stdout.write(`✗ ${line}\n`);
  const skipped = played.flatMap((each) => each.skipped ?? []);
  if (skipped.length > 0) process.stdout.write(`skipped: ${skipped.join(", ")}\n`);
  return different.length === 0 && rows.every(({ figures }) => figures.balances);
};

const agree = await compare().catch((error: unknown) => fail(messageOf(error)));
process.exitCode = agree ? 0 : 1;
