/** Valid JSON, changed in one place: a value replaced, removed or repeated, or a field added. */
import * as fc from "fast-check";

type Path = readonly PropertyKey[];

const entriesOf = (value: unknown): readonly (readonly [PropertyKey, unknown])[] => {
  if (Array.isArray(value)) return [...value.entries()];
  return typeof value === "object" && value !== null ? Object.entries(value) : [];
};

const pathsIn = (value: unknown, path: Path = []): readonly Path[] => [
  path,
  ...entriesOf(value).flatMap(([name, child]) => pathsIn(child, [...path, name])),
];

/** The value with a replacement at the path; undefined removes it. */
const changed = (value: unknown, [first, ...rest]: Path, change: (at: unknown) => unknown): unknown => {
  if (first === undefined) return change(value);
  const entries = entriesOf(value)
    .map(([name, child]) => [name, name === first ? changed(child, rest, change) : child] as const)
    .filter(([, child]) => child !== undefined);
  // Unlike an assignment, it creates a field of any name, even `__proto__`.
  return Array.isArray(value) ? entries.map(([, child]) => child) : Object.fromEntries(entries);
};

const nested = (depth: number): unknown => (depth === 0 ? 1 : [nested(depth - 1)]);

const texts = [
  "",
  " ",
  "..",
  "a/b",
  "a b",
  "a,b",
  "\u0000",
  "\ud800",
  "x\udc00",
  "\u2028",
  "😀",
  "__proto__",
  "constructor",
  "a@example.com\r\nBcc: b@example.com",
  "${1+1}",
  "'; DROP TABLE orders; --",
  "<script>alert(1)</script>",
  "x".repeat(65),
  "x".repeat(3000),
];

const numbers = [0, -0, -1, 1.5, 2 ** 31, 2 ** 53, 1e21, Number.MIN_VALUE, Number.MAX_SAFE_INTEGER];

const values = [null, true, false, [], {}, nested(70), Object.fromEntries([["__proto__", {}]])];

export const hostileText: fc.Arbitrary<string> = fc.oneof(
  fc.constantFrom(...texts),
  fc.string({ unit: "binary" }),
);

const hostileValue = fc.oneof(hostileText, fc.constantFrom<unknown>(...numbers, ...values), fc.jsonValue());

const change: fc.Arbitrary<(at: unknown) => unknown> = fc.oneof(
  hostileValue.map((value) => () => value),
  fc.constant(() => undefined),
  fc.tuple(hostileText, hostileValue).map(
    ([name, value]) =>
      (at: unknown) =>
        Array.isArray(at) ? [...at, value] : Object.fromEntries([...entriesOf(at), [name, value]]),
  ),
  fc
    .constantFrom(2, 101)
    .map(
      (times) => (at: unknown) => (Array.isArray(at) ? Array.from({ length: times }, () => at).flat() : [at]),
    ),
);

export const mutated = (original: fc.Arbitrary<unknown>): fc.Arbitrary<unknown> =>
  fc.tuple(original, fc.nat(), change).map(([value, place, change]) => {
    const paths = pathsIn(value);
    return changed(value, paths[place % paths.length] ?? [], change);
  });
