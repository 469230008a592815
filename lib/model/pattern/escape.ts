/** The part after a backslash in a JavaScript regular expression, as a set of characters. */
import { type CharacterSet, complementOf, everything, named, setOf } from "./character-set.ts";
import { type Cursor, refuse } from "./cursor.ts";

const controls: Readonly<Record<string, string>> = { t: "\t", n: "\n", v: "\v", f: "\f", r: "\r", 0: "\0" };

/** A character that means itself. */
export const literal = (sign: string, { isUnicode }: Cursor): CharacterSet =>
  !isUnicode && /[\ud800-\udfff]/.test(sign)
    ? refuse("it has a character above U+FFFF without the flag u")
    : setOf(sign);

const fromHex = (text = ""): number => Number.parseInt(text, 16);

const codeIn = ({ isUnicode, matches }: Cursor): number | undefined => {
  const pair = isUnicode && matches(/^u(d[89ab][\da-f]{2})\\u(d[c-f][\da-f]{2})/i);
  if (pair) return String.fromCharCode(fromHex(pair[1]), fromHex(pair[2])).codePointAt(0);
  const long = isUnicode && matches(/^u\{([\da-f]+)\}/i);
  if (long) return fromHex(long[1]);
  const code = matches(/^(?:x([\da-f]{2})|u([\da-f]{4}))/i);
  if (code) return fromHex(code[1] ?? code[2]);
  const control = matches(/^c([A-Za-z])/)?.[1];
  return control === undefined ? undefined : control.charCodeAt(0) % 32;
};

/** The Unicode properties that are short enough to be written out. To add one, add a row. */
const properties: Readonly<Record<string, CharacterSet>> = {
  Cc: [
    [0, 0x1f],
    [0x7f, 0x9f],
  ],
  Cs: [[0xd800, 0xdfff]],
  ASCII: [[0, 0x7f]],
  Any: everything,
};

const propertyIn = ({ matches }: Cursor): CharacterSet => {
  const [written = "", kind, name = ""] = matches(/^([pP])\{([^}]*)\}/) ?? [];
  const set = properties[name] ?? refuse(`it has \\${written}, which Python does not support`);
  return kind === "P" ? complementOf(set) : set;
};

/** Reads what follows a backslash. */
export const escapeIn = (cursor: Cursor): CharacterSet => {
  const code = codeIn(cursor);
  if (code !== undefined) return [[code, code]];
  if (cursor.isUnicode && /[pP]/.test(cursor.ahead(1))) return propertyIn(cursor);
  const sign = cursor.take();
  const set = named[sign] ?? (controls[sign] === undefined ? undefined : setOf(controls[sign]));
  if (set) return set;
  if (/[bB]/.test(sign)) return refuse(`it has \\${sign}, which differs between languages`);
  if (/[1-9k]/.test(sign)) return refuse("it refers to a group, which RE2 does not support");
  return /[A-Za-z]/.test(sign) ? refuse(`it has an unknown \\${sign}`) : literal(sign, cursor);
};
