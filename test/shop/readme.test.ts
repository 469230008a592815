/** What the README says is so: its commands run, its files and scripts are there. */
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import * as z from "zod";
import { root } from "../bin/command-line.ts";
import { type Started, started } from "../bin/started.ts";

const read = (file: string) => readFileSync(join(root, file), "utf8");
const readme = read("README.md");
const scripts = z
  .object({ scripts: z.record(z.string(), z.string()) })
  .parse(JSON.parse(read("package.json"))).scripts;

const blocksOf = (language: string): readonly string[] =>
  [...readme.matchAll(/^```(\w*)\n([\s\S]*?)^```$/gm)].flatMap(([, name, text = ""]) =>
    name === language ? [text] : [],
  );

const linesOf = (file: string): readonly string[] => read(file).trim().split("\n");

/** Few orders, and the articles that they need. */
const smallReplay = ({ folder }: Started): string => {
  const orders = linesOf("test/data/northwind-orders.jsonl").slice(0, 5);
  const skus = orders.flatMap((line) =>
    z
      .object({ lines: z.array(z.object({ sku: z.string() })) })
      .parse(JSON.parse(line))
      .lines.map(({ sku }) => sku),
  );
  const stock = linesOf("test/data/northwind-stock.jsonl").filter((line) =>
    skus.includes(z.object({ sku: z.string() }).parse(JSON.parse(line)).sku),
  );
  const files = { orders: join(folder, "orders.jsonl"), stock: join(folder, "stock.jsonl") };
  writeFileSync(files.orders, `${orders.join("\n")}\n`);
  writeFileSync(files.stock, `${stock.join("\n")}\n`);
  return `--orders ${files.orders} --stock ${files.stock}`;
};

/** Of a machine that runs all other tests at the same time. */
const patienceMilliseconds = 120_000;

let shop: Started;

beforeAll(async () => {
  shop = await started();
}, patienceMilliseconds);
afterAll(() => shop?.stop());

/** How each line of a shell is tried: `npm ci` would take the packages away from under this test. */
const trials: Readonly<Record<string, () => Promise<void>>> = {
  "npm ci && npm start": async () => {
    const lines = shop.printed().match(/^curl .+$/gm) ?? [];
    expect(lines).toHaveLength(3);
    const answers: string[] = [];
    for (const line of lines) {
      const { code, output } = await shop.sh(line);
      expect(code, output).toBe(0);
      answers.push(output);
    }
    expect(answers.at(-1)).toContain('"orderId":"1","status":"confirmed"');
  },
  "npm ci && npm test": async () => {
    expect(scripts.test).toBe(
      "biome check . && tsc --noEmit && vitest run --project parts --project e2e --project shop",
    );
  },
  "npm run replay -- --stock-times 40": async () => {
    const line = `npm run replay -- --stock-times 40 --url ${shop.url} ${smallReplay(shop)}`;
    const { code, output } = await shop.sh(line);
    expect(output).toMatch(/^confirmed +5$/m);
    expect(output).toContain("✓ the books balance");
    expect(code).toBe(0);
  },
  "npm run operate -- --help": async () => {
    const { code, output } = await shop.sh("npm run operate -- --help");
    expect(output).toContain("resume SAGA/ID --how retry|skip");
    expect(code).toBe(0);
  },
  "npm run operate -- parked": async () => {
    const { code, output } = await shop.sh(`npm run operate -- parked --url ${shop.url}`);
    expect(output).toContain("no stream is parked");
    expect(code).toBe(0);
  },
};

describe.sequential("a shell does what the README says", { timeout: patienceMilliseconds }, () => {
  const lines = blocksOf("sh").flatMap((block) => block.trim().split("\n"));
  test.each(lines)("%s", async (line) => {
    const trial = trials[line];
    expect(trial, "no trial says how this line is tried").toBeDefined();
    await trial?.();
  });

  test("a saga that is not parked is not resumed, and says so", async () => {
    const line = `npm run operate -- resume checkout/1 --how retry --url ${shop.url}`;
    const { code, output } = await shop.sh(line);
    expect(output).toContain("refused: checkout/1 is completed, not parked");
    expect(code).toBe(1);
  });

  test("the generated parts are current", async () => {
    const { code, output } = await shop.sh("npm run document -- --check");
    expect(output).toContain("every generated document is current");
    expect(code).toBe(0);
  });

  test("every page of the local cloud that it names answers", async () => {
    const pages = [...readme.matchAll(/`GET (\/_local\/[^`]+)`/g)].map(([, path = ""]) => path);
    expect(pages.length).toBeGreaterThan(4);
    for (const page of pages) {
      const response = await fetch(`${shop.url}${page.replace(/\{\w+\}/, "some")}`);
      expect(await response.json().then(() => response.status), page).toBe(200);
    }
  });

  test("whoever kills npm ends what it started", async () => {
    await shop.stop();
    expect(shop.isUp()).toBe(false);
    await expect(fetch(shop.url)).rejects.toThrow();
  });
});

const documents = ["README.md", "docs/sagas.md", "CHANGELOG.md"];

test.each(documents)("every file that %s links to is there", (document) => {
  const links = [...read(document).matchAll(/\]\(([^)#]+)[^)]*\)/g)].map(([, link = ""]) => link);
  const missing = links
    .filter((link) => !/^https?:/.test(link))
    .filter((link) => !existsSync(join(root, dirname(document), link)));
  expect(missing).toEqual([]);
});

test.each(documents)("every script that %s names is there", (document) => {
  const named = [...read(document).matchAll(/npm (?:run )?(start|test|(?<=run )[\w-]+)/g)].map(
    ([, name = ""]) => name,
  );
  expect(named.filter((name) => !(name in scripts))).toEqual([]);
});

test("every bench that it names is there", () => {
  const files = [...readme.matchAll(/npx tsx (\S+)/g)].map(([, file = ""]) => file);
  expect(files.length).toBeGreaterThan(3);
  expect(files.filter((file) => !existsSync(join(root, file)))).toEqual([]);
});

test("every path of its tree is there", () => {
  const tree = blocksOf("").find((block) => block.includes("lambdas/")) ?? "";
  let parent = "";
  const paths = tree.split("\n").flatMap((line) => {
    const [, indent = "", path = ""] = /^( *)(\S+\/|\S+\.md)( |$)/.exec(line) ?? [];
    if (path === "") return [];
    if (indent === "") parent = path;
    return [indent === "" ? path : `${parent}${path}`];
  });
  expect(paths.length).toBeGreaterThan(15);
  expect(paths.filter((path) => !existsSync(join(root, path)))).toEqual([]);
});

test("the options of npm start are those of its help", () => {
  const optionsIn = (text: string, pattern: RegExp) => [...text.matchAll(pattern)].map(([, name]) => name);
  const inHelp = optionsIn(read("bin/local/options.ts"), /^ {2}(--\w+)/gm);
  expect(optionsIn(readme, /^\| `(--\w+)/gm)).toEqual(inHelp);
});
