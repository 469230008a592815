import { describe, expect, test } from "vitest";
import * as z from "zod";
import { command } from "../../../../lib/model/reference.ts";
import type { HandleOptions } from "../../../../lib/runtime/streams/decision.ts";
import { order } from "../../../../lib/shop/orders/order.ts";
import { shop } from "../../../../lib/shop/shop.ts";
import { approvedLibrary, approvedLoan } from "../../../library/fixtures/approved-loans.ts";
import { type Asked, shown } from "../../../runtime/gateway.ts";
import { placeable } from "../../domain/orders.ts";
import { door, json, now, post } from "../door.ts";

const [line] = placeable.lines;
const { customer, lines: _, ...withoutLines } = placeable;
const { orderId: __, ...withoutId } = placeable;
const text = JSON.stringify(placeable);
const bytes = (...given: readonly (string | number)[]) =>
  Uint8Array.from(given.flatMap((each) => (typeof each === "number" ? [each] : [...Buffer.from(each)])));

const place = (change: object): Asked => ({ ...post, body: { ...placeable, ...change } });
const placeText = (body: string | Uint8Array): Asked => ({ ...post, body });
const withLine = (change: object) => place({ lines: [{ ...line, ...change }] });
const withHeaders = (headers: Readonly<Record<string, string>>): Asked => ({
  ...post,
  headers: { ...json, ...headers },
});
const cancel: Asked = {
  method: "POST",
  path: "/orders/10248/cancellation",
  headers: json,
  body: { reason: "a mistake" },
};
const receive: Asked = {
  method: "POST",
  path: "/stock/nw-11/receipts",
  headers: json,
  body: { quantity: 3 },
};

const titles = {
  "malformed-json": [400, "The body is not JSON"],
  schema: [400, "The request does not have the required shape"],
  header: [400, "A header does not have the required shape"],
  "key-required": [400, "This request needs an Idempotency-Key"],
  "not-found": [404, "There is nothing here"],
  "too-large": [413, "The body is too large"],
  "media-type": [415, "The body is not application/json"],
} as const;

type Case = readonly [name: string, asked: Asked, kind: keyof typeof titles, rest: object];

/** The words are those of the JavaScript engine. */
const somewhere = { detail: expect.stringMatching(/JSON|position/) };
const at = (pointer: string, detail: string) => ({ errors: [{ pointer, detail }] });
const json415 = { detail: "send content-type: application/json" };
const anId = "must be 1 to 64 characters of A-Z, a-z, 0-9, _ and -";
const sized = "must be one line of text, without control characters";
const notTags = (name: string) => ({ detail: `${name} must be * or ETags, such as "3" or W/"3", "4"` });
const badKey = { detail: "Idempotency-Key must be 1 to 255 visible ASCII characters without a comma" };
const twoKeys = { detail: "Idempotency-Key must be sent once, and must not contain a comma" };

