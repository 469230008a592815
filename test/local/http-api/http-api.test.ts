/**
 * The HTTP API: which event a function gets for a request, and which response a client gets for its answer. The rows
 * were observed on deployed APIs.
 */
import { request } from "node:http";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type LocalCloud, localCloud } from "../../../lib/local/local-cloud.ts";
import { type Declaration, httpApi, lambda, logs, reports, role, writeAssembly } from "../app.ts";

const code = {
  mirror: `export const handler = async (event) => {
    const answer = event.headers["x-answer"];
    if (answer === undefined) return { statusCode: 200, body: JSON.stringify(event) };
    if (answer === "throw") throw new Error("as wished");
    if (answer === "undefined") return undefined;
    return JSON.parse(answer);
  };`,
};

const routeKeys = [
  "GET /items",
  "ANY /items",
  "GET /items/{id}",
  "GET /items/special",
  "POST /items/{id}/parts/{part}",
  "GET /files/{path+}",
  "ANY /files/readme",
];

let cloud: LocalCloud;
let closed: LocalCloud;

const resources = (keys: readonly string[]): Record<string, Declaration> => ({
  Role: role("lambda.amazonaws.com", logs),
  Mirror: lambda("mirror", "Role", { Timeout: 10, MemorySize: 512 }),
  ...httpApi("Mirror", keys),
});

/** A template in which a resource has additional properties. */
const changed = (
  given: Record<string, Declaration>,
  id: string,
  Properties: Readonly<Record<string, unknown>>,
): Record<string, Declaration> => {
  const { Type = "", Properties: before } = given[id] ?? {};
  return { ...given, [id]: { Type, Properties: { ...before, ...Properties } } };
};

const start = (Resources: Record<string, Declaration>, report = reports().report) =>
  localCloud({ assembly: writeAssembly({ code, Resources }), port: 0, report });

beforeAll(async () => {
  cloud = await start(resources([...routeKeys, "$default"]));
  const { Permission: _, ...unpermitted } = resources(["GET /items"]);
  // It lacks the permission that API Gateway needs.
  closed = await start(unpermitted);
});

afterAll(async () => {
  await cloud?.stop();
  await closed?.stop();
});

type Sent = {
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string | readonly string[]>>;
  readonly body?: string | Buffer;
};

/** Sends the path unchanged: fetch would normalize it. */
const send = (path: string, { method = "GET", headers = {}, body }: Sent = {}, url = cloud.url) =>
  new Promise<{ status: number; headers: NodeJS.Dict<string | string[]>; body: string }>(
    (resolve, reject) => {
      const { hostname, port } = new URL(url);
      const sent = request(
        { hostname, port, method, path, headers: { ...headers } as NodeJS.Dict<string[]> },
        (answer) => {
          const chunks: Buffer[] = [];
          answer.on("data", (chunk) => chunks.push(chunk));
          answer.on("end", () =>
            resolve({
              status: answer.statusCode ?? 0,
              headers: answer.headers,
              body: Buffer.concat(chunks).toString(),
            }),
          );
        },
      );
      sent.on("error", reject);
      sent.end(body);
    },
  );

const eventOf = async (path: string, given?: Sent) => JSON.parse((await send(path, given)).body);

describe("a route is found", () => {
  test.each([
    ["GET", "/items", "GET /items", undefined],
    ["DELETE", "/items", "ANY /items", undefined],
    ["GET", "/items/special", "GET /items/special", undefined],
    ["GET", "/items/1", "GET /items/{id}", { id: "1" }],
    ["GET", "/items/a%20b", "GET /items/{id}", { id: "a b" }],
    ["GET", "/items/a%2Fb", "GET /items/{id}", { id: "a/b" }],
    ["POST", "/items/1/parts/x", "POST /items/{id}/parts/{part}", { id: "1", part: "x" }],
    ["GET", "/files/a/b%20c", "GET /files/{path+}", { path: "a/b c" }],
    ["GET", "/files/readme", "ANY /files/readme", undefined],
    ["POST", "/items/1", "$default", undefined],
    ["GET", "/items/1/", "$default", undefined],
    ["GET", "/files/", "$default", undefined],
    ["GET", "/", "$default", undefined],
  ])("for %s %s: %s", async (method, path, routeKey, pathParameters) => {
    const event = await eventOf(path, { method });
    expect([event.routeKey, event.requestContext.routeKey]).toEqual([routeKey, routeKey]);
    expect(event.pathParameters).toEqual(pathParameters);
  });

  test("or the gateway answers 404", async () => {
    const { status, body, headers } = await send("/none", {}, closed.url);
    expect([status, body]).toEqual([404, '{"message":"Not Found"}']);
    expect(headers["content-type"]).toBe("application/json");
    expect(headers["apigw-requestid"]).toBeDefined();
  });
});

