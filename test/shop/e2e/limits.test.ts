/** The shop with limits, traces and logs of errors only, as `npm start` runs it with these keys in cdk.json. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { synthesize } from "../../../lib/deploy/synthesize.ts";
import { project } from "../project.ts";
import { orderOf } from "./client.ts";
import { type Shop, startShop } from "./shop.ts";

const outdir = mkdtempSync(join(tmpdir(), "shop-e2e-limits-"));
let shop: Shop;

beforeAll(async () => {
  const limits = { throttle: "1,3", tracing: "xray", logLevel: "error" };
  const context = { public: "true", "saga.checkout": "step-functions", ...limits };
  shop = await startShop(synthesize(project, { context, outdir, validation: false }).assembly);
});

afterAll(async () => {
  await shop?.stop();
  rmSync(outdir, { recursive: true });
});

test("an order is confirmed, and the functions log nothing below an error", async () => {
  await shop.receive("fig", 5);
  await shop.place(orderOf("1", [{ sku: "fig", quantity: 2, unitPrice: 100 }]));
  await shop.waitForOrder("1", "confirmed");
  expect(shop.problems()).toEqual([]);
  expect(shop.reports.filter(({ fields }) => fields?.level === "INFO")).toEqual([]);
});

test("a request over the limit gets 429", async () => {
  const answers = await Promise.all(Array.from({ length: 30 }, () => shop.get("/health")));
  const refused = answers.filter(({ status }) => status === 429);
  expect(refused.length).toBeGreaterThan(0);
  expect(refused[0]?.body).toEqual({ message: "Too Many Requests" });
});

test("the roles have the rights to send traces", async () => {
  const { granted } = await shop.permissions();
  expect(new Set(granted.map(({ action }) => action).filter((action) => action.startsWith("xray:")))).toEqual(
    new Set(
      ["PutTraceSegments", "PutTelemetryRecords", "GetSamplingRules", "GetSamplingTargets"].map(
        (name) => `xray:${name}`,
      ),
    ),
  );
});