const bodies: readonly Case[] = [
  ["half a body", placeText(text.slice(0, -1)), "malformed-json", somewhere],
  ["a comma too many", placeText('{"reason":"x",}'), "malformed-json", somewhere],
  ["JSON followed by text", placeText(`${text}x`), "malformed-json", somewhere],
  ["a space", placeText(" "), "malformed-json", somewhere],
  ["NaN", placeText('{"quantity":NaN}'), "malformed-json", somewhere],
  [
    "bytes that are not UTF-8",
    placeText(bytes('{"a":"', 0xc3, 0x28, '"}')),
    "malformed-json",
    { detail: "the body is not UTF-8" },
  ],
  [
    "a lone surrogate as bytes",
    placeText(bytes('{"a":"', 0xed, 0xa0, 0x80, '"}')),
    "malformed-json",
    { detail: "the body is not UTF-8" },
  ],
  [
    "a key twice",
    placeText(text.replace("{", '{"orderId":"1",')),
    "schema",
    at("/orderId", "the field appears twice"),
  ],
  [
    "a key twice in a line, once as an escape",
    placeText(text.replace('"unitPrice"', String.raw`"unit\u0050rice":1,"unitPrice"`)),
    "schema",
    at("/lines/0/unitPrice", "the field appears twice"),
  ],
  ["an array", placeText("[]"), "schema", at("", "must be an object")],
  ["null", placeText("null"), "schema", at("", "must be an object")],
  ["a text", placeText('"a"'), "schema", at("", "must be an object")],
  [
    "a deeply nested value",
    placeText(`{"a":${"[".repeat(100_000)}${"]".repeat(100_000)}}`),
    "schema",
    at("", "must not be nested more than 64 levels deep"),
  ],
  [
    "one byte more than the limit",
    placeText(`${text}${" ".repeat(256 * 1024 + 1 - text.length)}`),
    "too-large",
    { detail: "the body has 262145 bytes, at most 262144 are allowed" },
  ],
  ["no content type", { ...post, headers: {} }, "media-type", json415],
  ["plain text", withHeaders({ "content-type": "text/plain" }), "media-type", json415],
  ["Latin-1", withHeaders({ "content-type": "application/json; charset=latin1" }), "media-type", json415],
  [
    "another charset after UTF-8",
    withHeaders({ "content-type": "application/json; charset=utf-8; charset=utf-16" }),
    "media-type",
    json415,
  ],
  [
    "a parameter without a value",
    withHeaders({ "content-type": "application/json; utf-8" }),
    "media-type",
    json415,
  ],
  ["almost JSON", withHeaders({ "content-type": "application/jsonp" }), "media-type", json415],
  [
    "no body if the command needs more than the path",
    { ...cancel, headers: {}, body: undefined },
    "schema",
    at("/reason", "is missing: must be text"),
  ],
];

const fields: readonly Case[] = [
  [
    "a missing field",
    placeText(JSON.stringify({ ...withoutLines, customer })),
    "schema",
    at("/lines", "is missing: must be a list"),
  ],
  ["a wrong type", place({ customer: 3 }), "schema", at("/customer", "must be an object, not 3")],
  [
    "a number as text",
    withLine({ quantity: "1" }),
    "schema",
    at("/lines/0/quantity", "must be a number, not text"),
  ],
  [
    "a negative quantity",
    withLine({ quantity: -1 }),
    "schema",
    at("/lines/0/quantity", "must be more than 0"),
  ],
  ["a quantity of zero", withLine({ quantity: 0 }), "schema", at("/lines/0/quantity", "must be more than 0")],
  [
    "half of a piece",
    withLine({ quantity: 1.5 }),
    "schema",
    at("/lines/0/quantity", "must be a whole number, not 1.5"),
  ],
  [
    "a price too large for an exact number",
    placeText(text.replace('"unitPrice":1400', '"unitPrice":9007199254740993')),
    "schema",
    {
      errors: [
        { pointer: "/lines/0/unitPrice", detail: "must be at most 9007199254740991" },
        { pointer: "/lines", detail: "must have a total that is a safe integer" },
      ],
    },
  ],
  [
    "a number beyond all numbers",
    placeText(text.replace('"quantity":12', '"quantity":1e400')),
    "schema",
    at("/lines/0/quantity", "must be a number, not Infinity"),
  ],
  [
    "a total that is not a safe integer",
    withLine({ quantity: 2, unitPrice: Number.MAX_SAFE_INTEGER }),
    "schema",
    at("/lines", "must have a total that is a safe integer"),
  ],
  [
    "an article twice",
    place({ lines: [line, { ...line, quantity: 1 }] }),
    "schema",
    at("/lines/1/sku", "must not repeat an article"),
  ],
  ["no line", place({ lines: [] }), "schema", at("/lines", "must have at least 1 item")],
  [
    "101 lines",
    place({ lines: Array.from({ length: 101 }, (_, index) => ({ ...line, sku: `nw-${index}` })) }),
    "schema",
    at("/lines", "must have at most 100 items"),
  ],
  ["an id with a space", place({ orderId: "a b" }), "schema", at("/orderId", anId)],
  ["an id with a different dash", place({ orderId: "a–b" }), "schema", at("/orderId", anId)],
  ["an empty id", place({ orderId: "" }), "schema", at("/orderId", anId)],
  ["an id of 65 characters", place({ orderId: "x".repeat(65) }), "schema", at("/orderId", anId)],
  ["an id and a line break", place({ orderId: "a\n" }), "schema", at("/orderId", anId)],
  ["null as an id", place({ orderId: null }), "schema", at("/orderId", "must be text, not null")],
  [
    "a header in an e-mail address",
    place({ customer: { ...customer, email: "a@example.com\r\nBcc: b@example.com" } }),
    "schema",
    at("/customer/email", "must be an e-mail address, such as ada@example.com"),
  ],
  ["a line break in a text", place({ paymentMethod: "a\nb" }), "schema", at("/paymentMethod", sized)],
  ["an unknown field", place({ gift: true }), "schema", at("/gift", "unknown field")],
  [
    "unknown fields at any depth",
    place({ customer: { ...customer, vip: {} }, lines: [{ ...line, note: null }] }),
    "schema",
    {
      errors: [
        { pointer: "/customer/vip", detail: "unknown field" },
        { pointer: "/lines/0/note", detail: "unknown field" },
      ],
    },
  ],
  [
    "__proto__ as a field",
    placeText(text.replace("{", '{"__proto__":{"orderId":"1"},')),
    "schema",
    at("/__proto__", "unknown field"),
  ],
  [
    "__proto__ inside",
    placeText(text.replace('"customer":{', '"customer":{"__proto__":null,')),
    "schema",
    at("/customer/__proto__", "unknown field"),
  ],
  ["constructor as a field", place({ constructor: {} }), "schema", at("/constructor", "unknown field")],
  ["a field without a name", place({ "": 1 }), "schema", at("/", "unknown field")],
  ["a name to escape", place({ "a/b~c": 1 }), "schema", at("/a~1b~0c", "unknown field")],
  [
    "a lone surrogate in a text",
    place({ customer: { ...customer, name: "\ud83d" } }),
    "schema",
    at("/customer/name", "must not contain a lone surrogate"),
  ],
  [
    "a lone surrogate in a name",
    place({ customer: { ...customer, "\udc00": 1 } }),
    "schema",
    at("/customer", "must not have a field name with a lone surrogate"),
  ],
];

