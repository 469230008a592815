/**
 * Event patterns as EventBridge and the filters of event-source mappings use them, compiled to a function
 * of an event. An operator that is not in the table below is refused by its name.
 */

export type Matcher = (event: unknown) => boolean;

/** Tells from the leaves found at a field: none when it is absent or an object, several in an array. */
type LeafMatcher = (leaves: readonly unknown[]) => boolean;

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

const some =
  (holds: (leaf: unknown) => boolean): LeafMatcher =>
  (leaves) =>
    leaves.some(holds);

const onText = (holds: (text: string) => boolean) => some((leaf) => typeof leaf === "string" && holds(leaf));

const textOf = (operator: string, operand: unknown): string => {
  if (typeof operand === "string") return operand;
  throw new Error(`${operator} of ${JSON.stringify(operand)} is not run here`);
};

const comparisons: Readonly<Record<string, (one: number, other: number) => boolean>> = {
  "=": (one, other) => one === other,
  "<": (one, other) => one < other,
  "<=": (one, other) => one <= other,
  ">": (one, other) => one > other,
  ">=": (one, other) => one >= other,
};

const numeric = (operand: unknown): LeafMatcher => {
  const parts: readonly unknown[] = Array.isArray(operand) ? operand : [];
  const tests = Array.from({ length: Math.ceil(parts.length / 2) }, (_, index) => {
    const compare = comparisons[String(parts[2 * index])];
    const limit = parts[2 * index + 1];
    if (!compare || typeof limit !== "number")
      throw new Error(`numeric of ${JSON.stringify(operand)} is not a comparison`);
    return (value: number) => compare(value, limit);
  });
  if (tests.length === 0) throw new Error(`numeric of ${JSON.stringify(operand)} is not a comparison`);
  return some((leaf) => typeof leaf === "number" && tests.every((holds) => holds(leaf)));
};

const anythingBut = (operand: unknown): LeafMatcher => {
  if (isObject(operand)) {
    const [[operator, prefix] = [], ...more] = Object.entries(operand);
    if (operator !== "prefix" || more.length > 0)
      throw new Error(`anything-but of ${JSON.stringify(operand)} is not run here`);
    const start = textOf("anything-but prefix", prefix);
    return some((leaf) => !(typeof leaf === "string" && leaf.startsWith(start)));
  }
  const excluded: readonly unknown[] = Array.isArray(operand) ? operand : [operand];
  if (
    excluded.length === 0 ||
    excluded.some((value) => typeof value !== "string" && typeof value !== "number")
  )
    throw new Error(`anything-but of ${JSON.stringify(operand)} is not run here`);
  return some((leaf) => !excluded.includes(leaf));
};

const exists = (operand: unknown): LeafMatcher => {
  if (typeof operand !== "boolean")
    throw new Error(`exists of ${JSON.stringify(operand)} is not true or false`);
  return (leaves) => leaves.length > 0 === operand;
};

/** A row makes the test of one operator from its operand, or throws on an operand that is not run here. */
const operators: Readonly<Record<string, (operand: unknown) => LeafMatcher>> = {
  prefix: (operand) => {
    const start = textOf("prefix", operand);
    return onText((text) => text.startsWith(start));
  },
  suffix: (operand) => {
    const end = textOf("suffix", operand);
    return onText((text) => text.endsWith(end));
  },
  "equals-ignore-case": (operand) => {
    const wanted = textOf("equals-ignore-case", operand).toLowerCase();
    return onText((text) => text.toLowerCase() === wanted);
  },
  "anything-but": anythingBut,
  numeric,
  exists,
};

const alternative = (wanted: unknown): LeafMatcher => {
  if (!isObject(wanted)) {
    if (Array.isArray(wanted)) throw new Error(`${JSON.stringify(wanted)} within a list is not a value`);
    return some((leaf) => leaf === wanted);
  }
  const [[operator = "", operand] = [], ...more] = Object.entries(wanted);
  const make = Object.hasOwn(operators, operator) ? operators[operator] : undefined;
  if (!make || more.length > 0)
    throw new Error(`operator ${[operator, ...more.map(([name]) => name)].join(", ")} is not run here`);
  return make(operand);
};

const leavesAt = (event: unknown, field: string): readonly unknown[] => {
  const value = isObject(event) ? event[field] : undefined;
  if (value === undefined) return [];
  const values: readonly unknown[] = Array.isArray(value) ? value.flat(Number.POSITIVE_INFINITY) : [value];
  return values.filter((one) => !isObject(one));
};

const leaf = (field: string, alternatives: readonly unknown[]): Matcher => {
  if (alternatives.length === 0) throw new Error(`the list of ${field} is empty`);
  const tests = alternatives.map(alternative);
  return (event) => {
    const leaves = leavesAt(event, field);
    return tests.some((holds) => holds(leaves));
  };
};

const nested = (field: string, pattern: unknown): Matcher => {
  if (!isObject(pattern)) throw new Error(`${field} = ${JSON.stringify(pattern)} is not a list of values`);
  const holds = compile(pattern);
  return (event) => {
    const value = isObject(event) ? event[field] : undefined;
    return Array.isArray(value) ? value.some(holds) : holds(value);
  };
};

const or = (patterns: unknown): Matcher => {
  if (!Array.isArray(patterns) || patterns.length < 2)
    throw new Error(`$or = ${JSON.stringify(patterns)} is not a list of two patterns`);
  const tests = patterns.map(compile);
  return (event) => tests.some((holds) => holds(event));
};

const compile = (pattern: unknown): Matcher => {
  if (!isObject(pattern) || Object.keys(pattern).length === 0)
    throw new Error(`${JSON.stringify(pattern)} is not a pattern`);
  const tests = Object.entries(pattern).map(([field, wanted]) =>
    field === "$or" ? or(wanted) : Array.isArray(wanted) ? leaf(field, wanted) : nested(field, wanted),
  );
  return (event) => tests.every((holds) => holds(event));
};

/** Throws on what is not a pattern, and on an operator that is not run here. */
export const pattern = (definition: unknown): Matcher => compile(definition);
