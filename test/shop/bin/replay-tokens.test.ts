/** A replay against an instance that requires tokens: which it sends, and what it does when one has expired. */
import { createServer } from "node:http";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { credentials } from "../../../bin/shop/replay/credentials.ts";
import { instance } from "../../../bin/shop/replay/instance.ts";

let issued = 0;
let accepted: string | undefined;
let requests: string[] = [];
let issues = true;

/** Issues tokens named by their number, and accepts one of them. */
const server = createServer((request, response) => {
  const { url, headers } = request;
  if (url === "/_local/tokens" && !issues) return void response.writeHead(404).end("{}");
  if (url === "/_local/tokens") {
    issued += 1;
    return void response.end(JSON.stringify({ access_token: `token-${issued}` }));
  }
  requests.push(`${headers.authorization}`);
  const isAccepted = accepted === undefined || headers.authorization === `Bearer ${accepted}`;
  return void response.writeHead(isAccepted ? 202 : 401).end("{}");
});

let url = "";
beforeAll(async () => {
  await new Promise<void>((done) => void server.listen(0, "127.0.0.1", done));
  const address = server.address();
  url = `http://127.0.0.1:${typeof address === "object" ? address?.port : ""}`;
});
afterAll(() => new Promise((done) => void server.close(done)));
beforeEach(() => {
  [issued, accepted, requests, issues] = [0, undefined, [], true];
});

const shopWith = async (token: string | undefined) => instance(url, await credentials(url, token));

test("without a token, none is sent and none is asked for", async () => {
  expect(await (await shopWith(undefined)).post("/orders", "key", {})).toBeUndefined();
  expect([requests, issued]).toEqual([["undefined"], 0]);
});

test("a given token is sent with each request; a refusal is the result", async () => {
  accepted = "other";
  const shop = await shopWith("mine");
  expect(await shop.post("/orders", "key", {})).toBe("POST /orders: 401 {}");
  await expect(shop.optional("/orders/1")).rejects.toThrow("GET /orders/1: 401");
  expect([requests, issued]).toEqual([["Bearer mine", "Bearer mine"], 0]);
});

test("local gets a token, and one new token for all requests that find it expired", async () => {
  const shop = await shopWith("local");
  accepted = "token-1";
  await shop.optional("/orders/1");
  accepted = "token-2";
  const refused = await Promise.all(["a", "b", "c"].map((key) => shop.post("/orders", key, {})));
  expect(refused).toEqual([undefined, undefined, undefined]);
  expect(issued).toBe(2);
});

test("local needs an instance that issues tokens", async () => {
  issues = false;
  await expect(shopWith("local")).rejects.toThrow(`${url} does not issue tokens`);
});
