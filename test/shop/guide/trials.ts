/** How a command of a page is run against a shop that `npm start` has started. */
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "vitest";
import * as z from "zod";
import { root } from "../../bin/command-line.ts";
import { type Started, waitFor } from "../../bin/started.ts";
import { blocksOf } from "../../guide/markdown.ts";

export type Trial = (shop: Started, line: string) => Promise<void>;

const linesOf = (file: string): readonly string[] =>
  readFileSync(join(root, file), "utf8").trim().split("\n");

const orderLines = z.object({ lines: z.array(z.object({ sku: z.string() })) });
const skuOf = (line: string): string => z.object({ sku: z.string() }).parse(JSON.parse(line)).sku;

/** Options for a few orders, and for the articles that they need. */
const fewOrders = ({ folder }: Started): string => {
  const orders = linesOf("test/data/northwind-orders.jsonl").slice(0, 5);
  const skus = orders.flatMap((line) => orderLines.parse(JSON.parse(line)).lines.map(({ sku }) => sku));
  const stock = linesOf("test/data/northwind-stock.jsonl").filter((line) => skus.includes(skuOf(line)));
  const files = { orders: join(folder, "orders.jsonl"), stock: join(folder, "stock.jsonl") };
  writeFileSync(files.orders, `${orders.join("\n")}\n`);
  writeFileSync(files.stock, `${stock.join("\n")}\n`);
  return `--orders ${files.orders} --stock ${files.stock}`;
};

/** Runs the line as it is. It must print `text`, and end with the exit code. */
export const prints =
  (text: string | RegExp, exitCode = 0): Trial =>
  async ({ sh }, line) => {
    const { code, output } = await sh(line);
    expect(output).toMatch(text);
    expect(code, output).toBe(exitCode);
  };

/** The same, with `--url` for the running shop: the page's reader has it at the default port. */
export const printsAt =
  (text: string | RegExp, exitCode = 0): Trial =>
  (shop, line) =>
    prints(text, exitCode)(shop, `${line} --url ${shop.url}`);

/** A request to the running shop. */
export const answers =
  (text: string | RegExp): Trial =>
  (shop, line) =>
    prints(text)(shop, line.replace("http://127.0.0.1:3000", shop.url));

/** The log that the README shows: kinds and texts, without times. */
const recording = (): readonly string[] =>
  blocksOf("README.md")
    .filter(({ language }) => language === "text")
    .flatMap(({ text }) => text.trim().split("\n"));

/** Resolves once the live log has each line of the recording, in whatever order. */
const showsTheRecording = (shop: Started): Promise<true> => {
  const lines = recording();
  expect(lines.length).toBeGreaterThan(5);
  const missing = () => lines.filter((line) => !shop.printed().includes(` ${line}\n`));
  return waitFor(`the log of the README: ${missing().join(", ")}`, () => missing().length === 0 || undefined);
};

/** The shop is started already. Pastes the lines that it printed. */
export const startsTheShop: Trial = async (shop) => {
  const lines = shop.printed().match(/^curl .+$/gm) ?? [];
  expect(lines).toHaveLength(3);
  const outputs: string[] = [];
  for (const line of lines) {
    const { code, output } = await shop.sh(line);
    expect(code, output).toBe(0);
    outputs.push(output);
  }
  expect(outputs.at(-1)).toContain('"orderId":"1","status":"confirmed"');
  await showsTheRecording(shop);
};

export const replaysOrders: Trial = async (shop, line) => {
  const { code, output } = await shop.sh(`${line} --url ${shop.url} ${fewOrders(shop)}`);
  expect(output).toMatch(/^confirmed +5$/m);
  expect(output).toContain("✓ the books balance");
  expect(code).toBe(0);
};
