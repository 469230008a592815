/** JWT authorizers: which tokens a route accepts, what other requests are answered, and what the function learns. */
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { type LocalCloud, localCloud } from "../../../lib/local/local-cloud.ts";
import { reports, writeAssembly } from "../app.ts";
import { audience, guardedApi, mirror, tokenIssuer } from "./token-issuer.ts";

const routes = {
  "GET /orders": { scopes: ["customer", "operator"] },
  "HEAD /orders": { scopes: ["customer", "operator"] },
  "POST /orders": { scopes: ["customer"] },
  "GET /profile": {},
  "GET /health": undefined,
  $default: undefined,
};

let issuer: Awaited<ReturnType<typeof tokenIssuer>>;
let cloud: LocalCloud;
let found = reports();

const start = (source?: string) =>
  localCloud({
    assembly: writeAssembly({
      code: { mirror },
      Resources: guardedApi(issuer.url, routes, source),
    }),
    port: 0,
    report: (report) => found.report(report),
  });

beforeAll(async () => {
  issuer = await tokenIssuer();
  cloud = await start();
});
afterAll(async () => {
  await cloud?.stop();
  await issuer?.stop();
});
beforeEach(() => {
  found = reports();
});
afterEach(() => {
  issuer.fail(false);
  issuer.publish(issuer.first);
});

const now = () => Math.floor(cloud.clock.now() / 1000);

/** The claims of a token that every route accepts. */
const claims = () => ({
  iss: issuer.url,
  sub: "ada",
  aud: audience,
  iat: now(),
  exp: now() + 600,
  scope: "openid customer",
});

type Sent = { readonly method?: string; readonly headers?: Readonly<Record<string, string>> };

const send = (path: string, sent: Sent = {}, { url } = cloud) => fetch(`${url}${path}`, sent);

const bearer = (token: string) => ({ authorization: `Bearer ${token}` });

const answerTo = async (token: string, path = "/orders", sent: Sent = {}) => {
  const answer = await send(path, { ...sent, headers: { ...sent.headers, ...bearer(token) } });
  return {
    status: answer.status,
    challenge: answer.headers.get("www-authenticate"),
    body: await answer.text(),
  };
};

const refusal = (because: string) => ({
  status: 401,
  challenge: `Bearer scope="" error="invalid_token" error_description="${because}"`,
  body: '{"message":"Unauthorized"}',
});

describe("a token is accepted", () => {
  test.each([
    ["with one of the audiences", () => ({ aud: ["x", audience] })],
    ["with client_id instead of aud", () => ({ aud: undefined, client_id: audience })],
    ["without iat", () => ({ iat: undefined })],
    ["from this second on", () => ({ nbf: now() })],
    ["with another scope of the route", () => ({ scope: "operator" })],
    ["with its scopes in scp as a list", () => ({ scope: undefined, scp: ["openid", "customer"] })],
    ["with its scopes in scp as a text", () => ({ scope: undefined, scp: "openid customer" })],
  ])("%s", async (_, others) => {
    const { status } = await answerTo(await issuer.sign({ ...claims(), ...others() }));
    expect(status).toBe(200);
  });

  test("without Bearer", async () => {
    const authorization = await issuer.sign(claims());
    expect((await send("/orders", { headers: { authorization } })).status).toBe(200);
  });

  test("from the parameter that the authorizer names", async () => {
    const other = await start("$request.querystring.token");
    const token = await issuer.sign(claims());
    const { status } = await send(`/orders?token=${token}`, {}, other);
    const inHeader = await send("/orders", { headers: bearer(token) }, other);
    await other.stop();
    expect([status, inHeader.status]).toEqual([200, 401]);
  });
});

