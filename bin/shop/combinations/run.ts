/** One run of real orders on one combination of bus and saga engine, with its own instance and empty data. */
import { type ChildProcess, spawn } from "node:child_process";
import { rm } from "node:fs/promises";
import { createInterface } from "node:readline";
import { localTokens } from "../replay/credentials.ts";

export type Combination = {
  readonly bus: string;
  readonly saga: string;
  /** The number of orders that are under way at the same time. */
  readonly concurrency: number;
};

export type RunOptions = {
  /** The file with the orders. */
  readonly orders: string;
  /** Whether the instance requires tokens, which the replay then gets from it. */
  readonly tokens: boolean;
  /** The environment variables that name the brokers. */
  readonly environment: Readonly<Record<string, string>>;
  /** A folder that does not exist yet. It is deleted at the end. */
  readonly data: string;
};

/** The rows of the summary by name, and whether the books balance. */
export type Figures = {
  readonly rows: ReadonlyMap<string, string>;
  readonly balances: boolean;
  readonly text: string;
};

export type Run = Combination & { readonly figures: Figures };

const script = (file: string, args: readonly string[], environment: RunOptions["environment"]) =>
  spawn(process.execPath, ["--import", "tsx", file, ...args], {
    env: { ...process.env, ...environment, NODE_NO_WARNINGS: "1" },
    stdio: ["ignore", "pipe", "pipe"],
  });

const exitOf = (child: ChildProcess): Promise<number | null> =>
  new Promise((resolve) => child.once("exit", resolve));

const textOf = (child: ChildProcess): { readonly so: () => string } => {
  let text = "";
  for (const stream of [child.stdout, child.stderr]) stream?.on("data", (chunk) => (text += chunk));
  return { so: () => text };
};

const readyUrl = async (instance: ChildProcess, said: () => string): Promise<string> => {
  if (!instance.stdout) throw new Error("the instance has no standard output");
  for await (const line of createInterface(instance.stdout)) {
    const [, url] = /^ready (http:\S+)$/.exec(line) ?? [];
    if (url) return url;
  }
  throw new Error(`the instance did not start: ${said()}`);
};

/** A row of the summary is a name, at least two blanks, and a value. */
const rowsIn = (text: string): Figures["rows"] =>
  new Map([...text.matchAll(/^(\S.*?) {2,}(\S+)$/gm)].map(([, name = "", value = ""]) => [name, value]));

type Replayed = Pick<Combination, "concurrency"> & Pick<RunOptions, "orders" | "tokens">;

const replay = async (url: string, { orders, concurrency, tokens }: Replayed): Promise<Figures> => {
  const options = ["--url", url, "--orders", orders, "--concurrency", `${concurrency}`];
  if (tokens) options.push("--token", localTokens);
  const replaying = script("bin/shop/replay.ts", [...options, "--stock-times", "40"], {});
  const said = textOf(replaying);
  const code = await exitOf(replaying);
  return { rows: rowsIn(said.so()), balances: code === 0, text: said.so() };
};

export const run = async (combination: Combination, options: RunOptions): Promise<Run> => {
  const { bus, saga, concurrency } = combination;
  const { data, environment, orders, tokens } = options;
  const flags = ["--port", "0", "--fresh", "--yes", "--quiet", "--data", data, "--bus", bus, "--saga", saga];
  if (tokens) flags.push("--tokens");
  const instance = script("bin/local.ts", flags, environment);
  const said = textOf(instance);
  const ended = exitOf(instance);
  try {
    const figures = await replay(await readyUrl(instance, said.so), { orders, concurrency, tokens });
    return { ...combination, figures };
  } finally {
    instance.kill("SIGTERM");
    await ended;
    await rm(data, { recursive: true, force: true });
  }
};