describe("the event", () => {
  test("has all parts of a request", async () => {
    const event = await eventOf("/items/%E2%98%95?a=1", {
      headers: { "User-Agent": "me", "X-Twice": ["first", "second"], Cookie: "session=abc123; theme=dark" },
    });
    expect(event).toMatchObject({
      version: "2.0",
      rawPath: "/items/☕",
      rawQueryString: "a=1",
      cookies: ["session=abc123", "theme=dark"],
      headers: {
        "x-twice": "first,second",
        "user-agent": "me",
        "content-length": "0",
        "x-forwarded-for": "127.0.0.1",
      },
      requestContext: {
        accountId: "000000000000",
        http: {
          method: "GET",
          path: "/items/☕",
          protocol: "HTTP/1.1",
          sourceIp: "127.0.0.1",
          userAgent: "me",
        },
        stage: "$default",
        time: expect.stringMatching(/^\d\d\/[A-Z][a-z]{2}\/\d{4}:\d\d:\d\d:\d\d \+0000$/),
        timeEpoch: expect.any(Number),
      },
      isBase64Encoded: false,
    });
    expect(event.headers.cookie).toBeUndefined();
  });

  test("omits empty parts", async () => {
    const event = await eventOf("/items");
    for (const name of ["cookies", "queryStringParameters", "pathParameters", "stageVariables", "body"])
      expect(event).not.toHaveProperty(name);
    expect(event.rawQueryString).toBe("");
  });

  test("has the query both decoded and as it was sent", async () => {
    const query = "repeat=one&repeat=two&literalPlus=a+b&encodedPlus=a%2Bb&empty=";
    const event = await eventOf(`/items?${query}`);
    expect(event.rawQueryString).toBe(query);
    expect(event.queryStringParameters).toEqual({
      repeat: "one,two",
      literalPlus: "a b",
      encodedPlus: "a+b",
      empty: "",
    });
  });

  test.each([
    ["text/plain", true],
    ["text/html; charset=utf-8", true],
    ["application/json", true],
    ["application/json; charset=utf-8", true],
    ["application/xml", true],
    ["application/javascript", true],
    ["text/plain; charset=iso-8859-1", false],
    ["application/octet-stream", false],
    ["application/x-www-form-urlencoded", false],
    ["multipart/form-data; boundary=x", false],
    ["application/problem+json", false],
    [undefined, false],
  ])("has a body of type %s as text: %s", async (type, isText) => {
    const event = await eventOf("/items", {
      method: "POST",
      ...(type !== undefined && { headers: { "content-type": type } }),
      body: "é{}",
    });
    expect(event.isBase64Encoded).toBe(!isText);
    expect(event.body).toBe(isText ? "é{}" : Buffer.from("é{}").toString("base64"));
  });

  test.each(["text/plain", "application/json", "application/json; charset=utf-8"])(
    "has a body of type %s in base64 if its bytes are not valid UTF-8",
    async (type) => {
      const body = Buffer.from("é{}", "latin1");
      const event = await eventOf("/items", { method: "POST", headers: { "content-type": type }, body });
      expect([event.isBase64Encoded, event.body]).toEqual([true, body.toString("base64")]);
    },
  );

  test("has a query as text, with U+FFFD for bytes that are not valid UTF-8", async () => {
    const event = await eventOf("/items?%E9=caf%E9&open=%&cup=%e2%98%95");
    expect(event.queryStringParameters).toEqual({ "\ufffd": "caf\ufffd", open: "%", cup: "☕" });
  });
});

