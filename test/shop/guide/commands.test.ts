/** The commands of the README and the guides do what the pages say. */
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Started, started } from "../../bin/started.ts";
import { pages, textOf } from "../../guide/markdown.ts";
import { commands } from "./commands.ts";

const rows = Object.entries(commands);

/** Of a machine that runs all other tests at the same time. */
const patienceMilliseconds = 120_000;

let shop: Started;

beforeAll(async () => {
  shop = await started();
}, patienceMilliseconds);
afterAll(() => shop?.stop());

describe.sequential("a shell does what the pages say", { timeout: patienceMilliseconds }, () => {
  test.each(rows.filter(([, row]) => typeof row === "function"))("%s", async (line, row) => {
    if (typeof row === "function") await row(shop, line);
  });

  test("every page of the local cloud that the pages name answers", async () => {
    const paths = pages.flatMap((page) =>
      [...textOf(page).matchAll(/`GET (\/_local\/[^`]+)`/g)].map(([, path = ""]) => path),
    );
    expect(paths.length).toBeGreaterThan(4);
    for (const path of new Set(paths)) {
      const response = await fetch(`${shop.url}${path.replace(/\{\w+\}/, "some")}`);
      expect(response.status, path).toBe(200);
    }
  });

  test("killing npm ends what it started", async () => {
    await shop.stop();
    expect(shop.isUp()).toBe(false);
    await expect(fetch(shop.url)).rejects.toThrow();
  });
});
