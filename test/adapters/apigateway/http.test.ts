import { describe, expect, test } from "vitest";
import { httpHandler } from "../../../lib/adapters/apigateway/http.ts";
import { memoryLog } from "../../../lib/adapters/memory/log.ts";
import type { HttpRequest } from "../../../lib/ports/http.ts";

/** As the API sends it, with nothing that may be absent. */
const event = {
  version: "2.0",
  routeKey: "$default",
  rawPath: "/",
  rawQueryString: "",
  headers: { host: "api.example.com" },
  requestContext: {
    accountId: "123456789012",
    apiId: "api",
    domainName: "api.example.com",
    domainPrefix: "api",
    http: { method: "GET", path: "/", protocol: "HTTP/1.1", sourceIp: "192.0.2.1", userAgent: "curl/8" },
    requestId: "request-1",
    routeKey: "$default",
    stage: "$default",
    time: "14/Apr/2025:22:13:56 +0000",
    timeEpoch: 1744668836000,
  },
  isBase64Encoded: false,
};

const request: HttpRequest = {
  method: "GET",
  route: undefined,
  path: "/",
  parameters: {},
  query: {},
  headers: { host: "api.example.com" },
  body: new Uint8Array(),
  actor: undefined,
  caller: undefined,
  requestId: "request-1",
};

const asked = async (given: object): Promise<HttpRequest> => {
  const requests: HttpRequest[] = [];
  const endpoint = async (request: HttpRequest) => {
    requests.push(request);
    return { status: 200, headers: {}, body: "" };
  };
  await httpHandler(endpoint, memoryLog())(given);
  const [first] = requests;
  if (!first) throw new Error("the endpoint was not asked");
  return { ...first, body: new Uint8Array(first.body) };
};

const withAuthorizer = (authorizer: object) => ({
  ...event,
  requestContext: { ...event.requestContext, authorizer },
});

const bytes = (text: string) => new TextEncoder().encode(text);
const jwt = (claims: object) => withAuthorizer({ jwt: { claims, scopes: ["customer"] } });

describe("a request", () => {
  const cases: readonly (readonly [what: string, event: object, request: Partial<HttpRequest>])[] = [
    ["that matches no route has none", event, {}],
    [
      "that matches a route has its path",
      { ...event, routeKey: "GET /orders/{orderId}", rawPath: "/orders/1", pathParameters: { orderId: "1" } },
      { route: "/orders/{orderId}", path: "/orders/1", parameters: { orderId: "1" } },
    ],
    [
      "has its method",
      {
        ...event,
        requestContext: { ...event.requestContext, http: { ...event.requestContext.http, method: "POST" } },
      },
      { method: "POST" },
    ],
    ["has its query", { ...event, queryStringParameters: { status: "a,b" } }, { query: { status: "a,b" } }],
    [
      "has headers in lower case",
      { ...event, headers: { "If-Match": '"3"', "content-type": "application/json" } },
      { headers: { "if-match": '"3"', "content-type": "application/json" } },
    ],
    ["without headers has none", { ...event, headers: undefined }, { headers: {} }],
    ["has its text as bytes", { ...event, body: '{"a":"☕"}' }, { body: bytes('{"a":"☕"}') }],
    [
      "has its bytes as they were",
      { ...event, body: Buffer.from([0, 255, 128]).toString("base64"), isBase64Encoded: true },
      { body: new Uint8Array([0, 255, 128]) },
    ],
    [
      "has a text in which bytes may be replaced, and says so",
      { ...event, body: '{"a":"caf\ufffd"}' },
      { body: bytes('{"a":"caf\ufffd"}'), isBodyReplaced: true },
    ],
    [
      "has a text with half a character, and says so",
      { ...event, body: '{"a":"\ud83d"}' },
      { body: bytes('{"a":"\ufffd"}'), isBodyReplaced: true },
    ],
    [
      "has bytes with U+FFFD as they were sent",
      { ...event, body: Buffer.from("\ufffd").toString("base64"), isBase64Encoded: true },
      { body: bytes("\ufffd") },
    ],
    ["of nobody has no actor", withAuthorizer({}), {}],
    [
      "with a token is its subject's",
      jwt({ sub: "vinet", client_id: "app", iat: "1" }),
      { actor: "vinet", caller: "vinet" },
    ],
    ["with a machine's token is its client's", jwt({ client_id: "app" }), { actor: "app", caller: "app" }],
    ...[
      ["a user", "arn:aws:iam::123456789012:user/team/vinet", undefined],
      [
        "a role, without its session",
        "arn:aws:sts::123456789012:assumed-role/clerk/vinet@example.com",
        "arn:aws:sts::123456789012:assumed-role/clerk",
      ],
      [
        "a role of another partition",
        "arn:aws-cn:sts::123456789012:assumed-role/clerk/1",
        "arn:aws-cn:sts::123456789012:assumed-role/clerk",
      ],
      ["a federated user", "arn:aws:sts::123456789012:federated-user/vinet", undefined],
      ["the account", "arn:aws:iam::123456789012:root", undefined],
    ].map(([who, userArn, caller = userArn]): (typeof cases)[number] => [
      `that is signed by ${who}`,
      withAuthorizer({ iam: { userArn, cognitoIdentity: null } }),
      { actor: userArn, caller },
    ]),
    [
      "with null for what it lacks lacks it",
      { ...event, body: null, pathParameters: null, queryStringParameters: null },
      {},
    ],
  ];
  test.each(cases)("%s", async (_, given, expected) => {
    expect(await asked(given)).toEqual({ ...request, ...expected });
  });
});

