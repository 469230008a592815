/** Looks at a page as people with different screens and senses do. */
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import type { Browser, Page } from "playwright-core";
import * as z from "zod";

export type Shown = {
  readonly name: string;
  readonly url: string;
  /** Brings the page to the state to look at. */
  readonly prepare?: (page: Page) => Promise<void>;
};

const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

const violations = z.array(z.object({ id: z.string(), nodes: z.array(z.object({ html: z.string() })) }));

const screens = [
  { colorScheme: "light", width: 360 },
  { colorScheme: "light", width: 1280 },
  { colorScheme: "dark", width: 360 },
  { colorScheme: "dark", width: 1280 },
] as const;

/** What breaks the rules of axe-core. */
const inAxe = async (page: Page): Promise<readonly string[]> => {
  await page.evaluate(axe);
  const found = violations.parse(
    await page.evaluate("axe.run(document).then((result) => result.violations)"),
  );
  return found.map(
    ({ id, nodes }) => `axe-core: ${id}: ${nodes.map(({ html }) => html.slice(0, 120)).join(" ")}`,
  );
};

const sideways = async (page: Page): Promise<readonly string[]> => {
  const isWide = await page.evaluate("document.documentElement.scrollWidth > window.innerWidth");
  return isWide === true ? ["it scrolls sideways"] : [];
};

const byKeyboard = async (page: Page): Promise<readonly string[]> => {
  await page.keyboard.press("Tab");
  const name = z.string().parse(await page.evaluate("document.activeElement.tagName"));
  return ["A", "BUTTON", "SUMMARY", "INPUT"].includes(name) ? [] : [`Tab leads to ${name}`];
};

/** What is wrong with a page, on each screen. It may load nothing from another host, and its console has no error. */
export const faultsOf = async (
  browser: Browser,
  { name, url, prepare }: Shown,
): Promise<readonly string[]> => {
  const faults: string[] = [];
  for (const { colorScheme, width } of screens) {
    const context = await browser.newContext({ colorScheme, viewport: { width, height: 900 } });
    const page = await context.newPage();
    const found: string[] = [];
    page.on("console", (line) => line.type() === "error" && found.push(`console: ${line.text()}`));
    page.on("pageerror", ({ message }) => found.push(`script: ${message}`));
    page.on("request", (request) => {
      const { protocol, host } = new URL(request.url());
      if (protocol !== "data:" && host !== new URL(url).host) found.push(`it loads from ${host}`);
    });
    await page.goto(url, { waitUntil: "networkidle" });
    await prepare?.(page);
    found.push(...(await inAxe(page)), ...(await sideways(page)), ...(await byKeyboard(page)));
    faults.push(...found.map((fault) => `${name}, ${colorScheme}, ${width} px: ${fault}`));
    await context.close();
  }
  return faults;
};
