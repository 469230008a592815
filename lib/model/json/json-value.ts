/** Which values JSON can represent, whatever a schema says about them: `z.unknown()` accepts a date. */

/** A JSON pointer to the first part that JSON would change, and why. */
type NotJson = { readonly path: string; readonly because: string };

export type JsonObject = Readonly<Record<string, unknown>>;

export const isJsonObject = (value: unknown): value is JsonObject =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** A value that is nested deeper usually contains itself. */
const depthMax = 500;

export const pointerTo = (path: readonly PropertyKey[]): string =>
  path.map((name) => `/${String(name).replaceAll("~", "~0").replaceAll("/", "~1")}`).join("");

/** Object literals and what parsers make, whatever realm they come from; not dates, maps or instances of classes. */
const isPlain = (part: object): boolean => {
  const prototype: unknown = Object.getPrototypeOf(part);
  return prototype === null || Object.getPrototypeOf(prototype) === null;
};

const nameOf = (part: object): string => Object.prototype.toString.call(part).slice("[object ".length, -1);

/**
 * The value as it comes back from JSON, or the first part that would not come back. As in JSON, a field with the value
 * undefined is an absent field, and -0 is 0. In an array undefined has no representation: JSON makes null of it.
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

  /** An assignment to `__proto__` would not make a field. */
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

/** For JSON.stringify, which writes null for NaN and Infinity. Throws on these numbers. */
export const finite = (name: string, value: unknown): unknown => {
  if (typeof value === "number" && !Number.isFinite(value))
    throw new Error(`${name} is ${value}, which cannot be stored`);
  return value;
};
