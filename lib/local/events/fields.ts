/**
 * The fields of an event as aws/event-ruler sees them. A field is a value that is not an object or an array. Its name
 * is its path, joined with dots. Arrays add nothing to the path, but a field remembers the array elements that contain
 * it.
 */

/** For each array, the element that contains the value. Values that are elements themselves belong to no element. */
export type Membership = ReadonlyMap<object, number>;

type Field = { readonly value: unknown; readonly membership: Membership };

export const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** Both memberships together. Undefined if they contain different elements of the same array. */
export const merged = (one: Membership, other: Membership): Membership | undefined => {
  if (other.size === 0) return one;
  for (const [array, index] of other) if ((one.get(array) ?? index) !== index) return undefined;
  return new Map([...one, ...other]);
};

/** The path and its beginnings: `a`, `a.b` and `a.b.c`. */
const wayTo = (path: string): readonly string[] => {
  const names = path.split(".");
  return names.map((_, index) => names.slice(0, index + 1).join("."));
};

/** Returns the fields of an event that have one of the paths. */
type FieldReader = (event: unknown) => ReadonlyMap<string, readonly Field[]>;

export const fieldReader = (paths: readonly string[]): FieldReader => {
  const ways = new Set(paths.flatMap(wayTo));
  return (event) => fieldsOf(event, paths, ways);
};

/** Reads own members only, so that an event does not have a field `toString` unless it contains one. */
const fieldsOf = (event: unknown, paths: readonly string[], ways: ReadonlySet<string>) => {
  const fields = new Map<string, Field[]>(paths.map((path) => [path, []]));

  const visit = (value: unknown, path: string, membership: Membership): void => {
    if (Array.isArray(value)) visitElements(value, path, membership);
    else if (isObject(value)) visitMembers(value, path, membership);
    else if (value !== undefined) fields.get(path)?.push({ value, membership });
  };

  const visitMembers = (object: Readonly<Record<string, unknown>>, path: string, membership: Membership) => {
    for (const [name, value] of Object.entries(object)) {
      const inner = path === "" ? name : `${path}.${name}`;
      if (ways.has(inner)) visit(value, inner, membership);
    }
  };

  const visitElements = (array: readonly unknown[], path: string, membership: Membership) => {
    for (const [index, element] of array.entries()) {
      const isPlain = typeof element !== "object" || element === null;
      visit(element, path, isPlain ? membership : new Map([...membership, [array, index]]));
    }
  };

  if (isObject(event)) visitMembers(event, "", new Map());
  return fields;
};