describe("the answer", () => {
  const answerTo = (answer: string) => send("/items", { headers: { "x-answer": answer } });

  test.each([
    ['{"statusCode":201,"body":"made"}', 201, "text/plain; charset=utf-8", "made"],
    ['{"statusCode":200}', 200, "text/plain; charset=utf-8", ""],
    ['{"statusCode":"418","body":"tea"}', 418, "text/plain; charset=utf-8", "tea"],
    ['{"statusCode":200,"headers":{"Content-Type":"text/html"},"body":"<p>"}', 200, "text/html", "<p>"],
    ['{"statusCode":200,"isBase64Encoded":true,"body":"aGk="}', 200, "text/plain; charset=utf-8", "hi"],
    ['{"hello":"world"}', 200, "application/json", '{"hello":"world"}'],
    ['["a",1]', 200, "application/json", '["a",1]'],
    ['"Hello, Cloud!"', 200, "application/json", "Hello, Cloud!"],
    ['""', 200, "application/json", ""],
    ["3.1", 200, "application/json", "3.1"],
    ["true", 200, "application/json", "true"],
    ['{"statusCode":0}', 500, "application/json", '{"message":"Internal Server Error"}'],
    ['{"statusCode":200.5}', 500, "application/json", '{"message":"Internal Server Error"}'],
    [
      '{"statusCode":200,"headers":{"bad header":"x"}}',
      500,
      "application/json",
      '{"message":"Internal Server Error"}',
    ],
    ["throw", 500, "application/json", '{"message":"Internal Server Error"}'],
  ])("to %s is %i", async (answer, status, type, body) => {
    const got = await answerTo(answer);
    expect([got.status, got.headers["content-type"], got.body]).toEqual([status, type, body]);
    expect(got.headers["content-length"]).toBe(String(Buffer.byteLength(body)));
    expect(got.headers["apigw-requestid"]).toBeDefined();
  });

  test.each([204, 304])("with %i has no body, content type or content length", async (status) => {
    const got = await answerTo(JSON.stringify({ statusCode: status, headers: { etag: '"1"' } }));
    expect([got.status, got.headers.etag, got.body]).toEqual([status, '"1"', ""]);
    expect(got.headers).not.toHaveProperty("content-type");
    expect(got.headers).not.toHaveProperty("content-length");
  });

  test("to HEAD has no body; its content length is set by the function, or is the length of the body", async () => {
    const lengthFor = async (answer: object) => {
      const headers = { "x-answer": JSON.stringify({ statusCode: 200, ...answer }) };
      const got = await send("/items", { method: "HEAD", headers });
      return [got.headers["content-length"], got.body];
    };
    expect(await lengthFor({ headers: { "content-length": "7" } })).toEqual(["7", ""]);
    expect(await lengthFor({ body: "three" })).toEqual(["5", ""]);
  });

  test("has a separate header for each cookie", async () => {
    const got = await answerTo('{"statusCode":204,"cookies":["a=1; Path=/","b=2"]}');
    expect([got.status, got.headers["set-cookie"]]).toEqual([204, ["a=1; Path=/", "b=2"]]);
  });

  test.each([
    ["of more than 10 MB", 10 * 1024 * 1024 + 1],
    ["that makes an event of more than 6 MB", 6 * 1024 * 1024],
  ])("to a body %s is 413", async (_, length) => {
    const headers = { "content-type": "text/plain" };
    const got = await send("/items", { method: "POST", headers, body: Buffer.alloc(length, "x") });
    expect([got.status, got.body]).toEqual([413, '{"message":"Request Entity Too Large"}']);
  });

  test("to a path that is not valid UTF-8 is 400", async () => {
    expect((await send("/items/%E2%28%A1")).status).toBe(400);
  });

  test("is 500 when the API may not invoke the function", async () => {
    const got = await send("/items", {}, closed.url);
    expect([got.status, got.body]).toEqual([500, '{"message":"Internal Server Error"}']);
  });
});

