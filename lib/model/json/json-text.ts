/**
 * What a parser of JSON loses without a word: of a key that appears twice the first value, and of a long integer the last
 * digits. Both are visible in the text only, so it is scanned once more.
 */
import { pointerTo } from "./json-value.ts";

type Loss = {
  readonly kind: "duplicate" | "inexact";
  readonly path: readonly PropertyKey[];
  readonly detail: string;
};

const twice = { kind: "duplicate", detail: "the field appears twice" } as const;
const inexact = { kind: "inexact", detail: "the number cannot be kept exactly" } as const;

const code = (character: string): number => character.charCodeAt(0);
const [quote, backslash, comma] = ['"', "\\", ","].map(code);
const [openObject, closeObject, openArray, closeArray] = ["{", "}", "[", "]"].map(code);

/** The object or the array that the scan is in, and the key or the index that it is at. */
type Level = { at: PropertyKey; readonly keys?: Set<string> };

const afterString = (text: string, start: number): number => {
  let at = start + 1;
  for (let next = text.charCodeAt(at); next !== quote; next = text.charCodeAt(at))
    at += next === backslash ? 2 : 1;
  return at + 1;
};

const codesOf = (characters: string): ReadonlySet<number> => new Set([...characters].map(code));
const startsOfNumbers = codesOf("-0123456789");
const partsOfNumbers = codesOf("+-.0123456789Ee");

const afterNumber = (text: string, start: number): number => {
  let at = start;
  while (partsOfNumbers.has(text.charCodeAt(at))) at += 1;
  return at;
};

/** Two spellings are one key: `"a"` and `"\u0061"`. */
const keyIn = (token: string): string => {
  const key: unknown = token.includes("\\") ? JSON.parse(token) : token.slice(1, -1);
  return String(key);
};

/** An integer is kept if the double is that integer, or if the double is written so. */
const isKept = (token: string): boolean => {
  const number = Number(token);
  if (!Number.isFinite(number)) return false;
  const isInteger = /^-?\d+$/.test(token);
  return (
    !isInteger || Number.isSafeInteger(number) || String(number) === token || BigInt(token) === BigInt(number)
  );
};

/** The losses in a text that a parser accepts, in their order. It takes a time that is linear in the length. */
export function* lossesIn(text: string): Generator<Loss> {
  const levels: Level[] = [];
  const path = () => levels.map(({ at }) => at);
  let isKeyNext = false;
  for (let at = 0; at < text.length; ) {
    const next = text.charCodeAt(at);
    const level = levels.at(-1);
    if (next === quote) {
      const end = afterString(text, at);
      if (level?.keys && isKeyNext) {
        level.at = keyIn(text.slice(at, end));
        if (level.keys.has(level.at)) yield { ...twice, path: path() };
        level.keys.add(level.at);
        isKeyNext = false;
      }
      at = end;
      continue;
    }
    if (startsOfNumbers.has(next)) {
      const end = afterNumber(text, at);
      if (!isKept(text.slice(at, end))) yield { ...inexact, path: path() };
      at = end;
      continue;
    }
    if (next === openObject) levels.push({ at: "", keys: new Set() });
    if (next === openArray) levels.push({ at: 0 });
    if (next === closeObject || next === closeArray) levels.pop();
    if (next === comma && level && typeof level.at === "number") level.at += 1;
    isKeyNext = next === openObject || (next === comma ? level?.keys !== undefined : isKeyNext);
    at += 1;
  }
}

/** The value of a JSON text. Throws on one that is no JSON, and on one of which a parser would lose something. */
export const losslessJson = (text: string): unknown => {
  const value: unknown = JSON.parse(text);
  for (const { path, detail } of lossesIn(text))
    throw new Error(`JSON at ${pointerTo(path) || "/"}: ${detail}`);
  return value;
};
