/** Random JSON, with names, strings and numbers that are easily corrupted. */
import fc from "fast-check";

export const text: fc.Arbitrary<string> = fc.oneof(
  fc.string({ unit: "binary" }),
  fc.string({ unit: "grapheme" }),
  fc.constantFrom(
    "",
    "__proto__",
    "constructor",
    "toString",
    "0",
    "\u0000",
    "\u2028",
    "👩‍👩‍👧",
    "\ud800",
    '"]',
    "\\",
    "☕".repeat(10_000),
  ),
);

/** JSON has no negative zero, which equals zero. */
const number = fc.oneof(
  fc.double({ noNaN: true, noDefaultInfinity: true }).map((value) => (value === 0 ? 0 : value)),
  fc.maxSafeInteger(),
  fc.constantFrom(2 ** 53, 2 ** 60, 1e300, 5e-324, Number.MAX_VALUE, -Number.MAX_VALUE),
);

export const { data } = fc.letrec<{ value: unknown; data: Record<string, unknown> }>((tie) => ({
  value: fc.oneof(
    { depthSize: "small" },
    fc.constant(null),
    fc.boolean(),
    number,
    text,
    fc.array(tie("value"), { maxLength: 4 }),
    tie("data"),
  ),
  // Parsed from text, so that `__proto__` is a key like any other.
  data: fc
    .array(fc.tuple(text, tie("value")), { maxLength: 5 })
    .map((entries): Record<string, unknown> => Object.fromEntries(entries)),
}));