describe("the routing of stages and authorization", () => {
  test("a route with IAM authorization refuses all requests, and this is reported at startup", async () => {
    const found = reports();
    const signed = await start(
      changed(resources(["GET /items"]), "Route0", { AuthorizationType: "AWS_IAM" }),
      found.report,
    );
    const { status, body } = await send("/items", {}, signed.url);
    await signed.stop();
    expect([status, body]).toEqual([403, '{"message":"Forbidden"}']);
    expect(found.problems()).toEqual([expect.stringContaining("refuse every request: GET /items")]);
  });

  test("the name of a stage is the first segment of the path", async () => {
    const staged = await start(
      changed(resources(["GET /items"]), "Stage", { StageName: "dev", StageVariables: { color: "red" } }),
    );
    const [found, none] = [await send("/dev/items", {}, staged.url), await send("/items", {}, staged.url)];
    await staged.stop();
    expect(JSON.parse(found.body)).toMatchObject({
      rawPath: "/dev/items",
      stageVariables: { color: "red" },
      requestContext: { stage: "dev" },
    });
    expect(none.status).toBe(404);
  });
});

describe("CORS", () => {
  const origin = "https://shop.example";
  const CorsConfiguration = {
    AllowOrigins: [origin, "http://localhost:5173"],
    AllowMethods: ["GET", "POST"],
    AllowHeaders: ["content-type", "if-match"],
    ExposeHeaders: ["etag", "location"],
    MaxAge: 600,
  };
  const exposed = { "access-control-allow-origin": origin, "access-control-expose-headers": "etag,location" };
  const preflight = {
    "access-control-allow-origin": origin,
    "access-control-allow-methods": "GET,POST",
    "access-control-allow-headers": "content-type,if-match",
    "access-control-max-age": "600",
  };
  const asks = { origin, "access-control-request-method": "POST" };

  let open: LocalCloud;
  let byMethod: LocalCloud;

  const withConfiguration = (keys: readonly string[], configuration: object = CorsConfiguration) =>
    changed(resources(keys), "Api", { CorsConfiguration: configuration });

  beforeAll(async () => {
    open = await start(withConfiguration(["GET /items", "$default"]));
    byMethod = await start(
      changed(withConfiguration(["GET /items"]), "Route0", { AuthorizationType: "AWS_IAM" }),
    );
  });
  afterAll(async () => {
    await open?.stop();
    await byMethod?.stop();
  });

  const ask = async (path: string, given: Sent, { url }: LocalCloud = open) => {
    const { status, headers, body } = await send(path, given, url);
    const ofCors = Object.entries(headers).filter(([name]) => name.startsWith("access-control-"));
    return { status, body, headers: Object.fromEntries(ofCors) };
  };

  test("adds its headers to a response for an allowed origin", async () => {
    expect(await ask("/items", { headers: { origin } })).toMatchObject({ status: 200, headers: exposed });
    const elsewhere = "http://localhost:5173";
    expect((await ask("/items", { headers: { origin: elsewhere } })).headers).toMatchObject({
      "access-control-allow-origin": elsewhere,
    });
  });

  test.each(["https://shop.example.org", "http://shop.example", "https://shop.example:444", "null", ""])(
    "adds no headers for the origin %j",
    async (other) => {
      expect((await ask("/items", { headers: { origin: other } })).headers).toEqual({});
      expect(
        (await ask("/items", { method: "OPTIONS", headers: { ...asks, origin: other } })).headers,
      ).toEqual({});
    },
  );

  test("adds no headers to a response for a request without an origin", async () => {
    expect((await ask("/items", {})).headers).toEqual({});
  });

  test("replaces the CORS headers of the function", async () => {
    const answer = {
      statusCode: 200,
      headers: { "Access-Control-Allow-Origin": "*", "access-control-max-age": "1" },
    };
    const headers = { "x-answer": JSON.stringify(answer) };
    expect((await ask("/items", { headers })).headers).toEqual({});
    expect((await ask("/items", { headers: { ...headers, origin } })).headers).toEqual(exposed);
  });

  test("answers a preflight itself if no route matches OPTIONS, even if the other routes need authorization", async () => {
    const answer = await ask("/items", { method: "OPTIONS", headers: asks }, byMethod);
    expect(answer).toEqual({ status: 204, body: "", headers: preflight });
    expect(await ask("/none", { method: "OPTIONS", headers: asks }, byMethod)).toEqual(answer);
  });

  test("passes a preflight to the route that matches OPTIONS, and adds its headers to the response", async () => {
    const answer = await ask("/items", { method: "OPTIONS", headers: asks });
    expect(JSON.parse(answer.body)).toMatchObject({ routeKey: "$default" });
    expect(answer.headers).toEqual(preflight);
  });

  test("adds its headers to an error of the gateway, so that a page can read it", async () => {
    expect(await ask("/items", { headers: { origin } }, byMethod)).toMatchObject({
      status: 403,
      headers: exposed,
    });
  });

  test.each([
    [["*"], "*"],
    [["https://*"], origin],
  ])("of %j allows %s", async (AllowOrigins, allowed) => {
    const cloud = await start(withConfiguration(["GET /items"], { AllowOrigins }));
    const { headers } = await ask("/items", { headers: { origin } }, cloud);
    const insecure = await ask("/items", { headers: { origin: "http://shop.example" } }, cloud);
    await cloud.stop();
    expect(headers).toEqual({ "access-control-allow-origin": allowed });
    expect(insecure.headers).toEqual(allowed === "*" ? headers : {});
  });

  test.each([
    [{ AllowOrigins: ["*"], AllowCredentials: true }, "allow-credentials is not supported"],
    [{ AllowOrigins: [origin], AllowMethods: ["BREW"] }, "AllowMethods"],
    [{ AllowOrigins: [origin], MaxAge: 86_401 }, "MaxAge"],
    [{ Origins: [origin] }, "Origins"],
  ])("%j is refused at startup", async (configuration, problem) => {
    await expect(start(withConfiguration(["GET /items"], configuration))).rejects.toThrow(problem);
  });
});

