/**
 * A JSON parser loses some content without an error: the first value of a duplicate key, and the last digits of a
 * long integer. Both are visible only in the text, so it is scanned once more.
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

/** The object or array that the scan is in, and its current key or index. */
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

/** The key of a token. `"a"` and `"\u0061"` are the same key. */
const keyIn = (token: string): string => {
  const key: unknown = token.includes("\\") ? JSON.parse(token) : token.slice(1, -1);
  return String(key);
};

/** Whether a number survives: the double has the same value, or is written in the same way. */
const isKept = (token: string): boolean => {
  const number = Number(token);
  if (!Number.isFinite(number)) return false;
  const isInteger = /^-?\d+$/.test(token);
  return (
    !isInteger || Number.isSafeInteger(number) || String(number) === token || BigInt(token) === BigInt(number)
  );
};

/** What a parser would lose of a valid JSON text, in order. Takes time that is linear in the length. */
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

/** An error of JSON.parse that quotes the text. The others have the position of the fault. */
const isQuoting = (error: unknown): boolean =>
  error instanceof Error && error.message.endsWith("is not valid JSON");

/** The value of a JSON text. The error does not quote the text, because it is logged, and the text may be personal. */
export const jsonIn = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw isQuoting(error) ? new Error("expected JSON, got other text") : error;
  }
};

/** The value of a JSON text. Throws if the text is not JSON, or if a parser would lose a part of it. */
export const losslessJson = (text: string): unknown => {
  const value = jsonIn(text);
  for (const { path, detail } of lossesIn(text))
    throw new Error(`JSON at ${pointerTo(path) || "/"}: ${detail}`);
  return value;
};
