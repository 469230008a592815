/** The documents of the running shop are true: its responses match them. */
import { afterAll, beforeAll, expect, test } from "vitest";
import type { OpenApi } from "../../../lib/compile/openapi/openapi.ts";
import { faultsOf } from "../../compile/documented.ts";
import { orderOf } from "./client.ts";
import { type Shop, startShop } from "./shop.ts";

let shop: Shop;

beforeAll(async () => {
  shop = await startShop();
});
afterAll(() => shop?.stop());

test("its responses match its document", async () => {
  const { status, body: document } = await shop.get<OpenApi>("/openapi.json");
  expect({ status, openapi: document.openapi }).toEqual({ status: 200, openapi: "3.1.1" });
  // It runs with public=true, so requests need no token.
  expect(document.components.securitySchemes).toEqual({});
  await shop.receive("pear", 10);
  await shop.place(orderOf("told", [{ sku: "pear", quantity: 1, unitPrice: 150 }]));
  await shop.waitForSaga("told");
  await shop.waitForOrder("told", "confirmed");
  const answers: readonly (readonly [template: string, path: string, status?: number])[] = [
    ["/orders/{orderId}", "/orders/told"],
    ["/orders/{orderId}", "/orders/nobody", 404],
    ["/orders", "/orders?status=confirmed&limit=1"],
    ["/orders", "/orders?limit=0", 400],
    ["/orders/{orderId}/events", "/orders/told/events"],
    ["/stock/{sku}", "/stock/pear"],
    ["/stock", "/stock"],
    ["/sagas/{saga}/{id}", "/sagas/checkout/told"],
    ["/sagas", "/sagas?status=completed"],
    ["/sagas", "/sagas?stuck=true"],
    ["/sagas", "/sagas?status=lost", 400],
    ["/health", "/health"],
  ];
  for (const [template, path, expected = 200] of answers) {
    const answer = await shop.get(path);
    expect(answer.status, path).toBe(expected);
    const type = answer.headers.get("content-type") ?? "";
    const content = document.paths[template]?.get?.responses[expected]?.content?.[type];
    expect(faultsOf(document, content?.schema, answer.body), path).toBe("");
  }
});

test("its page is HTML that may load nothing", async () => {
  const page = await fetch(`${shop.url}/docs`);
  expect(page.status).toBe(200);
  expect(page.headers.get("content-type")).toBe("text/html; charset=utf-8");
  expect(page.headers.get("content-security-policy")).toContain("default-src 'none'");
  expect(await page.text()).toContain('<b class="post">POST</b> <code>/orders/{orderId}/cancellation</code>');
});

test("the health check succeeds", async () => {
  expect(await shop.get("/health")).toMatchObject({ status: 200, body: { status: "ok" } });
  expect(shop.problems()).toEqual([]);
});
