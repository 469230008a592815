/**
 * Requests for every route of an application, generated from its schemas: valid ones, valid ones with a change, and
 * hostile ones. The sender encodes `query`; `path` is encoded, and headers are valid in HTTP.
 */
import * as fc from "fast-check";
import { type CommandRoute, parametersOf, type Route } from "../../../lib/model/http/route.ts";
import type { Asked, Routed } from "../gateway.ts";
import { hostileText, mutated } from "../mutations.ts";
import { validData } from "../valid-data.ts";

export type AttackRequest = Required<Omit<Asked, "actor" | "scopes" | "body">> & {
  readonly body: Uint8Array;
};

/** Few, so that requests collide. */
const ids = ["1", "2", "nw-11", "checkout", "__proto__"];

const id = fc.oneof(
  { weight: 6, arbitrary: fc.constantFrom(...ids) },
  { weight: 1, arbitrary: hostileText.filter((text) => text !== "" && !/^\.{1,2}$/.test(text)) },
);

const pathOf = ({ path }: Route): fc.Arbitrary<string> =>
  fc
    .tuple(
      fc.array(id, { minLength: parametersOf(path).length, maxLength: parametersOf(path).length }),
      fc.constantFrom("", "", "", "", "", "", "", "", "/", "/1"),
    )
    .map(([values, rest]) => {
      const filled = parametersOf(path).reduce<string>(
        (text, name, index) =>
          text.replace(`{${name}}`, encodeURIComponent(`${values[index]}`.toWellFormed())),
        path,
      );
      return `${filled}${rest}`;
    });

const methods = ["GET", "POST", "PUT", "DELETE", "PATCH", "HEAD", "OPTIONS"];

const methodOf = ({ method }: Route): fc.Arbitrary<string> =>
  fc.oneof(
    { weight: 9, arbitrary: fc.constant<string>(method) },
    { weight: 1, arbitrary: fc.constantFrom(...methods) },
  );

const queryOf = (route: Route): fc.Arbitrary<Readonly<Record<string, string>>> => {
  const fields =
    "list" in route ? route.indexes.flatMap((index) => route.list.indexes?.[index]?.by ?? []) : [];
  const name = fc.oneof(
    { weight: 9, arbitrary: fc.constantFrom(...fields, "limit", "next") },
    { weight: 1, arbitrary: hostileText },
  );
  const value = fc.oneof(fc.constantFrom("1", "20", "100", "placed", "W10=", ...ids), hostileText);
  return fc
    .array(fc.tuple(name, value), { maxLength: 3 })
    .map((pairs) =>
      Object.fromEntries(pairs.map(([name, value]) => [name.toWellFormed(), value.toWellFormed()])),
    );
};

/** One header per row with its values. The usual one is first; undefined means that the header is usually absent. */
const headers: Readonly<Record<string, readonly (string | undefined)[]>> = {
  "if-match": [
    undefined,
    '"0"',
    '"1"',
    '"1.abc"',
    '"2"',
    'W/"1"',
    "1",
    "*",
    '"1", "2"',
    '"99999999999999999999"',
    "",
  ],
  "if-none-match": [undefined, '"0"', 'W/"1"', "*", "", '"1", "4"', ",,,"],
  "x-correlation-id": ["c-1", "", "a b", "x".repeat(65), "<script>"],
  traceparent: ["00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01", "00", "\u00e9"],
  "x-forwarded-for": ["127.0.0.1"],
  "content-encoding": ["identity", "gzip", ""],
};

const keys = Array.from({ length: 500 }, (_, at) => `k-${at}`);
const oddKeys = ["k".repeat(255), "k".repeat(256), "", "a b", "a,b", "cl\u00e9", "__proto__"];

/** Some collide, and most do not: a key is for one request. */
const idempotencyKey = fc.oneof(
  { weight: 2, arbitrary: fc.constant("k") },
  { weight: 6, arbitrary: fc.constantFrom(...keys) },
  { weight: 1, arbitrary: fc.constantFrom(...oddKeys) },
);