const paths: readonly Case[] = [
  [
    "an id outside the alphabet in the path",
    { ...cancel, path: "/orders/10%20248/cancellation" },
    "schema",
    at("/orderId", anId),
  ],
  [
    "a slash in an id of the path",
    { ...cancel, path: "/orders/a%2Fb/cancellation" },
    "schema",
    at("/orderId", anId),
  ],
  [
    "65 characters in the path",
    { ...cancel, path: `/orders/${"x".repeat(65)}/cancellation` },
    "schema",
    at("/orderId", anId),
  ],
  [
    "a body that contradicts its path",
    { ...cancel, body: { reason: "a mistake", orderId: "10249" } },
    "schema",
    at("/orderId", "must equal the value in the path"),
  ],
  [
    "an unknown path",
    { ...post, path: "/order" },
    "not-found",
    { detail: "no resource has the path /order" },
  ],
  [
    "a path with a trailing slash",
    { ...post, path: "/orders/" },
    "not-found",
    { detail: "no resource has the path /orders/" },
  ],
];

const headers: readonly Case[] = [
  ["a missing key", receive, "key-required", { detail: "send an Idempotency-Key header" }],
  ["an empty key", withHeaders({ "idempotency-key": "" }), "header", badKey],
  ["a key of 256 characters", withHeaders({ "idempotency-key": "k".repeat(256) }), "header", badKey],
  ["a key with a space", withHeaders({ "idempotency-key": "a b" }), "header", badKey],
  ["a key that is sent twice", withHeaders({ "idempotency-key": "k,k" }), "header", twoKeys],
  ["a key and an empty one", withHeaders({ "idempotency-key": "k, " }), "header", twoKeys],
  ["a comma in a quoted key", withHeaders({ "idempotency-key": '"a,b"' }), "header", twoKeys],
  ["a key beyond ASCII", withHeaders({ "idempotency-key": "clé" }), "header", badKey],
  ...["If-Match", "If-None-Match"].flatMap((name) =>
    ["1", '"1', '1"', "", ",", 'w/"1"', "W/1", '"1" "2"', '*, "1"', '"1", *', "**", '"a b"'].map(
      (given): Case => [
        `${name}: ${given}`,
        withHeaders({ [name.toLowerCase()]: given }),
        "header",
        notTags(name),
      ],
    ),
  ),
];

