/** Which values JSON can represent, independent of their schema: `z.unknown()` accepts a date. */

/** A JSON pointer to the first part that JSON would change, and the reason. */
type NotJson = { readonly path: string; readonly because: string };

/** A JSON object. */
export type JsonObject = Readonly<Record<string, unknown>>;

/** Whether a value is an object, and neither null nor an array. */
export const isJsonObject = (value: unknown): value is JsonObject =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** A value that is nested deeper than this usually contains itself. */
const depthMax = 500;

/** The JSON pointer of a path. */
export const pointerTo = (path: readonly PropertyKey[]): string =>
  path.map((name) => `/${String(name).replaceAll("~", "~0").replaceAll("/", "~1")}`).join("");

/**
 * Whether an object is a literal or the result of a parser, in any realm. Dates, maps and instances of classes are
 * not.
 */
const isPlain = (part: object): boolean => {
  const prototype: unknown = Object.getPrototypeOf(part);
  return prototype === null || Object.getPrototypeOf(prototype) === null;
};

const nameOf = (part: object): string => Object.prototype.toString.call(part).slice("[object ".length, -1);

/**
 * The value after a round trip through JSON, or the first part that would be different. As in JSON, a field whose
 * value is undefined is absent, and -0 is 0. Undefined in an array is refused, because JSON makes it null.
 */
export const asJson = (value: unknown): { readonly value: unknown } | NotJson => {
  const way: PropertyKey[] = [];
  let wrong: NotJson | undefined;

  const refuse = (because: string): void => {
    wrong ??= { path: pointerTo(way), because };
  };

  const at = (key: PropertyKey, part: unknown): unknown => {
    way.push(key);
    const copy = copied(part);
    way.pop();
    return copy;
  };

  /** An assignment to `__proto__` would not create a field. */
  const fieldsOf = (part: object): JsonObject => {
    const copy: Record<string, unknown> = {};
    for (const [key, child] of Object.entries(part)) {
      if (child === undefined) continue;
      const value = at(key, child);
      if (key === "__proto__")
        Object.defineProperty(copy, key, { value, enumerable: true, configurable: true, writable: true });
      else copy[key] = value;
    }
    return copy;
  };

  const copied = (part: unknown): unknown => {
    if (wrong || part === null || typeof part === "string" || typeof part === "boolean") return part;
    if (typeof part === "number") return Number.isFinite(part) ? part + 0 : refuse(`${part} is not JSON`);
    if (typeof part !== "object") return refuse(`${typeof part} is not JSON`);
    if (way.length > depthMax) return refuse(`it is nested more than ${depthMax} deep, or contains itself`);
    if (Array.isArray(part)) return Array.from(part, (child, index) => at(index, child));
    if (!isPlain(part)) return refuse(`${nameOf(part)} is not JSON`);
    if (Object.getOwnPropertySymbols(part).length > 0) return refuse("it has a symbol as a key");
    return fieldsOf(part);
  };

  const copy = copied(value);
  return wrong ?? { value: copy };
};

/** A replacer for JSON.stringify, which writes NaN and Infinity as null. Throws on these numbers. */
export const finite = (name: string, value: unknown): unknown => {
  if (typeof value === "number" && !Number.isFinite(value))
    throw new Error(`${name} is ${value}, which cannot be stored`);
  return value;
};
