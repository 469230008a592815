/**
 * A regular expression of JavaScript in the words that JavaScript, Go's RE2 and Python's `re` have in common, for
 * documents that any of them may read. Only what all three can do is translated; the rest is refused with its reason.
 * Sets such as `\d` and `.` are written out, because each language means others by them.
 */
import { type CharacterSet, complementOf, dot, everything, setOf, toClass } from "./character-set.ts";
import { type Cursor, cursorOn, NotPortable, refuse } from "./cursor.ts";
import { escapeIn, literal } from "./escape.ts";

export type Portable = { readonly pattern: string } | { readonly because: string };

/** RE2 makes no more copies of a part. */
const copiesMax = 1000;

/** A part, and how many copies RE2 makes of what is in it. */
type Part = { readonly text: string; readonly copies: number };

const joined = (parts: readonly Part[], separator: string): Part => ({
  text: parts.map(({ text }) => text).join(separator),
  copies: Math.max(1, ...parts.map(({ copies }) => copies)),
});

const member = (cursor: Cursor): CharacterSet => {
  if (!cursor.takes("\\")) return literal(cursor.take(), cursor);
  return cursor.takes("b") ? setOf("\b") : escapeIn(cursor);
};

const isOne = ([range, ...others]: CharacterSet): boolean => others.length === 0 && range?.[0] === range?.[1];

/** What is in a class; a dash beside a set such as `\d` is a dash. */
const classIn = (cursor: Cursor): CharacterSet => {
  const isNegative = cursor.takes("^");
  const ranges: (readonly [number, number])[] = [];
  while (!cursor.takes("]")) {
    const from = member(cursor);
    if (cursor.ahead(2) === "-]" || !cursor.takes("-")) {
      ranges.push(...from);
      continue;
    }
    const to = member(cursor);
    const [first, last] = [from[0]?.[0] ?? 0, to[0]?.[0] ?? 0];
    ranges.push(...(isOne(from) && isOne(to) ? [[first, last] as const] : [...from, ...setOf("-"), ...to]));
  }
  return isNegative ? complementOf(ranges) : ranges;
};

const setIn = (cursor: Cursor): CharacterSet => {
  if (cursor.takes("[")) return classIn(cursor);
  if (cursor.takes(".")) return cursor.isDotAll ? everything : dot;
  return cursor.takes("\\") ? escapeIn(cursor) : literal(cursor.take(), cursor);
};

const groupIn = (cursor: Cursor): Part => {
  const kind = cursor.matches(/^\?(?:[:=!]|<[=!]|<[^>]*>|)/)?.[0] ?? "";
  if (/[=!]$/.test(kind)) refuse("it looks ahead or behind, which RE2 does not do");
  if (kind === "?") refuse("it has a group with flags of its own");
  const { text, copies } = alternativesIn(cursor);
  cursor.take();
  return { text: `(?:${text})`, copies };
};

const atomIn = (cursor: Cursor): Part => {
  if (cursor.takes("(")) return groupIn(cursor);
  return { text: toClass(setIn(cursor)) ?? refuse("it has half a surrogate pair"), copies: 1 };
};

const repeated = (cursor: Cursor, { text, copies }: Part): Part => {
  const found = cursor.matches(/^([*+?]|\{(\d+)(?:,(\d*))?\})\??/);
  if (!found) return { text, copies };
  const [, quantifier = "", least, most] = found;
  const total = copies * Math.max(1, Number(most || least || 1));
  if (total > copiesMax) refuse(`it repeats a part more than ${copiesMax} times, which RE2 does not do`);
  return { text: `${text}${quantifier}`, copies: total };
};

const termIn = (cursor: Cursor): Part => {
  const anchor = cursor.matches(/^[$^]/)?.[0];
  return anchor === undefined ? repeated(cursor, atomIn(cursor)) : { text: anchor, copies: 1 };
};

const sequenceIn = (cursor: Cursor): Part => {
  const parts: Part[] = [];
  while (!cursor.isAtEnd() && !/[|)]/.test(cursor.ahead(1))) parts.push(termIn(cursor));
  return joined(parts, "");
};

const alternativesIn = (cursor: Cursor): Part => {
  const parts = [sequenceIn(cursor)];
  while (cursor.takes("|")) parts.push(sequenceIn(cursor));
  return joined(parts, "|");
};

/**
 * What matches stays the same. Names of groups and laziness are left out, because they do not change it. Of the flags,
 * s and u are translated; g and d mean nothing here.
 */
export const toPortable = ({ source, flags }: Pick<RegExp, "source" | "flags">): Portable => {
  try {
    if (!/^[dgsu]*$/.test(flags)) refuse(`it has the flags ${flags}, and only s and u can be written down`);
    return { pattern: alternativesIn(cursorOn(source, flags)).text };
  } catch (error) {
    if (error instanceof NotPortable) return { because: error.message };
    throw error;
  }
};