describe.each([
  { where: "the body", cases: bodies },
  { where: "the fields", cases: fields },
  { where: "the path", cases: paths },
  { where: "the headers", cases: headers },
])("$where", ({ cases }) => {
  test.each(cases)("%s is a precise problem and reaches no decider", async (_, asked, kind, rest) => {
    const { ask, handled } = door();
    const response = await ask(asked);
    const [status, title] = titles[kind];
    expect(shown(response)).toEqual({
      status,
      contentType: "application/problem+json",
      headers: {},
      body: { type: `urn:eventfold:problem:${kind}`, title, status, ...rest },
    });
    expect(handled).toEqual([]);
  });
});

test("a body with a fault in each of its bytes has a small answer", async () => {
  const { ask, handled } = door();
  const response = await ask(placeText(`{"${"~".repeat(80_000)}":[${'"\\ud800",'.repeat(20_000)}0]}`));
  const body = JSON.parse(response.body);
  expect(response.body.length).toBeLessThan(10_000);
  expect(body).toMatchObject({ status: 400, detail: "the first 20 of 20000 errors" });
  expect(body.errors).toHaveLength(20);
  expect(body.errors[0].pointer).toBe(`/${"~0".repeat(100)}…/0`);
  expect(handled).toEqual([]);
});

describe("a compressed body", () => {
  test.each(["gzip", "br", "deflate", "zstd", "GZIP", "identity, gzip", "aws-chunked"])(
    "%s is 415 and lists the accepted coding",
    async (coding) => {
      const { ask, handled } = door();
      expect(shown(await ask(withHeaders({ "content-encoding": coding })))).toEqual({
        status: 415,
        contentType: "application/problem+json",
        headers: { "accept-encoding": "identity" },
        body: {
          type: "urn:eventfold:problem:content-encoding",
          title: "The body is compressed",
          status: 415,
          detail: "send the body without Content-Encoding",
        },
      });
      expect(handled).toEqual([]);
    },
  );
});

test("for another method the answer lists the supported ones", async () => {
  const { ask, handled } = door();
  expect(shown(await ask({ ...cancel, method: "PUT" }))).toMatchObject({
    status: 405,
    headers: { allow: "OPTIONS, POST" },
    body: {
      type: "urn:eventfold:problem:method-not-allowed",
      detail: "/orders/10248/cancellation supports OPTIONS, POST, not PUT",
    },
  });
  expect(handled).toEqual([]);
});

describe("accepted is", () => {
  const cases: readonly (readonly [name: string, asked: Asked])[] = [
    ["as many bytes as the limit", placeText(`${text}${" ".repeat(256 * 1024 - text.length)}`)],
    ["a charset", withHeaders({ "content-type": 'Application/JSON; charset="UTF-8"' })],
    ...[
      "application/json;",
      "application/json ; ",
      "application/json;; charset=utf-8;",
      "application/json;charset=utf8",
      'application/json; profile="a;b"; v=1',
    ].map((type) => [`the type ${type}`, withHeaders({ "content-type": type })] as const),
    ...["identity", "Identity ", ""].map(
      (coding) => [`the coding ${coding}`, withHeaders({ "content-encoding": coding })] as const,
    ),
    ["100 lines", place({ lines: Array.from({ length: 100 }, (_, at) => ({ ...line, sku: `nw-${at}` })) })],
    ["brackets in a text", place({ paymentMethod: "[".repeat(200) })],
    ["a character outside the basic plane", place({ paymentMethod: "😀" })],
    ["null if the schema allows it", place({ shipTo: { ...placeable.shipTo, postalCode: null } })],
    ["the id of the path repeated in the body", { ...cancel, body: { reason: "a", orderId: "10248" } }],
    ["a key of 255 characters", withHeaders({ "idempotency-key": "k".repeat(255) })],
    ["a quoted key", withHeaders({ "idempotency-key": '"8e03978e-40d5-43e8-bc93-6894a57f9324"' })],
    ["the characters next to the comma in a key", withHeaders({ "idempotency-key": "!+-~" })],
  ];
  test.each(cases)("%s", async (_, asked) => {
    const { ask, only } = door();
    expect((await ask(asked)).status).toBe(202);
    expect(only()).toBeDefined();
  });

  test("no body at all if the path has everything", async () => {
    const { ask, only } = door(approvedLibrary);
    expect((await ask({ method: "POST", path: "/loans/1/approval" })).status).toBe(202);
    expect(only().command).toMatchObject({ type: "Approve", data: { loanId: "1" }, streamId: "loan-1" });
  });
});