const contentTypes = [
  "application/json; charset=utf-8",
  "text/plain",
  "application/json; charset=latin1",
  "application/xml",
  "",
];

const contentType = fc.oneof(
  { weight: 15, arbitrary: fc.constant("application/json") },
  { weight: 1, arbitrary: fc.constantFrom(...contentTypes) },
);

const headersOf: fc.Arbitrary<Readonly<Record<string, string>>> = fc
  .tuple(
    contentType,
    fc.record(
      Object.fromEntries([
        ["idempotency-key", idempotencyKey] as const,
        ...Object.entries(headers).map(
          ([name, [usual, ...others]]) =>
            [
              name,
              fc.oneof(
                { weight: 4, arbitrary: fc.constant(usual) },
                { weight: 1, arbitrary: fc.constantFrom(usual, ...others) },
              ),
            ] as const,
        ),
      ]),
      { requiredKeys: [] },
    ),
  )
  .map(([type, others]) => {
    const given = Object.entries(others).filter((pair): pair is [string, string] => pair[1] !== undefined);
    return { "content-type": type, ...Object.fromEntries(given) };
  });

const encode = (text: string): Uint8Array => new TextEncoder().encode(text);

const abyss = encode(`{"a":${"[".repeat(50_000)}${"]".repeat(50_000)}}`);
const flood = encode(`{"a":"${"x".repeat(256 * 1024)}"}`);
const faults = encode(`{"${"~".repeat(10_000)}":[${'"\\ud800",'.repeat(5_000)}0]}`);

/** The bytes of JSON with an invalid part that no value produces. */
const spoilt = (text: fc.Arbitrary<string>): fc.Arbitrary<Uint8Array> =>
  fc.oneof(
    fc.tuple(text, fc.nat()).map(([whole, at]) => encode(whole.slice(0, at % (whole.length + 1)))),
    fc
      .tuple(text, fc.constantFrom("1e400", "9007199254740993", "NaN", "01"))
      .map(([whole, number]) => encode(whole.replace(/\d+/, number))),
    fc.tuple(text, fc.nat(), fc.integer({ min: 0, max: 255 })).map(([whole, at, byte]) => {
      const bytes = encode(whole);
      return bytes.with(at % bytes.length, byte);
    }),
    text.map((whole) => encode(`\ufeff${whole}`)),
    text.map((whole) => encode(`${whole}${whole}`)),
  );

const bodyOf = ({ command: { schema }, path }: CommandRoute): fc.Arbitrary<Uint8Array> => {
  const inPath = parametersOf(path);
  const right = validData(schema).map((value) =>
    Object.fromEntries(Object.entries(Object(value)).filter(([name]) => !inPath.includes(name))),
  );
  const rightText = right.map((value) => JSON.stringify(value));
  const toBytes = (value: unknown) => encode(JSON.stringify(value) ?? "");
  return fc.oneof(
    { weight: 6, arbitrary: right.map(toBytes) },
    { weight: 6, arbitrary: mutated(right).map(toBytes) },
    { weight: 2, arbitrary: mutated(mutated(validData(schema))).map(toBytes) },
    { weight: 2, arbitrary: spoilt(rightText) },
    { weight: 1, arbitrary: fc.uint8Array() },
    { weight: 1, arbitrary: fc.constantFrom(encode(""), encode("{}"), encode("[]"), abyss, flood, faults) },
  );
};

/** HTTP clients send no body with these methods. */
const bodiless = ["GET", "HEAD"];

const requestOf = (route: Route): fc.Arbitrary<AttackRequest> =>
  fc
    .record({
      method: methodOf(route),
      path: pathOf(route),
      query: queryOf(route),
      headers: headersOf,
      body: "command" in route ? bodyOf(route) : fc.constant(new Uint8Array()),
    })
    .map((request) => (bodiless.includes(request.method) ? { ...request, body: new Uint8Array() } : request));

export const requests = ({ routes }: Routed): fc.Arbitrary<AttackRequest> =>
  fc.oneof(...routes.map(requestOf));
