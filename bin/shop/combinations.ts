/**
 * `npm run combinations`: plays real orders on every bus with every saga engine, each with empty data. All combinations must
 * have the same result: confirmed and cancelled orders, revenue and stock do not depend on the technology. Several rounds
 * compare the speed of the engines on a machine with other load.
 */

import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { argumentsIn } from "../command-line/arguments.ts";
import { commonOptions, countOf, fail, messageOf, optionsOf, wordOf } from "../command-line.ts";
import { helpOption, helpText } from "../help/help.ts";
import { type Broker, brokers } from "./combinations/brokers.ts";
import { combined } from "./combinations/compare.ts";
import { record } from "./combinations/record.ts";
import { type Combination, type Run, type RunOptions, run } from "./combinations/run.ts";
import { disagreements, tableOf } from "./combinations/table.ts";
import { localTokens } from "./replay/credentials.ts";

const help = helpText({
  usage: "npm run combinations -- [options]",
  about:
    "Plays real orders on every bus with every saga engine, and prints the figures side by side. A ratio compares an engine " +
    "with the first one. KAFKA_BROKERS and AMQP_URL name the brokers; otherwise they are started here. Exit code 1 if the " +
    "results differ.",
  options: [
    { term: "--orders N", about: "only the first N orders", default: "all" },
    {
      term: "--concurrency N,M",
      about: "orders at the same time; only with 1 must all figures be equal",
      default: "1",
    },
    {
      term: "--runs N",
      about: "plays each combination N times, and the engines in turns; speeds are medians",
      default: "1",
    },
    {
      term: "--record",
      about: "writes the speeds to lib/shop/costs/measured.ts; npm run document puts them into the guide",
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
          runs: { type: "string", default: "1" },
          record: { type: "boolean", default: false },
          token: { type: "string" },
          bus: { type: "string", default: "eventbridge,kafka,rabbitmq" },
          saga: { type: "string", default: "step-functions,choreography" },
        },
      }),
    help,
  );

type Plan = Pick<RunOptions, "orders" | "tokens"> & {
  readonly folder: string;
  readonly sagas: readonly string[];
  readonly concurrency: readonly number[];
  readonly runs: number;
};

/** If a broker is not available, its combinations are skipped. */
type Played = { readonly runs: readonly Run[]; readonly skipped?: string };

/** The engines take turns, and each round begins with another one, so that all have the same share of other load. */
const combinationsOn = (bus: string, { sagas, concurrency, runs }: Plan): readonly Combination[] =>
  Array.from({ length: runs }, (_, round) => round).flatMap((round) =>
    concurrency.flatMap((atOnce) =>
      (round % 2 === 0 ? sagas : sagas.toReversed()).map((saga) => ({ bus, saga, concurrency: atOnce })),
    ),
  );

const playOn = async (bus: string, { environment }: Broker, plan: Plan): Promise<readonly Run[]> => {
  const { folder, orders, tokens } = plan;
  const played: Run[] = [];
  for (const combination of combinationsOn(bus, plan)) {
    process.stderr.write(`${bus} × ${combination.saga}, ${combination.concurrency} at once\n`);
    const data = join(folder, `${played.length}`);
    const one = await run(combination, { orders, tokens, environment, data });
    if (!one.figures.balances) process.stderr.write(one.figures.text);
    played.push(one);
  }
  return played;
};

const play = async (bus: string, plan: Plan): Promise<Played> => {
  let broker: Broker;
  try {
    const start = brokers[bus] ?? fail(`--bus ${bus}: must be one of ${Object.keys(brokers).join(", ")}`);
    broker = await start();
  } catch (error) {
    return { runs: [], skipped: `combinations with ${bus} (${messageOf(error)})` };
  }
  try {
    return { runs: await playOn(bus, broker, plan) };
  } finally {
    await broker.stop();
  }
};

const firstOrders = async (count: number | undefined): Promise<string> => {
  const lines = (await readFile("test/data/northwind-orders.jsonl", "utf8")).split("\n");
  return lines.slice(0, count).join("\n");
};

const given = options();
const concurrency = given.concurrency.split(",").map((each) => countOf("concurrency", each));
const runs = countOf("runs", given.runs);
const count = given.orders === undefined ? undefined : countOf("orders", given.orders);
// Each instance has its own issuer, so no other token fits.
const tokens = given.token !== undefined && wordOf("token", [localTokens], given.token) === localTokens;

const playAll = async (): Promise<readonly Played[]> => {
  const folder = await mkdtemp(join(tmpdir(), "combinations-"));
  const orders = join(folder, "orders.jsonl");
  const plan = { folder, orders, concurrency, tokens, runs, sagas: given.saga.split(",") };
  const played: Played[] = [];
  try {
    await writeFile(orders, await firstOrders(count));
    for (const bus of given.bus.split(",")) played.push(await play(bus, plan));
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
  return played;
};

const compare = async (): Promise<boolean> => {
  const played = await playAll();
  const all = played.flatMap((each) => each.runs);
  process.stdout.write(`${tableOf(all)}\n`);
  const different = disagreements(all);
  for (const line of different) process.stdout.write(`✗ ${line}\n`);
  const skipped = played.flatMap((each) => each.skipped ?? []);
  if (skipped.length > 0) process.stdout.write(`skipped: ${skipped.join(", ")}\n`);
  const agree = different.length === 0 && all.every(({ figures }) => figures.balances);
  if (agree && given.record) await record(combined(all).map(({ speed }) => speed));
  return agree;
};

const agree = await compare().catch((error: unknown) => fail(messageOf(error)));
process.exitCode = agree ? 0 : 1;