test("a path accepts only ids, whatever the schema of a field allows", async () => {
  const path = "/orders/{orderId}/cancellation/{reason}";
  const route = {
    method: "POST",
    path,
    access: "public",
    owner: "none",
    command: command(order, "CancelOrder"),
  } as const;
  const { ask, handled } = door({ ...shop, routes: [route] });
  const response = await ask({ method: "POST", path: "/orders/1/cancellation/a%20mistake" });
  expect(shown(response).body).toMatchObject({ status: 400, ...at("/reason", anId) });
  expect(handled).toEqual([]);
});

describe("a schema that accepts any text as an id", () => {
  test("does not allow it in the path", async () => {
    const { ask, handled } = door(approvedLibrary);
    const response = await ask({ method: "POST", path: "/loans/a%2Fb/approval" });
    expect(shown(response).body).toMatchObject({ status: 400, ...at("/loanId", anId) });
    expect(handled).toEqual([]);
  });

  test("does not allow it in the stream's id", async () => {
    const wide = {
      ...approvedLoan,
      commands: { ...approvedLoan.commands, RequestLoan: z.object({ loanId: z.string().min(1) }) },
    };
    const apply = {
      method: "POST",
      path: "/loans",
      access: "public",
      owner: "none",
      command: command(wide, "RequestLoan"),
    } as const;
    const { ask, handled } = door({ ...approvedLibrary, deciders: [wide], routes: [apply] });
    const response = await ask({ method: "POST", path: "/loans", headers: json, body: { loanId: "a b" } });
    expect(shown(response).body).toMatchObject({ status: 400, ...at("/loanId", anId) });
    expect(handled).toEqual([]);
  });
});

test("a body in which the gateway has replaced bytes is not UTF-8, and reaches no decider", async () => {
  const { ask, handled } = door();
  const response = await ask(post, { isBodyReplaced: true });
  expect(shown(response)).toMatchObject({
    status: 400,
    body: { type: "urn:eventfold:problem:malformed-json", detail: expect.stringContaining("U+FFFD") },
  });
  expect(handled).toEqual([]);
});