describe("a token is refused with 401", () => {
  test.each([
    [
      "for another audience",
      () => ({ aud: "https://else.example" }),
      "the token does not have a valid audience",
    ],
    [
      "for another audience, although client_id is right",
      () => ({ aud: "https://else.example", client_id: audience }),
      "the token does not have a valid audience",
    ],
    ["without an audience", () => ({ aud: undefined }), "the token does not have a valid audience"],
    ["of another issuer", () => ({ iss: `${issuer.url}/` }), "the token does not have a valid iss"],
    ["without an issuer", () => ({ iss: undefined }), "the token does not have a valid iss"],
    ["that has expired", () => ({ exp: now() }), "the token has expired"],
    ["that never expires", () => ({ exp: undefined }), "the token does not have a valid exp"],
    ["before its time", () => ({ nbf: now() + 60 }), "the token does not have a valid nbf"],
    ["from the future", () => ({ iat: now() + 60 }), "the token does not have a valid iat"],
  ])("%s", async (_, others, because) => {
    const token = await issuer.sign({ ...claims(), ...others() });
    expect(await answerTo(token)).toEqual(refusal(because));
  });

  test("when the clock of the local cloud reaches its end", async () => {
    const token = await issuer.sign({ ...claims(), exp: now() + 3600 });
    expect((await answerTo(token)).status).toBe(200);
    await cloud.advance(3600);
    expect(await answerTo(token)).toEqual(refusal("the token has expired"));
  });

  test("whose signature is of another key", async () => {
    const other = await issuer.keyNamed("first");
    const token = await issuer.sign(claims(), other);
    expect(await answerTo(token)).toEqual(refusal("the signature of the token is not valid"));
  });

  test("whose claims were changed", async () => {
    const [header, , signature] = (await issuer.sign(claims())).split(".");
    const changed = Buffer.from(JSON.stringify({ ...claims(), sub: "eve" })).toString("base64url");
    const forged = `${header}.${changed}.${signature}`;
    expect(await answerTo(forged)).toEqual(refusal("the signature of the token is not valid"));
  });

  const notSignedWithRsa = "the token is not signed with RS256, RS384, RS512";

  test.each([
    ["none", ""],
    ["HS256", "c2lnbmF0dXJl"],
  ])("with the algorithm %s", async (alg, signature) => {
    const part = (value: object) => Buffer.from(JSON.stringify(value)).toString("base64url");
    const token = `${part({ alg, kid: "first" })}.${part(claims())}.${signature}`;
    expect(await answerTo(token)).toEqual(refusal(notSignedWithRsa));
  });

  test("with a valid signature of the algorithm PS256", async () => {
    const token = await issuer.sign(claims(), issuer.first, { alg: "PS256" });
    expect(await answerTo(token)).toEqual(refusal(notSignedWithRsa));
  });

  test.each([
    ["an unknown kid", { kid: "unknown" }],
    ["no kid", { kid: undefined }],
  ])("with %s", async (_, header) => {
    const token = await issuer.sign(claims(), issuer.first, header);
    expect(await answerTo(token)).toEqual(refusal("no key of the issuer has the kid of the token"));
  });

  test.each([
    ["token", "token contains an invalid number of segments"],
    ["a.b", "token contains an invalid number of segments"],
    ["a.b.c", "the token is malformed"],
    ["bearer a.b.c", "the token is malformed"],
    ['"x".<y>.z', "the token is malformed"],
  ])("that is %s", async (token, because) => {
    expect(await answerTo(token)).toEqual(refusal(because));
  });
});

test.each(["GET", "POST"])(
  "%s without a token, or with an empty header, is answered with 401",
  async (method) => {
    const empty = await send("/orders", { method, headers: { authorization: "" } });
    expect([empty.status, empty.headers.get("www-authenticate")]).toEqual([401, "Bearer"]);
    const answer = await send("/orders", { method });
    expect([answer.status, answer.headers.get("www-authenticate"), await answer.text()]).toEqual([
      401,
      "Bearer",
      '{"message":"Unauthorized"}',
    ]);
    expect(answer.headers.get("apigw-requestid")).not.toBeNull();
  },
);

test("a valid token without a scope of the route is answered with 403", async () => {
  for (const others of [{ scope: "operator" }, { scope: "" }, { scope: undefined }, { scope: "Customer" }])
    expect(
      await answerTo(await issuer.sign({ ...claims(), ...others }), "/orders", { method: "POST" }),
    ).toEqual({ status: 403, challenge: null, body: '{"message":"Forbidden"}' });
});

test("HEAD is answered like GET, without a body; OPTIONS and unknown paths go to the open default route", async () => {
  const token = await issuer.sign(claims());
  const wrong = await issuer.sign({ ...claims(), scope: "none" });
  const statusOf = async (method: string, path: string, headers = {}) =>
    (await send(path, { method, headers })).status;
  const head = await send("/orders", { method: "HEAD" });
  expect([head.status, head.headers.get("www-authenticate"), await head.text()]).toEqual([401, "Bearer", ""]);
  expect(head.headers.get("content-length")).toBe("26");
  expect(await statusOf("HEAD", "/orders", bearer(wrong))).toBe(403);
  expect(await statusOf("HEAD", "/orders", bearer(token))).toBe(200);
  expect(await statusOf("OPTIONS", "/orders")).toBe(200);
  expect(await statusOf("DELETE", "/orders", bearer("garbled"))).toBe(200);
  expect(await statusOf("GET", "/health")).toBe(200);
});

