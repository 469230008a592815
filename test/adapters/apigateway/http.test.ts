import { describe, expect, test } from "vitest";
import { httpHandler } from "../../../lib/adapters/apigateway/http.ts";
import { memoryLog } from "../../../lib/adapters/memory/log.ts";
import type { CountsAs } from "../../../lib/model/http/guard.ts";
import type { HttpRequest } from "../../../lib/ports/http.ts";

/** A request as the API sends it, without any optional field. */
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
  isExempt: true,
  requestId: "request-1",
};

const asked = async (given: object, callers: CountsAs = "exempt"): Promise<HttpRequest> => {
  const requests: HttpRequest[] = [];
  const endpoint = async (request: HttpRequest) => {
    requests.push(request);
    return { status: 200, headers: {}, body: "" };
  };
  await httpHandler(endpoint, { log: memoryLog(), callers })(given);
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
    ["that matches no route has no route", event, {}],
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
    ["without headers has no headers", { ...event, headers: undefined }, { headers: {} }],
    ["has its text as bytes", { ...event, body: '{"a":"☕"}' }, { body: bytes('{"a":"☕"}') }],
    [
      "has its bytes unchanged",
      { ...event, body: Buffer.from([0, 255, 128]).toString("base64"), isBase64Encoded: true },
      { body: new Uint8Array([0, 255, 128]) },
    ],
    [
      "reports a text in which bytes may have been replaced",
      { ...event, body: '{"a":"caf\ufffd"}' },
      { body: bytes('{"a":"caf\ufffd"}'), isBodyReplaced: true },
    ],
    [
      "reports a text with a lone surrogate",
      { ...event, body: '{"a":"\ud83d"}' },
      { body: bytes('{"a":"\ufffd"}'), isBodyReplaced: true },
    ],
    [
      "has bytes with U+FFFD unchanged",
      { ...event, body: Buffer.from("\ufffd").toString("base64"), isBase64Encoded: true },
      { body: bytes("\ufffd") },
    ],
    ["without an authorizer has no actor", withAuthorizer({}), {}],
    [
      "with a token has the subject as its actor",
      jwt({ sub: "vinet", client_id: "app", iat: "1" }),
      { actor: "vinet", caller: { subject: "vinet", scopes: [] }, isExempt: false },
    ],
    [
      "with a machine's token has the client id as its actor",
      jwt({ client_id: "app" }),
      { actor: "app", caller: { subject: "app", scopes: [] }, isExempt: false },
    ],
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
      { actor: userArn, caller: { subject: caller ?? "", scopes: [] } },
    ]),
    [
      "with null in an optional field lacks that field",
      { ...event, body: null, pathParameters: null, queryStringParameters: null },
      {},
    ],
  ];
  test.each(cases)("%s", async (_, given, expected) => {
    expect(await asked(given)).toEqual({ ...request, ...expected });
  });
});

describe("the scopes of a token are", () => {
  test.each<[where: string, claims: object, scopes: readonly string[]]>([
    ["in scope", { sub: "ada", scope: "member librarian" }, ["member", "librarian"]],
    ["in scp, if there is no scope", { sub: "ada", scp: "member librarian" }, ["member", "librarian"]],
    ["in scope, if there are both", { sub: "ada", scope: "member", scp: "librarian" }, ["member"]],
    ["in scope, even if it is empty", { sub: "ada", scope: "", scp: "librarian" }, []],
    [
      "in a list, which the gateway passes on in brackets",
      { sub: "ada", scp: "[member librarian]" },
      ["member", "librarian"],
    ],
    ["in a list with commas", { sub: "ada", scp: "[member, librarian]" }, ["member", "librarian"]],
    ["in a list of one", { sub: "ada", scope: "[member]" }, ["member"]],
    ["absent from an empty list", { sub: "ada", scp: "[]" }, []],
    ["without blanks around them", { sub: "ada", scope: "  member   librarian " }, ["member", "librarian"]],
    ["absent without either claim", { sub: "ada" }, []],
    ["whole names", { sub: "ada", scope: "librarian-assistant" }, ["librarian-assistant"]],
  ])("%s", async (_, claims, scopes) => {
    expect(await asked(jwt(claims))).toMatchObject({ caller: { subject: "ada", scopes } });
  });
});

