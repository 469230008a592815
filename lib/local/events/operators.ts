/**
 * The alternatives in the list of a field. To add an operator, add a row to `operators`. Operands are checked when the
 * rule is created, as on AWS (aws/event-ruler, JsonRuleCompiler).
 */
import { isObject } from "./fields.ts";

export type Test = { readonly kind: "absent" } | { readonly kind: "value"; readonly holds: Holds };

type Holds = (value: unknown) => boolean;

const refuse = (message: string): never => {
  throw new Error(message);
};

const textOf = (operator: string, operand: unknown): string =>
  typeof operand === "string"
    ? operand
    : refuse(`${operator} of ${JSON.stringify(operand)} does not run here`);

const onText =
  (holds: (text: string) => boolean): Holds =>
  (value) =>
    typeof value === "string" && holds(value);

/** EventBridge compares numbers within this range, with six decimal places. */
const numberMax = 5e9;

const comparable = (number: number): number | undefined =>
  Math.abs(number) <= numberMax ? Math.round(1e6 * number) : undefined;

const limitOf = (operator: string, number: unknown): number =>
  (typeof number === "number" ? comparable(number) : undefined) ??
  refuse(`${operator} of ${JSON.stringify(number)}: expected a number from -5e9 to 5e9`);

const comparisons: Readonly<Record<string, (one: number, other: number) => boolean>> = {
  "=": (one, other) => one === other,
  "<": (one, other) => one < other,
  "<=": (one, other) => one <= other,
  ">": (one, other) => one > other,
  ">=": (one, other) => one >= other,
};

/** One comparison, or a range that starts with its lower end. */
const numeric = (operand: unknown): Holds => {
  const parts: readonly unknown[] = Array.isArray(operand) ? operand : [];
  const [operator, limit, upperOperator, upperLimit] = parts;
  const text = JSON.stringify(operand);
  const notOne = () => refuse(`numeric of ${text} is not a comparison`);
  const comparison = (name: unknown, number: unknown) => {
    const compare = Object.hasOwn(comparisons, String(name)) ? comparisons[String(name)] : undefined;
    if (!compare || typeof name !== "string") return notOne();
    const end = limitOf("numeric", number);
    return (value: number) => compare(value, end);
  };
  const tests = [comparison(operator, limit)];
  if (parts.length === 4) {
    const isRange = [">", ">="].includes(String(operator)) && ["<", "<="].includes(String(upperOperator));
    if (!isRange) notOne();
    tests.push(comparison(upperOperator, upperLimit));
    if (limitOf("numeric", limit) >= limitOf("numeric", upperLimit))
      refuse(`numeric of ${text} is an empty range: its lower end must be less than its upper end`);
  } else if (parts.length !== 2) notOne();
  return (value) => {
    const number = typeof value === "number" ? comparable(value) : undefined;
    return number !== undefined && tests.every((holds) => holds(number));
  };
};

const equals = (wanted: unknown): Holds => {
  if (typeof wanted !== "number") return (value) => value === wanted;
  if (!(Math.abs(wanted) <= Number.MAX_SAFE_INTEGER))
    return refuse(`the number ${wanted} is beyond what can be compared exactly: expected at most 2^53`);
  const number = comparable(wanted);
  return (value) =>
    value === wanted || (number !== undefined && typeof value === "number" && comparable(value) === number);
};

const anythingButPrefix = (operand: Readonly<Record<string, unknown>>): Holds => {
  const [[operator, prefix] = [], ...more] = Object.entries(operand);
  if (operator !== "prefix" || more.length > 0)
    return refuse(`anything-but of ${JSON.stringify(operand)} does not run here`);
  const start = textOf("anything-but prefix", prefix);
  if (start === "") return refuse("anything-but prefix of an empty string would exclude every string");
  return (value) => !(typeof value === "string" && value.startsWith(start));
};

const anythingBut = (operand: unknown): Holds => {
  if (isObject(operand)) return anythingButPrefix(operand);
  const excluded: readonly unknown[] = Array.isArray(operand) ? operand : [operand];
  const isOf = (type: "string" | "number") => excluded.every((value) => typeof value === type);
  if (excluded.length === 0 || !(isOf("string") || isOf("number")))
    return refuse(`anything-but of ${JSON.stringify(operand)}: expected only strings or only numbers`);
  if (isOf("number")) for (const number of excluded) limitOf("anything-but", number);
  const tests = excluded.map(equals);
  return (value) => !tests.some((holds) => holds(value));
};

const operators: Readonly<Record<string, (operand: unknown) => Holds>> = {
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
};

const existence = (operand: unknown): Test => {
  if (typeof operand !== "boolean")
    return refuse(`exists of ${JSON.stringify(operand)}: expected true or false`);
  return operand ? { kind: "value", holds: () => true } : { kind: "absent" };
};

const testOf = (wanted: unknown): Test => {
  if (Array.isArray(wanted)) return refuse(`${JSON.stringify(wanted)} within a list is not a value`);
  if (!isObject(wanted)) return { kind: "value", holds: equals(wanted) };
  const [[operator = "", operand] = [], ...more] = Object.entries(wanted);
  if (operator === "exists" && more.length === 0) return existence(operand);
  const make = Object.hasOwn(operators, operator) ? operators[operator] : undefined;
  if (!make || more.length > 0)
    return refuse(`operator ${[operator, ...more.map(([name]) => name)].join(", ")} does not run here`);
  return { kind: "value", holds: make(operand) };
};

export const testsOf = (field: string, alternatives: readonly unknown[]): readonly Test[] =>
  alternatives.length === 0 ? refuse(`the list of ${field} is empty`) : alternatives.map(testOf);

/** Names that AWS reserves for operators. A field within `$or` must not have one (aws/event-ruler, Constants). */
const reserved: ReadonlySet<string> = new Set([
  ...Object.keys(operators),
  ...Object.keys(comparisons),
  "exists",
  "exactly",
  "wildcard",
  "cidr",
  "regex",
  "not-wildcard",
  "not-equals-ignore-case",
  "date-after",
  "date-on-or-after",
  "date-before",
  "date-on-or-before",
  "in-date-range",
  "ip-address-in-range",
  "ip-address-not-in-range",
]);

export const isReserved = (field: string): boolean => reserved.has(field);