describe("the event has", () => {
  const authorizerFor = async (path: string, others: object = {}) => {
    const { body } = await answerTo(await issuer.sign({ ...claims(), ...others }), path);
    return JSON.parse(body).requestContext.authorizer;
  };

  test("every claim as a string", async () => {
    const { jwt } = await authorizerFor("/orders", {
      auth_time: 1_617_889_127,
      email_verified: true,
      "cognito:groups": ["admin", "users"],
      address: { city: "London" },
      nothing: null,
    });
    const { iat, exp, ...texts } = jwt.claims;
    expect([iat, exp]).toEqual([expect.stringMatching(/^\d+$/), expect.stringMatching(/^\d+$/)]);
    expect(texts).toEqual({
      iss: issuer.url,
      sub: "ada",
      aud: audience,
      scope: "openid customer",
      auth_time: "1617889127",
      email_verified: "true",
      "cognito:groups": "[admin users]",
      address: '{"city":"London"}',
    });
  });

  test("the scopes of the route that the token has, and null if the route has none", async () => {
    const { jwt } = await authorizerFor("/orders", { scope: "openid operator" });
    expect(jwt.scopes).toEqual(["operator"]);
    expect((await authorizerFor("/profile")).jwt.scopes).toBeNull();
    expect(await authorizerFor("/health")).toBeUndefined();
  });
});

describe("the keys of the issuer", () => {
  test("are cached for two hours", async () => {
    const statusOf = async () => (await answerTo(await issuer.sign(claims()))).status;
    expect(await statusOf()).toBe(200);
    const before = issuer.keySetRequests();
    issuer.publish(await issuer.keyNamed("second"));
    await cloud.advance(3600);
    expect([await statusOf(), issuer.keySetRequests()]).toEqual([200, before]);
    await cloud.advance(3600);
    expect([await statusOf(), issuer.keySetRequests() > before]).toEqual([401, true]);
  });

  test("may change: a new key is accepted at once, and the old one until the cache ends", async () => {
    const second = await issuer.keyNamed("second");
    expect((await answerTo(await issuer.sign(claims()))).status).toBe(200);
    issuer.publish(issuer.first, second);
    expect((await answerTo(await issuer.sign(claims(), second))).status).toBe(200);
    expect((await answerTo(await issuer.sign(claims()))).status).toBe(200);
  });

  test("that are for encryption do not count", async () => {
    const third = await issuer.keyNamed("third");
    issuer.publish({ ...third, publicKey: { ...third.publicKey, use: "enc" } });
    expect((await answerTo(await issuer.sign(claims(), third))).status).toBe(401);
  });

  test("cannot be fetched: tokens are refused, the problem is reported, and the next request asks again", async () => {
    const fourth = await issuer.keyNamed("fourth");
    issuer.publish(fourth);
    issuer.fail(true);
    expect((await answerTo(await issuer.sign(claims(), fourth))).status).toBe(401);
    expect(found.problems()).toEqual([
      expect.stringContaining(`the keys of the token issuer ${issuer.url} cannot be fetched`),
    ]);
    issuer.fail(false);
    expect((await answerTo(await issuer.sign(claims(), fourth))).status).toBe(200);
  });
});

test.each([
  ["an authorizer of another kind", { AuthorizerType: "REQUEST" }, "only JWT authorizers run here"],
  ["another identity source", { IdentitySource: ["$context.path"] }, "expected $request.header.NAME"],
  ["no audience", { JwtConfiguration: { Issuer: "https://id.example", Audience: [] } }, "Audience"],
])("a template with %s is refused", async (_, changes, because) => {
  const Resources = guardedApi("https://id.example", routes);
  const { Type = "", Properties } = Resources.Authorizer ?? {};
  const assembly = writeAssembly({
    code: { mirror },
    Resources: { ...Resources, Authorizer: { Type, Properties: { ...Properties, ...changes } } },
  });
  await expect(localCloud({ assembly, port: 0, report: () => {} })).rejects.toThrow(because);
});

test("a template whose route names an unknown authorizer is refused", async () => {
  const { Authorizer: _, ...Resources } = guardedApi("https://id.example", routes);
  const { Type = "", Properties } = Resources.Route0 ?? {};
  const assembly = writeAssembly({
    code: { mirror },
    Resources: {
      ...Object.fromEntries(Object.entries(Resources).filter(([id]) => !/^Route\d/.test(id))),
      Route0: { Type, Properties: { ...Properties, AuthorizerId: "none" } },
    },
  });
  await expect(localCloud({ assembly, port: 0, report: () => {} })).rejects.toThrow(
    "Route0: property AuthorizerId = none: there is no such JWT authorizer",
  );
});