test("a token whose subject is empty has an empty subject, not the one of its client, and its scopes", async () => {
  const { actor, caller, isExempt } = await asked(jwt({ sub: "", client_id: "app", scope: "librarian" }));
  expect({ actor, caller, isExempt }).toEqual({
    actor: "",
    caller: { subject: "", scopes: ["librarian"] },
    isExempt: false,
  });
});

test("a token without a subject and without a client has no caller, and is not exempt", async () => {
  const { caller, isExempt } = await asked(jwt({ scope: "librarian" }));
  expect({ caller, isExempt }).toEqual({ caller: undefined, isExempt: false });
});

describe("a caller counts as exempt", () => {
  const signed = withAuthorizer({ iam: { userArn: "arn:aws:iam::123456789012:user/ada" } });
  test.each<[who: string, event: object, callers: CountsAs, isExempt: boolean]>([
    ["without a token, if the deployment says so", event, "exempt", true],
    ["without a token, unless the deployment says owner", event, "owner", false],
    ["that signs, if the deployment says so", signed, "exempt", true],
    ["that signs, unless the deployment says owner", signed, "owner", false],
    ["with a token, never", jwt({ sub: "ada" }), "exempt", false],
    ["with a token without claims, never", jwt({}), "exempt", false],
    ["with a token, never", jwt({ sub: "ada" }), "owner", false],
  ])("%s", async (_, given, callers, isExempt) => {
    expect((await asked(given, callers)).isExempt).toBe(isExempt);
  });
});

test("a parameter of any name reaches the endpoint, even `__proto__`", async () => {
  const { query } = await asked({ ...event, queryStringParameters: JSON.parse('{"__proto__":"1"}') });
  expect(Object.entries(query)).toEqual([["__proto__", "1"]]);
});

test("an answer is returned unchanged", async () => {
  const headers = { "content-type": "application/json", etag: '"3"' };
  const endpoint = async () => ({ status: 202, headers, body: '{"version":3}' });
  expect(await httpHandler(endpoint, { log: memoryLog(), callers: "exempt" })(event)).toEqual({
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
    httpHandler(async () => ({ status, headers: { etag: '"3"' }, body }), {
      log: memoryLog(),
      callers: "exempt",
    })(head);

  test.each([200, 404])("with %i has the content length of the body and no body", async (status) => {
    expect(await answerOf(status, '{"a":"é"}')).toEqual({
      statusCode: status,
      headers: { etag: '"3"', "content-length": "10" },
      body: "",
    });
  });

  test.each([204, 304])("with %i has no content length", async (status) => {
    expect(await answerOf(status, "")).toEqual({ statusCode: status, headers: { etag: '"3"' }, body: "" });
  });

  test("has no body even if the endpoint throws", async () => {
    const answer = await httpHandler(() => Promise.reject(new Error("no answer")), {
      log: memoryLog(),
      callers: "exempt",
    })(head);
    expect(answer).toMatchObject({ statusCode: 500, body: "" });
  });
});

describe("an error that an endpoint throws", () => {
  const secret = new Error("no connection to 10.0.0.1");
  const throwing = async () => {
    const log = memoryLog();
    const answer = await httpHandler(() => Promise.reject(secret), { log, callers: "exempt" })(event);
    return { answer, log };
  };

  test("is a problem document with only the request id", async () => {
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

  test("is logged with all its details, and raises an alarm", async () => {
    const { log } = await throwing();
    expect(log.counted()).toEqual(["RequestFailed"]);
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

test("an event that is not a request of the API is refused", async () => {
  await expect(asked({ version: "1.0", path: "/" })).rejects.toThrow("routeKey");
});
