/**
 * Resolves the intrinsic functions of CloudFormation anywhere in a value. `lookup` knows the names and attributes of
 * resources. A function that is not supported is refused, and the error names it.
 */

type Lookup = {
  /** The value of a parameter or pseudo parameter, or what Ref gives for a resource. */
  readonly ref: (id: string) => unknown;
  readonly attribute: (id: string, attribute: string) => string;
  readonly condition: (name: string) => boolean;
};

/** The value of Ref for AWS::NoValue. A property or list element with this value is removed. */
export const noValue = Symbol("AWS::NoValue");

type Resolve = (value: unknown) => unknown;
type Intrinsic = (argument: unknown, resolve: Resolve, lookup: Lookup) => unknown;

const listOf = (value: unknown, name: string): readonly unknown[] => {
  if (Array.isArray(value)) return value;
  throw new Error(`${name}: expected a list, got ${JSON.stringify(value)}`);
};

const textOf = (value: unknown, name: string): string => {
  if (typeof value === "string" || typeof value === "number" || typeof value === "boolean")
    return String(value);
  throw new Error(`${name}: expected a string, got ${JSON.stringify(value)}`);
};

/** A list. The list itself may be the result of an intrinsic function. */
const resolvedList = (value: unknown, resolve: Resolve, name: string): readonly unknown[] =>
  listOf(resolve(value), name);

const substitute = (argument: unknown, resolve: Resolve, lookup: Lookup): string => {
  const [text, variables] = typeof argument === "string" ? [argument, {}] : listOf(argument, "Fn::Sub");
  const given = new Map(Object.entries(variables ?? {}));
  return textOf(text, "Fn::Sub").replaceAll(/\$\{(!?)([^}]+)\}/g, (_, literal: string, name: string) => {
    if (literal) return `\${${name}}`;
    if (given.has(name)) return textOf(resolve(given.get(name)), "Fn::Sub");
    const [id = "", ...attribute] = name.split(".");
    return textOf(
      attribute.length > 0 ? lookup.attribute(id, attribute.join(".")) : lookup.ref(name),
      "Fn::Sub",
    );
  });
};

const intrinsics: Readonly<Record<string, Intrinsic>> = {
  Ref: (id, _, lookup) => lookup.ref(textOf(id, "Ref")),
  "Fn::GetAtt": (argument, resolve, lookup) => {
    const path = typeof argument === "string" ? argument.split(".") : listOf(argument, "Fn::GetAtt");
    const [id, ...attribute] = path.map((part) => textOf(resolve(part), "Fn::GetAtt"));
    return lookup.attribute(id ?? "", attribute.join("."));
  },
  "Fn::Join": (argument, resolve) => {
    const [separator, parts] = listOf(argument, "Fn::Join");
    return resolvedList(parts, resolve, "Fn::Join")
      .map((part) => textOf(part, "Fn::Join"))
      .join(textOf(separator, "Fn::Join"));
  },
  "Fn::Sub": substitute,
  "Fn::Select": (argument, resolve) => {
    const [index, list] = listOf(argument, "Fn::Select");
    return resolvedList(list, resolve, "Fn::Select")[Number(resolve(index))];
  },
  "Fn::Split": (argument, resolve) => {
    const [separator, text] = listOf(argument, "Fn::Split");
    return textOf(resolve(text), "Fn::Split").split(textOf(separator, "Fn::Split"));
  },
  "Fn::If": (argument, resolve, lookup) => {
    const [name, whenTrue, whenFalse] = listOf(argument, "Fn::If");
    return resolve(lookup.condition(textOf(name, "Fn::If")) ? whenTrue : whenFalse);
  },
  Condition: (name, _, lookup) => lookup.condition(textOf(name, "Condition")),
  "Fn::Equals": (argument, resolve) => {
    const [one, other] = resolvedList(argument, resolve, "Fn::Equals");
    return one === other;
  },
  "Fn::And": (argument, resolve) => resolvedList(argument, resolve, "Fn::And").every(Boolean),
  "Fn::Or": (argument, resolve) => resolvedList(argument, resolve, "Fn::Or").some(Boolean),
  "Fn::Not": (argument, resolve) => !resolvedList(argument, resolve, "Fn::Not")[0],
};

/**
 * The intrinsic function of an object with exactly one member. `Condition` is a function only if its value is a string,
 * because policies have members of that name.
 */
const intrinsicOf = (value: object): [Intrinsic, unknown] | undefined => {
  const [entry, ...others] = Object.entries(value);
  if (!entry || others.length > 0) return undefined;
  const [name, argument] = entry;
  if (name === "Condition" && typeof argument !== "string") return undefined;
  const found = intrinsics[name];
  if (found) return [found, argument];
  if (name.startsWith("Fn::")) throw new Error(`${name}: this function does not run here`);
  return undefined;
};

export const resolver = (lookup: Lookup): Resolve => {
  const resolve: Resolve = (value) => {
    if (Array.isArray(value)) return value.map(resolve).filter((element) => element !== noValue);
    if (typeof value !== "object" || value === null) return value;
    const intrinsic = intrinsicOf(value);
    if (intrinsic) return intrinsic[0](intrinsic[1], resolve, lookup);
    const members = Object.entries(value).map(([name, member]) => [name, resolve(member)]);
    return Object.fromEntries(members.filter(([, member]) => member !== noValue));
  };
  return resolve;
};