describe("a stage with limits", () => {
  const keys = ["GET /items", "POST /items", "$default"];
  const throttled = (limits: Readonly<Record<string, unknown>>, from = resources(keys)) =>
    start(changed(from, "Stage", { DefaultRouteSettings: limits }));
  const statuses = async (url: string, count: number, given: Sent = {}) => {
    const all: number[] = [];
    for (const _ of Array(count)) all.push((await send("/items", given, url)).status);
    return all;
  };

  test("takes a burst, then the rate by the local clock, for each route on its own", async () => {
    const limited = await throttled({ ThrottlingRateLimit: 0.001, ThrottlingBurstLimit: 2 });
    try {
      expect(await statuses(limited.url, 3)).toEqual([200, 200, 429]);
      expect(await statuses(limited.url, 3, { method: "POST" })).toEqual([200, 200, 429]);
      await limited.advance(1_000);
      expect(await statuses(limited.url, 2)).toEqual([200, 429]);
      await limited.advance(1_000_000);
      expect(await statuses(limited.url, 3)).toEqual([200, 200, 429]);
      const { body, headers } = await send("/items", {}, limited.url);
      expect([body, headers["content-type"]]).toEqual([
        '{"message":"Too Many Requests"}',
        "application/json",
      ]);
    } finally {
      await limited.stop();
    }
  });

  test("answers 429 before it looks at the caller", async () => {
    const signed = changed(resources(keys), "Route0", { AuthorizationType: "AWS_IAM" });
    const limited = await throttled({ ThrottlingRateLimit: 0.001, ThrottlingBurstLimit: 1 }, signed);
    try {
      expect(await statuses(limited.url, 2)).toEqual([403, 429]);
    } finally {
      await limited.stop();
    }
  });

  test("for metrics only takes every request", async () => {
    const unlimited = await throttled({ DetailedMetricsEnabled: true });
    try {
      expect(await statuses(unlimited.url, 3)).toEqual([200, 200, 200]);
    } finally {
      await unlimited.stop();
    }
  });

  test.each([
    [{ ThrottlingRateLimit: 1 }, "set both ThrottlingRateLimit and ThrottlingBurstLimit, or neither"],
    [{ LoggingLevel: "INFO" }, 'DefaultRouteSettings.LoggingLevel = "INFO": does not run here'],
  ])("%o is refused by name", async (limits, problem) => {
    await expect(throttled(limits)).rejects.toThrow(problem);
  });
});
