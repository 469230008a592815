/** Strings that ids and keys may have, and that are easily corrupted. */
export const oddTexts: readonly string[] = [
  " ",
  "__proto__",
  "constructor",
  "0",
  "a b/c#d:e@f%20&g=h",
  "a-b--c",
  "..",
  '"quoted"\\',
  "line\nbreak\u2028",
  "\u0000",
  "ü",
  "u\u0308",
  "👩‍👩‍👧",
  "x".repeat(1000),
];