test("a parameter of any name reaches the endpoint, `__proto__` too", async () => {
  const { query } = await asked({ ...event, queryStringParameters: JSON.parse('{"__proto__":"1"}') });
  expect(Object.entries(query)).toEqual([["__proto__", "1"]]);
});

test("an answer goes back as it is", async () => {
  const headers = { "content-type": "application/json", etag: '"3"' };
  const endpoint = async () => ({ status: 202, headers, body: '{"version":3}' });
  expect(await httpHandler(endpoint, memoryLog())(event)).toEqual({
    statusCode: 202,
    headers,
    body: '{"version":3}',
  });
});

describe("HEAD", () => {
  const { requestContext } = event;
  const head = {
    ...event,
    requestContext: { ...requestContext, http: { ...requestContext.http, method: "HEAD" } },
  };
  const answerOf = (status: number, body: string) =>
    httpHandler(async () => ({ status, headers: { etag: '"3"' }, body }), memoryLog())(head);

  test.each([200, 404])("with %i has the length of the body in place of the body", async (status) => {
    expect(await answerOf(status, '{"a":"é"}')).toEqual({
      statusCode: status,
      headers: { etag: '"3"', "content-length": "10" },
      body: "",
    });
  });

  test.each([204, 304])("with %i has no length", async (status) => {
    expect(await answerOf(status, "")).toEqual({ statusCode: status, headers: { etag: '"3"' }, body: "" });
  });

  test("has no body even if the endpoint throws", async () => {
    const answer = await httpHandler(() => Promise.reject(new Error("no answer")), memoryLog())(head);
    expect(answer).toMatchObject({ statusCode: 500, body: "" });
  });
});

describe("what an endpoint throws", () => {
  const secret = new Error("no connection to 10.0.0.1");
  const throwing = async () => {
    const log = memoryLog();
    const answer = await httpHandler(() => Promise.reject(secret), log)(event);
    return { answer, log };
  };

  test("is a problem document with the id to ask for it, and nothing else", async () => {
    const { answer } = await throwing();
    expect({ ...answer, body: JSON.parse(answer.body) }).toEqual({
      statusCode: 500,
      headers: { "content-type": "application/problem+json" },
      body: {
        type: "urn:eventfold:problem:internal",
        title: "This is our fault",
        status: 500,
        requestId: "request-1",
      },
    });
  });

  test("is logged whole", async () => {
    const { log } = await throwing();
    expect(log.entries()).toEqual([
      {
        kind: "problem",
        message: "GET /: Error: no connection to 10.0.0.1",
        requestId: "request-1",
        error: secret,
      },
    ]);
  });
});

test("what is no request of the API is refused", async () => {
  await expect(asked({ version: "1.0", path: "/" })).rejects.toThrow("routeKey");
});
