/**
 * Event patterns of EventBridge, and of the filters of event source mappings, compiled to a function of an event. They
 * follow the rules of aws/event-ruler, the open-source engine of EventBridge. It joins the names on the path to a value
 * with dots, so `{"detail.status": ["PAID"]}` and `{"detail": {"status": ["PAID"]}}` mean the same, in patterns and in
 * events. A pattern that AWS would refuse, and an operator that is not in `operators.ts`, is refused, and the error
 * names it.
 */
import { fieldReader, isObject, type Membership, merged } from "./fields.ts";
import { isReserved, type Test, testsOf } from "./operators.ts";

export type Matcher = (event: unknown) => boolean;

/** A conjunction: the tests of each path. A pattern with `$or` becomes several branches. */
type Branch = ReadonlyMap<string, readonly Test[]>;

/** AWS refuses patterns that are too complex. Its limit is not documented. */
const branchesMax = 1000;

const refuse = (message: string): never => {
  throw new Error(message);
};

const both = (one: Branch, other: Branch): Branch => {
  for (const path of other.keys()) if (one.has(path)) refuse(`the field ${path} is named twice`);
  return new Map([...one, ...other]);
};

const product = (ones: readonly Branch[], others: readonly Branch[]): readonly Branch[] => {
  if (ones.length * others.length > branchesMax)
    refuse(`$or makes more than ${branchesMax} combinations: use fewer alternatives`);
  return ones.flatMap((one) => others.map((other) => both(one, other)));
};

type Place = { readonly path: string; readonly isInOr: boolean };

const below = (path: string, field: string) => (path === "" ? field : `${path}.${field}`);

const branchesOf = (pattern: unknown, { path, isInOr }: Place): readonly Branch[] => {
  if (!isObject(pattern) || Object.keys(pattern).length === 0)
    return refuse(`${JSON.stringify(pattern)} is not a pattern: expected an object with fields`);
  return Object.entries(pattern)
    .map(([field, wanted]) => {
      if (field === "$or") return orBranches(wanted, path);
      if (isInOr && isReserved(field)) return refuse(`${field} within $or is not a field on AWS: rename it`);
      const inner = { path: below(path, field), isInOr };
      if (Array.isArray(wanted)) return [new Map([[inner.path, testsOf(field, wanted)]])];
      return isObject(wanted)
        ? branchesOf(wanted, inner)
        : refuse(`${field} = ${JSON.stringify(wanted)}: expected a list of values or an object`);
    })
    .reduce(product);
};

const orBranches = (patterns: unknown, path: string): readonly Branch[] => {
  if (!Array.isArray(patterns) || patterns.length < 2)
    return refuse(`$or = ${JSON.stringify(patterns)}: expected a list of two or more patterns`);
  return patterns.flatMap((pattern) => branchesOf(pattern, { path, isInOr: true }));
};

/**
 * Two fields in the same array match only together if they are in the same element. So each choice restricts the next
 * one.
 */
const matcherOf = (branch: Branch): Matcher => {
  const paths = [...branch.keys()].sort();
  const read = fieldReader(paths);
  return (event) => {
    const fields = read(event);
    const holdsFrom = (index: number, chosen: Membership): boolean => {
      const path = paths[index];
      if (path === undefined) return true;
      const candidates = fields.get(path) ?? [];
      return (branch.get(path) ?? []).some((test) => {
        if (test.kind === "absent")
          return (
            candidates.every(({ membership }) => !merged(chosen, membership)) && holdsFrom(index + 1, chosen)
          );
        return candidates.some(({ value, membership }) => {
          const next = test.holds(value) ? merged(chosen, membership) : undefined;
          return next !== undefined && holdsFrom(index + 1, next);
        });
      });
    };
    return holdsFrom(0, new Map());
  };
};

/** Throws if this is not a pattern, or if it has an operator that does not run here. */
export const pattern = (definition: unknown): Matcher => {
  const matchers = branchesOf(definition, { path: "", isInOr: false }).map(matcherOf);
  return (event) => matchers.some((matches) => matches(event));
};
