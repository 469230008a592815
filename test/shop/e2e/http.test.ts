/** What clients see of HTTP besides bodies: HEAD, entity tags, redirects, and access to HEAD requests. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { synthesize } from "../../../lib/deploy/synthesize.ts";
import { routesOf } from "../../../lib/model/application.ts";
import { shop as application } from "../../../lib/shop/shop.ts";
import { endAll, npmStart } from "../../e2e/npm-start.ts";
import { project } from "../project.ts";
import { orderOf } from "./client.ts";
import { type Shop, startShop } from "./shop.ts";

const folder = mkdtempSync(join(tmpdir(), "shop-http-"));
const origin = "https://shop.example";
let shop: Shop;
let guarded: Shop;

beforeAll(async () => {
  shop = await startShop();
  const context = { issuer: "https://id.example.com", audience: "shop", cors: origin };
  guarded = await startShop(synthesize(project, { context, outdir: folder, validation: false }).assembly);
});
afterAll(async () => {
  await shop?.stop();
  await guarded?.stop();
  rmSync(folder, { recursive: true, force: true });
});

const reads = routesOf(application).filter(({ method }) => method === "GET");
const filled = (path: string) => path.replaceAll(/\{\w+\}/g, "nothing");
const head = ({ url }: Shop, path: string, headers: Readonly<Record<string, string>> = {}) =>
  fetch(`${url}${filled(path)}`, { method: "HEAD", headers, redirect: "manual" });

describe("HEAD", () => {
  test.each(reads)("to $path without a token is allowed if GET is", async ({ path, access }) => {
    const get = await fetch(`${guarded.url}${filled(path)}`, { redirect: "manual" });
    const { status } = await head(guarded, path);
    expect(status).toBe(get.status);
    if (access === "public") expect(status).not.toBe(401);
    else expect(status).toBe(401);
  });

  test.each(application.routes.filter(({ method }) => method !== "GET"))(
    "to $path without a token reveals nothing",
    async ({ path }) => {
      const isRead = reads.some((route) => route.path === path && route.access !== "public");
      expect((await head(guarded, path)).status).toBe(isRead ? 401 : 405);
    },
  );

  test.each([
    "/openapi.json",
    "/docs",
    "/health",
    "/stock",
    "/orders",
    "/orders/nobody",
    "/orders?limit=0",
    "/",
  ])("to %s has the headers of GET and no body", async (path) => {
    const get = await fetch(`${shop.url}${path}`, { redirect: "manual" });
    const body = await get.arrayBuffer();
    const answer = await head(shop, path);
    expect(await answer.text()).toBe("");
    const names = ["content-type", "etag", "cache-control", "location", "content-security-policy"];
    const shown = ({ status, headers }: Response) => [status, names.map((name) => headers.get(name))];
    expect(shown(answer)).toEqual(shown(get));
    expect(answer.headers.get("content-length")).toBe(`${body.byteLength}`);
  });
});

test("the root redirects to the page", async () => {
  const { status, headers } = await fetch(shop.url, { redirect: "manual" });
  expect([status, headers.get("location")]).toEqual([302, "/docs"]);
  expect((await fetch(shop.url)).headers.get("content-type")).toBe("text/html; charset=utf-8");
});

test("OPTIONS lists the methods of a path, even if all other methods need a token", async () => {
  const options = async (path: string) => {
    const { status, headers } = await fetch(`${guarded.url}${path}`, { method: "OPTIONS" });
    return [status, headers.get("allow")];
  };
  expect(await options("/orders")).toEqual([204, "GET, HEAD, OPTIONS, POST"]);
  expect(await options("/carts")).toEqual([404, null]);
});

describe("a page of another origin", () => {
  const asks = {
    origin,
    "access-control-request-method": "POST",
    "access-control-request-headers": "if-match",
  };
  const ofCors = ({ headers }: Response) =>
    [...headers].filter(([name]) => name.startsWith("access-control-"));

  test("can ask without a token which requests are allowed", async () => {
    const answer = await fetch(`${guarded.url}/orders`, { method: "OPTIONS", headers: asks });
    expect(answer.status).toBe(204);
    expect(answer.headers.get("access-control-allow-origin")).toBe(origin);
    expect(answer.headers.get("access-control-allow-headers")).toContain("if-match");
    expect(answer.headers.get("access-control-allow-methods")).toContain("POST");
  });

  test("can read the headers of a response", async () => {
    const answer = await fetch(`${guarded.url}/stock`, { headers: { origin } });
    expect(answer.headers.get("access-control-allow-origin")).toBe(origin);
    expect(answer.headers.get("access-control-expose-headers")).toContain("etag");
  });

  test("is refused if its origin is not listed", async () => {
    const headers = { ...asks, origin: "https://other.example" };
    expect(ofCors(await fetch(`${guarded.url}/stock`, { headers }))).toEqual([]);
    expect(ofCors(await fetch(`${guarded.url}/orders`, { method: "OPTIONS", headers }))).toEqual([]);
  });

  test("is refused by default", async () => {
    expect(ofCors(await fetch(`${shop.url}/stock`, { headers: asks }))).toEqual([]);
    expect(ofCors(await fetch(`${shop.url}/orders`, { method: "OPTIONS", headers: asks }))).toEqual([]);
  });

  test("is allowed if npm start has the option", async () => {
    const [one, two, three] = ["https://a.example", "http://localhost:5173", origin];
    const options = ["--port", "0", "--data", join(folder, "data"), "--quiet"];
    const run = npmStart([...options, "--cors", `${one},${two}`, "--cors", three]);
    const url = await run.ready;
    const allowed = async (origin: string) =>
      (await fetch(`${url}/health`, { headers: { origin } })).headers.get("access-control-allow-origin");
    const answers = await Promise.all([one, two, three, "https://b.example"].map(allowed));
    await endAll();
    expect(answers).toEqual([one, two, three, null]);
  });
});

test("npm start refuses an origin in a form that browsers do not send", async () => {
  const run = npmStart(["--port", "0", "--data", join(folder, "none"), "--cors", "https://Shop.example"]);
  expect(await run.ended).toBe(1);
  expect(run.said.stderr).toBe(
    "context cors=https://Shop.example: browsers send this origin as https://shop.example; write it like that\n",
  );
});

test("an ETag of an order identifies one body, and 304 has no content type", async () => {
  await shop.receive("fig", 5);
  await shop.place(orderOf("tagged", [{ sku: "fig", quantity: 1, unitPrice: 150 }], "pm_card_timeout"));
  const seen = new Map<string, string>();
  const look = async () => {
    const { status, headers, body } = await shop.get("/orders/tagged");
    if (status === 200) seen.set(JSON.stringify(body), `${headers.get("etag")}`);
    return headers.get("etag") ?? "";
  };
  await shop.wait("the checkout to wait for the payment", async () => {
    await look();
    return (await shop.saga("tagged"))?.step === "authorize-payment" ? true : undefined;
  });
  const latest = await shop.wait("the row to stop changing", async () => {
    const headers = { "if-none-match": `W/"0", ${await look()}` };
    const again = await fetch(`${shop.url}/orders/tagged`, { headers });
    return again.status === 304 ? again : undefined;
  });
  expect(new Set(seen.values()).size).toBe(seen.size);
  const tag = `${latest.headers.get("etag")}`;
  expect([...seen.values()]).toContain(tag);
  expect(tag).toMatch(/^"1\.[\w-]{16}"$/);
  expect(latest.headers.get("content-type")).toBeNull();
  expect(await shop.get("/orders/tagged", { "if-match": '"1"' })).toMatchObject({ status: 412 });
  expect(await shop.cancel("tagged", "old", { "if-match": '"2.abc"' })).toMatchObject({ status: 412 });
  expect(await shop.cancel("tagged", "weak", { "if-match": `W/${tag}` })).toMatchObject({ status: 412 });
  const cancelled = await shop.cancel("tagged", "fresh", { "if-match": `"7", ${tag}` });
  expect([cancelled.status, cancelled.headers.get("etag")]).toEqual([202, '"2"']);
});

test("a command can require that an order exists, or that it does not exist", async () => {
  const order = orderOf("conditional", [{ sku: "fig", quantity: 1, unitPrice: 150 }]);
  expect(await shop.cancel("conditional", "too early", { "if-match": "*" })).toMatchObject({ status: 412 });
  expect(await shop.place(order, { "if-none-match": "*" })).toMatchObject({ status: 202 });
  expect(await shop.place(order, { "if-none-match": "*" })).toMatchObject({ status: 412 });
  expect(await shop.place(order, { "if-match": "*" })).toMatchObject({ status: 409 });
});
