import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { toPortable } from "../../../lib/model/pattern/portable.ts";

/** For patterns that the formatter would change, or that the compiler does not know. */
const made = (source: string, flags = "") => new RegExp(source, flags);

const portable = (regex: RegExp): string => {
  const result = toPortable(regex);
  if ("because" in result) throw new Error(`${regex}: ${result.because}`);
  return result.pattern;
};

describe("a pattern is translated to what all languages support", () => {
  test.each<[what: string, regex: RegExp, pattern: string]>([
    ["nothing to change", /^[a-z0-9-]{1,64}$/, "^[\\-0-9a-z]{1,64}$"],
    ["digits", /^\d+$/, "^[0-9]+$"],
    ["a word", /^\w$/, "^[0-9A-Z_a-z]$"],
    ["not a digit", /^\D$/, "^[^0-9]$"],
    ["anything", /^[\s\S]*$/, "^[\\s\\S]*$"],
    ["any character, by a flag", /^.*$/s, "^[\\s\\S]*$"],
    ["any character except line breaks", /^.$/, "^[^\\x0a\\x0d\u2028\u2029]$"],
    ["a slash", /^a\/b$/, "^a/b$"],
    ["characters with a meaning", /^\$\.\*\{\]$/, "^\\$\\.\\*\\{\\]$"],
    ["a brace without a meaning", /^a{b}$/, "^a\\{b\\}$"],
    ["a named group", /^(?<year>\d)$/, "^(?:[0-9])$"],
    ["alternatives", /^(a|b|)$/, "^(?:a|b|)$"],
    ["lazy repetition", /^a+?b*?c{2}?$/, "^a+b*c{2}$"],
    ["codes", /^[\x41\u0042\u{43}]$/u, "^[A-C]$"],
    ["a pair of codes", /^\ud83d\ude00$/u, "^😀$"],
    ["control characters", /^[^\p{Cc}\p{Cs}\u2028]+$/u, "^[^\\x00-\\x1f\\x7f-\\x9f\u2028]+$"],
    ["all characters except control characters", /^\P{Cc}$/u, "^[^\\x00-\\x1f\\x7f-\\x9f]$"],
    ["a control character", /^\cJ\0\t$/, "^\\x0a\\x00\\x09$"],
    ["brackets in a class", /^[[\]^-]$/, "^[\\-\\[\\]\\^]$"],
    ["a range of one", /^[a-ab-c]$/, "^[a-c]$"],
    ["a class before a dash", /^[\d-x]$/, "^[\\-0-9x]$"],
    ["a repetition of a repetition", /^(?:a{10}){100}$/, "^(?:a{10}){100}$"],
  ])("%s", (_, regex, pattern) => {
    expect(portable(regex)).toBe(pattern);
    expect(portable(new RegExp(pattern, "u"))).toBe(pattern);
  });
});

describe("a pattern that a language does not support is refused, with the reason", () => {
  test.each<[what: string, regex: RegExp, because: string]>([
    ["a look ahead", /^(?=.*\S).+$/, "looks ahead or behind"],
    ["a negative look ahead", /^(?!a)/, "looks ahead or behind"],
    ["a look behind", /(?<=a)b/, "looks ahead or behind"],
    ["a negative look behind", /(?<!a)b/, "looks ahead or behind"],
    ["a reference to a group", /^(a)\1$/, "refers to a group"],
    ["a reference to a named group", /^(?<x>a)\k<x>$/, "refers to a group"],
    ["a Unicode property", /^\p{L}$/u, "\\p{L}, which Python does not support"],
    ["its complement", /^\P{L}$/u, "\\P{L}, which Python does not support"],
    ["a word boundary", /\ba/, "differs between languages"],
    ["a case-insensitive pattern", /^a$/i, "flags i"],
    ["several lines", /^a$/m, "flags m"],
    ["a sticky pattern", /a/y, "flags y"],
    ["operations on sets", made("^[a--b]$", "v"), "flags v"],
    ["too many repetitions", /^a{1001}$/, "more than 1000 times"],
    ["too many repetitions of repetitions", /^(?:a{0,11}b){100}$/, "more than 1000 times"],
    ["an unpaired surrogate", /^[\ud800-\udbff]$/u, "an unpaired surrogate"],
    ["a character that is a surrogate pair without the flag u", /^😀$/, "without the flag u"],
    ["an escaped letter without a meaning", made("^\\a$"), "unknown \\a"],
  ])("%s", (_, regex, because) => {
    expect(toPortable(regex)).toEqual({ because: expect.stringContaining(because) });
  });
});

test("a portable pattern matches what the original matches", () => {
  const regexes = [
    /^[^\p{Cc}\p{Cs}\u2028\u2029]+$/u,
    /^\S+@\S+\.\w{2,}$/,
    /^.[\dx-]*(?:a|[^b])\W?$/u,
    /\s$|^\D{2,}|[^\w\s]/u,
    /^[!-?A-~]+@[!-?A-~]+$/,
  ].map((regex) => [regex, new RegExp(portable(regex), "u")] as const);
  const text = fc.oneof(
    fc.string({ unit: "grapheme" }),
    fc.string({ unit: "binary" }).map((each) => each.toWellFormed()),
    fc.string({ unit: fc.constantFrom("a", "b", "x", "@", ".", " ", "\n", "\u2028", "7", "_", "é", "😀") }),
  );
  fc.assert(
    fc.property(text, (text) => {
      for (const [original, translated] of regexes)
        expect([translated.source, translated.test(text)]).toEqual([translated.source, original.test(text)]);
    }),
    { numRuns: 500 },
  );
});