describe("the command", () => {
  const traceparent = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
  const made = async (asked: Asked) => {
    const { ask, only } = door();
    await ask(asked);
    return only().command;
  };
  const keyed = (key: string, change: Partial<Asked> = {}): Asked => ({
    ...withHeaders({ "idempotency-key": key }),
    body: withoutId,
    ...change,
  });

  test("has the data of the body, with ids, time and actor", async () => {
    const headers = { "x-correlation-id": "c-1", traceparent };
    const command = await made({ ...withHeaders(headers), actor: "vinet" });
    expect(Object.fromEntries(Object.entries(command))).toEqual({
      type: "PlaceOrder",
      data: placeable,
      streamId: "order-10248",
      metadata: {
        id: "http/new-2",
        causationId: "http/new-2",
        correlationId: "c-1",
        issuedAt: now.toISOString(),
        receipt: false,
        actor: "vinet",
        bodyHash: expect.stringMatching(/^[0-9a-f]{64}$/),
        traceparent,
      },
    });
  });

  test("has the trace context of a later version", async () => {
    const later = traceparent.replace(/^00/, "01");
    expect((await made(withHeaders({ traceparent: later }))).metadata.traceparent).toBe(later);
  });

  test.each(["", "a b", "x".repeat(65), "é"])("has a new correlation id instead of %j", async (given) => {
    const { metadata } = await made(withHeaders({ "x-correlation-id": given }));
    expect(metadata.correlationId).toMatch(/^new-\d$/);
  });

  test.each([
    "",
    "00-1-2-01",
    `${traceparent}0`,
    traceparent.toUpperCase(),
    traceparent.replace(/^00/, "ff"),
    traceparent.replace("0af7651916cd43dd8448eb211c80319c", "0".repeat(32)),
    traceparent.replace("b7ad6b7169203331", "0".repeat(16)),
    `${traceparent},${traceparent}`,
  ])("has no trace context if traceparent is %j", async (given) => {
    const { metadata } = await made(withHeaders({ traceparent: given }));
    expect(metadata.traceparent).toBeUndefined();
  });

  test("without a key has a new id and creates a new stream id", async () => {
    const { data, streamId, metadata } = await made({ ...post, body: withoutId });
    expect(data.orderId).toMatch(/^new-\d$/);
    expect(streamId).toBe(`order-${data.orderId}`);
    expect(metadata.id).toMatch(/^http\/new-\d$/);
    expect(metadata.id).not.toBe(`http/${data.orderId}`);
  });

  test("with a key is the same each time, and so is the stream id", async () => {
    const one = await made(keyed("k"));
    const { metadata, ...same } = await made(keyed("k"));
    expect(one).toMatchObject({ ...same, metadata: { id: metadata.id, bodyHash: metadata.bodyHash } });
    expect(metadata.id).toMatch(/^http\/[0-9a-f]{64}$/);
    expect(one.data.orderId).toMatch(/^[0-9a-f]{64}$/);
  });

  test("is different for another caller, route or key", async () => {
    const all = await Promise.all([
      made(keyed("k")),
      made(keyed("l")),
      made(keyed("k", { actor: "vinet" })),
      made({ ...cancel, headers: { ...json, "idempotency-key": "k" } }),
    ]);
    expect(new Set(all.map(({ metadata }) => metadata.id)).size).toBe(4);
    expect(new Set(all.map(({ streamId }) => streamId)).size).toBe(4);
  });

  const hashOf = async (asked: Asked) => (await made(asked)).metadata.bodyHash;

  test("has the same hash for bodies with the same meaning", async () => {
    const reversed = Object.fromEntries(Object.entries(placeable).toReversed());
    expect(await hashOf({ ...post, body: JSON.stringify(reversed, undefined, 2) })).toBe(await hashOf(post));
  });

  test("has a different hash for another body or another path", async () => {
    expect(await hashOf(place({ paymentMethod: "pm_card_flaky" }))).not.toBe(await hashOf(post));
    const elsewhere = { ...cancel, path: "/orders/10249/cancellation" };
    expect(await hashOf(elsewhere)).not.toBe(await hashOf(cancel));
  });

  describe("has the versions of", () => {
    const optionsOf = async (headers: Readonly<Record<string, string>>) => {
      const { ask, only } = door();
      await ask(withHeaders(headers));
      return only().options;
    };

    test.each<readonly [string, HandleOptions["ifMatch"]]>([
      ['"3"', [3]],
      ['"3.fnMIdETGSjklLFpf"', [3]],
      ['"3."', [3]],
      ['"0"', [0]],
      ['"1", "2.abc"', [1, 2]],
      ['"1",,"2" , ', [1, 2]],
      ["*", "any"],
      [" * ", "any"],
      ['"a"', []],
      ['""', []],
      ['"-1"', []],
      ['"01"', []],
      ['"3,4"', []],
      ['"3-gzip"', []],
      ['"9999999999999999"', []],
      ['W/"3"', []],
      ['W/"3", "4"', [4]],
    ])("If-Match: %s", async (given, ifMatch) => {
      expect(await optionsOf({ "if-match": given })).toEqual({ ifMatch });
    });

    test.each<readonly [string, HandleOptions["ifNoneMatch"]]>([
      ["*", "any"],
      ['"3.abc"', [3]],
      ['W/"3", "4"', [3, 4]],
      ['"a"', []],
    ])("If-None-Match: %s", async (given, ifNoneMatch) => {
      expect(await optionsOf({ "if-none-match": given })).toEqual({ ifNoneMatch });
    });
  });

  test("accepts any version without If-Match", async () => {
    const { ask, only } = door();
    await ask(post);
    expect(only().options).toEqual({});
  });
});

test("a decider whose commands are routed belongs to the application", async () => {
  const { ask } = door({ name: "empty", deciders: [], routes: [] });
  expect((await ask(post)).status).toBe(404);
  const routes = [
    {
      method: "POST",
      path: "/orders",
      access: "public",
      owner: "none",
      command: command(order, "PlaceOrder"),
    },
  ];
  const broken = door({ name: "broken", deciders: [], routes: routes as never });
  await expect(broken.ask(post)).rejects.toThrow("application broken: expected a decider order");
});
