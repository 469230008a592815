/**
 * `npm run test:pages`: the pages of a running shop in Chromium, narrow and wide, light and dark. axe-core finds no
 * violation, nothing is loaded from elsewhere, nothing scrolls sideways, Tab reaches the first control, and the viewer
 * sends a request, also to an instance that requires a token. A refused request is an error in the console.
 */
import { mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { chromium, type Page } from "playwright-core";
import * as z from "zod";
import { application } from "#application";
import { apiDocuments } from "../../lib/compile/openapi/api-documents.ts";
import { endAll, npmStart } from "../e2e/npm-start.ts";
import { chromiumPath } from "./chromium.ts";
import { faultsOf, type Shown } from "./look.ts";

/** As test harnesses have it since Automake. */
const nothingTested = 77;

const folder = mkdtempSync(join(tmpdir(), "pages-"));

/** The page of a deployed application, under the policy that the application gives it. */
const deployed = createServer((_, response) => {
  response.setHeader("content-type", "text/html; charset=utf-8");
  response.setHeader(
    "content-security-policy",
    "default-src 'none'; style-src 'unsafe-inline'; img-src data:",
  );
  response.end(apiDocuments(application).page());
});

const openAll = async (page: Page): Promise<void> => {
  await page.evaluate("for (const each of document.querySelectorAll('details')) each.open = true");
};

const loaded = async (page: Page): Promise<void> => {
  await page.locator("#viewer .opblock").first().waitFor();
};

/** Opens the first GET by keyboard, and sends it. */
const send = async (page: Page): Promise<void> => {
  await loaded(page);
  await page.locator("#viewer .opblock-get .opblock-summary-control").first().press("Enter");
  await page.locator("#viewer .try-out__btn").first().press("Enter");
  await page.locator("#viewer .btn.execute").first().press("Enter");
  await page.locator("#viewer .live-responses-table").first().waitFor();
};

const tokenAt = async (url: string): Promise<string> => {
  const scopes = [...new Set(application.routes.map(({ access }) => access))];
  const body = JSON.stringify({ subject: "ada", scopes });
  const answer = await fetch(`${url}/_local/tokens`, { method: "POST", body });
  return z.object({ access_token: z.string() }).parse(await answer.json()).access_token;
};

const openDialog = async (page: Page): Promise<void> => {
  await loaded(page);
  await page.locator("#viewer .auth-wrapper .authorize").first().press("Enter");
  await page.locator("#viewer .modal-ux input").first().waitFor();
};

/** Gives the viewer a token, and sends a request with it. */
const sendWithToken = async (page: Page): Promise<void> => {
  await openDialog(page);
  const dialog = page.locator("#viewer .modal-ux");
  await dialog
    .locator("input")
    .first()
    .fill(await tokenAt(new URL(page.url()).origin));
  await dialog.locator(".authorize").first().press("Enter");
  await dialog.locator(".btn-done").first().press("Enter");
  await send(page);
};

type Urls = { readonly url: string; readonly withTokens: string; readonly ofDeployed: string };

const pagesAt = ({ url, withTokens, ofDeployed }: Urls): readonly Shown[] => [
  { name: "/_local/", url: `${url}/_local/` },
  { name: "/_local/mailbox.html", url: `${url}/_local/mailbox.html` },
  { name: "/docs on this machine", url: `${url}/docs`, prepare: loaded },
  { name: "/docs on this machine, after a request", url: `${url}/docs`, prepare: send },
  { name: "/docs with tokens, the dialog", url: `${withTokens}/docs`, prepare: openDialog },
  { name: "/docs with tokens, after a request", url: `${withTokens}/docs`, prepare: sendWithToken },
  { name: "/docs deployed", url: ofDeployed },
  { name: "/docs deployed, all parts open", url: ofDeployed, prepare: openAll },
];

const deployedUrl = async (): Promise<string> => {
  await new Promise<void>((resolve) => deployed.listen(0, "127.0.0.1", resolve));
  const { port } = z.object({ port: z.number() }).parse(deployed.address());
  return `http://127.0.0.1:${port}/docs`;
};

const look = async (executablePath: string): Promise<number> => {
  const instance = (name: string, ...options: readonly string[]) =>
    npmStart(["--port", "0", "--data", join(folder, name), "--quiet", ...options]).ready;
  const [url, withTokens] = [await instance("open"), await instance("tokens", "--tokens")];
  const browser = await chromium.launch({ executablePath, args: ["--no-sandbox"] });
  try {
    let count = 0;
    for (const page of pagesAt({ url, withTokens, ofDeployed: await deployedUrl() })) {
      const faults = await faultsOf(browser, page);
      count += faults.length;
      process.stdout.write(`${faults.length === 0 ? "fine" : "wrong"}  ${page.name}\n`);
      for (const fault of faults) process.stdout.write(`  ${fault}\n`);
    }
    return count === 0 ? 0 : 1;
  } finally {
    await browser.close();
  }
};

try {
  const path = await chromiumPath().catch((error: Error) => error);
  if (path instanceof Error) process.stdout.write(`skipped: pages in a browser (${path.message})\n`);
  process.exitCode = path instanceof Error ? nothingTested : await look(path);
} finally {
  deployed.close();
  await endAll();
  rmSync(folder, { recursive: true, force: true });
}
