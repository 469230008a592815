/** The token issuer of the local cloud: what it issues, what it refuses, and that its key outlives the process. */
import { rmSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import * as z from "zod";
import { type LocalCloud, localCloud } from "../../../lib/local/local-cloud.ts";
import { freePort } from "../../../lib/local/machine/free-port.ts";
import { temporaryFolder, writeAssembly } from "../app.ts";
import { audience, guardedApi, mirror } from "../http-api/token-issuer.ts";

const data = temporaryFolder();
let port = 0;
let cloud: LocalCloud;

const start = (
  given: { readonly tokens?: boolean; readonly fresh?: boolean; readonly issuer?: string } = {},
) => {
  const { tokens = true, fresh = false, issuer = `http://127.0.0.1:${port}/_local` } = given;
  const routes = {
    "GET /orders": { scopes: ["customer"] },
    "GET /stock": { scopes: ["operator", "customer"] },
  };
  const assembly = writeAssembly({ code: { mirror }, Resources: guardedApi(issuer, routes) });
  return localCloud({ assembly, data, fresh, port, tokens, report: () => {} });
};

beforeAll(async () => {
  port = await freePort();
  cloud = await start();
});
afterAll(async () => {
  await cloud?.stop();
  rmSync(data, { recursive: true, force: true });
});

const issued = z.strictObject({
  access_token: z.string(),
  token_type: z.literal("Bearer"),
  expires_in: z.int(),
});

const issuedOrRefused = z.union([issued, z.strictObject({ message: z.string() })]);

const post = async (body: unknown) => {
  const text = typeof body === "string" ? body : JSON.stringify(body);
  const response = await fetch(`${cloud.url}/_local/tokens`, { method: "POST", body: text });
  return { status: response.status, body: issuedOrRefused.parse(await response.json()) };
};

const request = { subject: "ada", scopes: ["customer", "read:all"] };

const tokenFor = async (others: object = {}) =>
  issued.parse((await post({ ...request, ...others })).body).access_token;

const claimsIn = (token: string) =>
  JSON.parse(Buffer.from(token.split(".")[1] ?? "", "base64url").toString());

const statusWith = async (token: string) => {
  const headers = { authorization: `Bearer ${token}` };
  return (await fetch(`${cloud.url}/orders`, { headers })).status;
};

describe("a token", () => {
  test("has the subject and the scopes, is for the API, and lasts an hour", async () => {
    const { status, body } = await post(request);
    const { access_token, expires_in } = issued.parse(body);
    expect([status, expires_in]).toEqual([200, 3600]);
    const { iat, exp, jti, ...claims } = claimsIn(access_token);
    expect(claims).toEqual({
      iss: `${cloud.url}/_local`,
      sub: "ada",
      aud: "https://other.example",
      scope: "customer read:all",
    });
    expect([exp - iat, typeof jti]).toEqual([3600, "string"]);
    expect(await statusWith(access_token)).toBe(200);
  });

  test("ends when the clock of the local cloud says so", async () => {
    const token = await tokenFor({ expiresIn: 60 });
    expect(await statusWith(token)).toBe(200);
    await cloud.advance(60);
    expect(await statusWith(token)).toBe(401);
    expect(await statusWith(await tokenFor({ expiresIn: 60 }))).toBe(200);
  });

  test.each([
    ["another audience of the authorizer", { audience }, 200],
    ["an audience that the authorizer does not have", { audience: "else" }, 401],
    ["another issuer", { issuer: "https://id.example" }, 401],
    ["other scopes", { scopes: ["operator"] }, 403],
    ["no scopes", { scopes: [] }, 403],
  ])("may have %s", async (_, others, status) => {
    expect(await statusWith(await tokenFor(others))).toBe(status);
  });
});

test.each([
  ["", "the body is not an object"],
  ["{", "the body is not JSON"],
  [[], "the body is not an object"],
  [{}, "subject: expected a text; scopes: expected a list of scopes"],
  [{ ...request, subject: "" }, "subject: expected a text that is not empty"],
  [{ ...request, scopes: "customer" }, "scopes: expected a list of scopes"],
  [{ ...request, scopes: ["a b"] }, "scopes.0: expected one scope, in ASCII and without blanks"],
  [{ ...request, expiresIn: 0 }, "expiresIn: expected at least 1 second"],
  [{ ...request, expiresIn: "1h" }, "expiresIn: expected a whole number of seconds"],
  [{ ...request, expiresIn: 1e9 }, "expiresIn: expected at most 315360000 seconds"],
  [{ ...request, audience: 1 }, "audience: expected a text"],
  [{ ...request, issuer: "" }, "issuer: expected a text that is not empty"],
  [{ ...request, scope: "customer" }, "unknown field scope"],
])("the request %j is refused: %s", async (body, because) => {
  expect(await post(body)).toEqual({
    status: 400,
    body: { message: expect.stringContaining(because) },
  });
});

test("its discovery document names its public key, and no private part of it", async () => {
  const get = async (path: string) => (await fetch(`${cloud.url}${path}`)).json();
  const keys = "/_local/.well-known/jwks.json";
  expect(await get("/_local/.well-known/openid-configuration")).toMatchObject({
    issuer: `${cloud.url}/_local`,
    jwks_uri: `${cloud.url}${keys}`,
  });
  const [kid, n] = [expect.any(String), expect.any(String)];
  expect(await get(keys)).toEqual({
    keys: [{ kty: "RSA", use: "sig", alg: "RS256", kid, n, e: "AQAB" }],
  });
});

test("the host learns what a client needs for a token", () => {
  expect(cloud.issuer).toEqual({
    issuer: `${cloud.url}/_local`,
    audience: "https://other.example",
    tokens: `${cloud.url}/_local/tokens`,
    scopes: ["customer", "operator"],
  });
});

test("the first tokens at the same time are signed with one key", async () => {
  await cloud.stop();
  cloud = await start({ fresh: true });
  const tokens = await Promise.all([tokenFor(), tokenFor(), tokenFor()]);
  expect(await Promise.all(tokens.map(statusWith))).toEqual([200, 200, 200]);
});

test("a token stays valid over a restart, and not with an empty data folder", async () => {
  const token = await tokenFor();
  await cloud.stop();
  cloud = await start();
  expect(await statusWith(token)).toBe(200);
  await cloud.stop();
  cloud = await start({ fresh: true });
  expect(await statusWith(token)).toBe(401);
});

test("without the option, the issuer's pages do not exist", async () => {
  await cloud.stop();
  cloud = await start({ tokens: false });
  expect(cloud.issuer).toBeUndefined();
  const paths = [
    "/_local/tokens",
    "/_local/.well-known/openid-configuration",
    "/_local/.well-known/jwks.json",
  ];
  for (const path of paths) expect((await fetch(`${cloud.url}${path}`)).status).toBe(404);
});

test("a template whose authorizer has another issuer is refused", async () => {
  await cloud.stop();
  await expect(start({ issuer: "https://id.example" })).rejects.toThrow(
    `no JWT authorizer of the template has the issuer http://127.0.0.1:${port}/_local`,
  );
});
