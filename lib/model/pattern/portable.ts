/**
 * Translates a JavaScript regular expression to the subset that JavaScript, Go's RE2 and Python's `re` share, for
 * documents that any of them may read. What one of them does not support is refused with a reason. Sets such as
 * `\d` and `.` are written out, because they differ between languages.
 */
import { type CharacterSet, complementOf, dot, everything, setOf, toClass } from "./character-set.ts";
import { type Cursor, cursorOn, NotPortable, refuse } from "./cursor.ts";
import { escapeIn, literal } from "./escape.ts";

/** The translated pattern, or why there is none. */
export type Portable = { readonly pattern: string } | { readonly because: string };

/** The number of copies of a part that RE2 allows. */
const copiesMax = 1000;

/** A part, and the number of copies that RE2 makes of its content. */
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

/** The content of a character class. A dash next to a set such as `\d` means itself. */
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
  if (/[=!]$/.test(kind)) refuse("it looks ahead or behind, which RE2 does not support");
  if (kind === "?") refuse("it has a group with its own flags");
  const { text, copies } = alternativesIn(cursor);
  cursor.take();
  return { text: `(?:${text})`, copies };
};

const atomIn = (cursor: Cursor): Part => {
  if (cursor.takes("(")) return groupIn(cursor);
  return { text: toClass(setIn(cursor)) ?? refuse("it has an unpaired surrogate"), copies: 1 };
};

const repeated = (cursor: Cursor, { text, copies }: Part): Part => {
  const found = cursor.matches(/^([*+?]|\{(\d+)(?:,(\d*))?\})\??/);
  if (!found) return { text, copies };
  const [, quantifier = "", least, most] = found;
  const total = copies * Math.max(1, Number(most || least || 1));
  if (total > copiesMax) refuse(`it repeats a part more than ${copiesMax} times, which RE2 does not support`);
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
 * The translated pattern, which matches the same strings. Group names and laziness are dropped, because they do not
 * change what matches. Of the flags, s and u are translated; d and g have no meaning here.
 */
export const toPortable = ({ source, flags }: Pick<RegExp, "source" | "flags">): Portable => {
  try {
    if (!/^[dgsu]*$/.test(flags))
      refuse(`it has the flags ${flags}, but a document can express only s and u`);
    return { pattern: alternativesIn(cursorOn(source, flags)).text };
  } catch (error) {
    if (error instanceof NotPortable) return { because: error.message };
    throw error;
  }
};
