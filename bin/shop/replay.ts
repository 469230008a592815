/**
 * Posts real orders against a running instance, follows each to its end, approves what waits for an operator, and
 * checks the books: stock and money are conserved, every confirmed order has one authorization and one e-mail.
 */
import { readFile } from "node:fs/promises";
import { parseArgs } from "node:util";
import * as z from "zod";
import { losslessJson } from "../../lib/model/json/json-text.ts";
import { commonOptions, countOf, fail, messageOf, optionsOf } from "../command-line.ts";
import { check } from "./replay/books.ts";
import { instance } from "./replay/instance.ts";
import { givenOrder, placeAll, withOrders } from "./replay/orders.ts";
import { givenProduct, receiveAll } from "./replay/stock.ts";
import { summarize } from "./replay/summary.ts";

const help = `npm run replay -- [options]

Posts stock receipts and orders against a running instance (npm start), follows each order's checkout to its
end, approves as an operator those that wait for it, prints a summary and checks that stock and money are
conserved. Ends with 1 when a checkout does not end or a check fails.

  --orders FILE       orders, one JSON object a line       (test/data/northwind-orders.jsonl)
  --stock FILE        products with their quantity         (test/data/northwind-stock.jsonl)
  --stock-times N     receives each quantity N times over  (1)
  --concurrency N     orders under way at once; 1 waits for each checkout's end before the next (16)
  --prefix P          before every order's id, so that a file can be played again (none)
  --url URL           where the instance answers           (http://127.0.0.1:3000)
  --help              this text
`;

/** More of the same helps nobody. */
const problemsShown = 20;

const options = () =>
  optionsOf(
    () =>
      parseArgs({
        options: {
          ...commonOptions,
          orders: { type: "string", default: "test/data/northwind-orders.jsonl" },
          stock: { type: "string", default: "test/data/northwind-stock.jsonl" },
          "stock-times": { type: "string", default: "1" },
          concurrency: { type: "string", default: "16" },
          prefix: { type: "string", default: "" },
          url: { type: "string", default: "http://127.0.0.1:3000" },
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
  if (!/^[A-Za-z0-9_-]{0,32}$/.test(given.prefix)) fail("--prefix holds letters, digits, - and _ only");
  const times = countOf("stock-times", given["stock-times"]);
  const concurrency = countOf("concurrency", given.concurrency);
  const products = await linesOf(given.stock, givenProduct);
  const orders = await linesOf(given.orders, givenOrder);
  const shop = instance(given.url);
  const before = await shop
    .stock()
    .catch(() => fail(`nothing answers at ${given.url}: start it with npm start`));
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

const balances = await replay().catch((error: unknown) => fail(`the replay broke off: ${messageOf(error)}`));
process.exitCode = balances ? 0 : 1;
