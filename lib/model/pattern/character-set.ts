/**
 * Sets of Unicode characters, as ranges of code points, and how a character class of a regular expression writes
 * them.
 */

type Range = readonly [first: number, last: number];
/** Ranges of code points, in any order. They may overlap. */
export type CharacterSet = readonly Range[];

const last = 0x10ffff;

/** Sorted, without overlaps. */
const normal = (ranges: CharacterSet): CharacterSet => {
  const sorted: [number, number][] = [];
  for (const [from, to] of [...ranges].sort(([one], [other]) => one - other)) {
    const before = sorted.at(-1);
    if (before && from <= before[1] + 1) before[1] = Math.max(before[1], to);
    else sorted.push([from, to]);
  }
  return sorted;
};

/** All code points that are not in the set. */
export const complementOf = (ranges: CharacterSet): CharacterSet => {
  const gaps: Range[] = [];
  let next = 0;
  for (const [from, to] of normal(ranges)) {
    if (from > next) gaps.push([next, from - 1]);
    next = to + 1;
  }
  return next > last ? gaps : [...gaps, [next, last]];
};

/** The set of these characters. */
export const setOf = (characters: string): CharacterSet =>
  [...characters].map((character) => [character.codePointAt(0) ?? 0, character.codePointAt(0) ?? 0]);

/** An unpaired surrogate is not a character, and UTF-8 has none. */
const withoutSurrogates = (ranges: CharacterSet): CharacterSet =>
  complementOf([...complementOf(ranges), [0xd800, 0xdfff]]);

const hexadecimal = (code: number): string => `\\x${code.toString(16).padStart(2, "0")}`;

/** A code point as a pattern writes it. The characters in `special` get a backslash. */
const written = (code: number, special: string): string => {
  const isControl = code < 0x20 || (code >= 0x7f && code < 0xa0);
  if (isControl) return hexadecimal(code);
  const character = String.fromCodePoint(code);
  return special.includes(character) ? `\\${character}` : character;
};

const inClass = ([from, to]: Range): string => {
  const [first, final] = [written(from, "\\]^[-"), written(to, "\\]^[-")];
  if (from === to) return first;
  return to === from + 1 ? `${first}${final}` : `${first}-${final}`;
};

/** The set as a pattern. Undefined if it holds only surrogates. */
export const toClass = (ranges: CharacterSet): string | undefined => {
  const set = withoutSurrogates(ranges);
  const [only] = set;
  if (!only) return undefined;
  if (set.length === 1 && only[0] === only[1]) return written(only[0], "^$\\.*+?()[]{}|");
  const isNegative = set.at(-1)?.[1] === last;
  if (!isNegative) return `[${set.map(inClass).join("")}]`;
  const others = withoutSurrogates(complementOf(set));
  return others.length === 0 ? "[\\s\\S]" : `[^${others.map(inClass).join("")}]`;
};

/** The meaning of `\s` in JavaScript. Other languages have other sets. */
const space = setOf("\t\n\v\f\r \u00a0\u1680\u2028\u2029\u202f\u205f\u3000\ufeff").concat([[0x2000, 0x200a]]);
const digit: CharacterSet = [[0x30, 0x39]];
const word = setOf("_").concat(digit, [[0x41, 0x5a]], [[0x61, 0x7a]]);

/** The sets that a backslash and a letter denote. */
export const named: Readonly<Record<string, CharacterSet>> = {
  d: digit,
  D: complementOf(digit),
  w: word,
  W: complementOf(word),
  s: space,
  S: complementOf(space),
};

/** The meaning of a dot in JavaScript. */
export const dot = complementOf(setOf("\n\r\u2028\u2029"));
/** All code points. */
export const everything: CharacterSet = [[0, last]];
