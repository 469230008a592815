/**
 * Posts real orders to a running instance, follows each to its end, approves orders that wait for an operator, and checks
 * the books: stock and money are conserved, and every confirmed order has one authorization and one e-mail.
 */

import { readFile } from "node:fs/promises";
import * as z from "zod";
import { losslessJson } from "../../lib/model/json/json-text.ts";
import { argumentsIn } from "../command-line/arguments.ts";
import { commonOptions, countOf, fail, messageOf, optionsOf } from "../command-line.ts";
import { helpOption, helpText } from "../help/help.ts";
import { check } from "./replay/books.ts";
import { credentials } from "./replay/credentials.ts";
import { instance } from "./replay/instance.ts";
import { givenOrder, placeAll, withOrders } from "./replay/orders.ts";
import { givenProduct, receiveAll } from "./replay/stock.ts";
import { summarize } from "./replay/summary.ts";

const help = helpText({
  usage: "npm run replay -- [options]",
  about:
    "Posts stock receipts and orders to a running instance (npm start), follows the checkout of each order to its end, " +
    "approves orders that wait for an operator, prints a summary, and checks that stock and money are conserved. Exit code " +
    "1 if a checkout does not end or a check fails.",
  options: [
    {
      term: "--orders FILE",
      about: "orders, one JSON object per line",
      default: "test/data/northwind-orders.jsonl",
    },
    {
      term: "--stock FILE",
      about: "products with their quantity, one JSON object per line",
      default: "test/data/northwind-stock.jsonl",
    },
    { term: "--stock-times N", about: "receives each quantity N times", default: "1" },
    {
      term: "--concurrency N",
      about: "orders at the same time; 1 waits for the end of each checkout before the next",
      default: "16",
    },
    {
      term: "--prefix P",
      about: "a prefix for each order id, so that a file can be played again",
      default: "none",
    },
    { term: "--url URL", about: "the URL of the instance", default: "http://127.0.0.1:3000" },
    {
      term: "--token TOKEN",
      about:
        "the token for an instance that requires one, with the scopes customer and operator; it must last as long as the " +
        "replay. local gets tokens from an instance that was started with --tokens, and a new one when one has expired",
    },
    helpOption,
  ],
});

/** More problems are only counted. */
const problemsShown = 20;

const options = () =>
  optionsOf(
    () =>
      argumentsIn({
        options: {
          ...commonOptions,
          orders: { type: "string", default: "test/data/northwind-orders.jsonl" },
          stock: { type: "string", default: "test/data/northwind-stock.jsonl" },
          "stock-times": { type: "string", default: "1" },
          concurrency: { type: "string", default: "16" },
          prefix: { type: "string", default: "" },
          url: { type: "string", default: "http://127.0.0.1:3000" },
          token: { type: "string" },
        },
      }),
    help,
  );

const jsonIn = (line: string, where: string): unknown => {
  try {
    return losslessJson(line);
  } catch (error) {
    return fail(`${where}: ${messageOf(error)}`);
  }
};

const linesOf = async <Schema extends z.ZodType>(
  file: string,
  schema: Schema,
): Promise<readonly z.output<Schema>[]> => {
  const text = await readFile(file, "utf8").catch(() => fail(`cannot read ${file}`));
  return text.split("\n").flatMap((line, index) => {
    if (line.trim() === "") return [];
    const where = `${file}, line ${index + 1}`;
    const parsed = schema.safeParse(jsonIn(line, where));
    return [parsed.success ? parsed.data : fail(`${where}:\n${z.prettifyError(parsed.error)}`)];
  });
};

const replay = async (): Promise<boolean> => {
  const given = options();
  if (!/^[A-Za-z0-9_-]{0,32}$/.test(given.prefix))
    fail(`--prefix: expected at most 32 letters, digits, - and _, got ${given.prefix}`);
  const times = countOf("stock-times", given["stock-times"]);
  const concurrency = countOf("concurrency", given.concurrency);
  const products = await linesOf(given.stock, givenProduct);
  const orders = await linesOf(given.orders, givenOrder);
  const nothingAnswers = () =>
    fail(`nothing answers at ${given.url}: run npm start, or name a running instance with --url`);
  await fetch(given.url).catch(nothingAnswers);
  const shop = instance(given.url, await credentials(given.url, given.token));
  const before = await shop.stock();
  const run = given.prefix || `${Date.now()}`;
  await receiveAll(shop, products, times, run);
  const startedAt = performance.now();
  const ended = await placeAll(shop, orders, { prefix: given.prefix, concurrency });
  const seconds = (performance.now() - startedAt) / 1000;
  const placed = await withOrders(shop, ended);
  const problems = await check(shop, before, placed);
  process.stdout.write(summarize(placed, seconds, await shop.stock()));
  for (const problem of problems.slice(0, problemsShown)) process.stdout.write(`✗ ${problem}\n`);
  if (problems.length > problemsShown)
    process.stdout.write(`✗ and ${problems.length - problemsShown} more\n`);
  if (problems.length === 0) process.stdout.write("✓ the books balance\n");
  return problems.length === 0;
};

const balances = await replay().catch((error: unknown) =>
  fail(`the replay was aborted: ${messageOf(error)}`),
);
process.exitCode = balances ? 0 : 1;
