/**
 * JSONata as Step Functions evaluates it. A string `{% … %}` anywhere in a JSON value is an expression. All other
 * values are constants. Every expression is compiled once. An expression fails with States.QueryEvaluationError if it
 * throws, has no result, or has a result that is not JSON. The error names the expression and its field.
 */
import jsonata from "jsonata";
import { uniqueId } from "../../machine/random.ts";
import { EvaluationFailure } from "./failure.ts";

export type Variables = Readonly<Record<string, unknown>>;
export type Scope = { readonly states: Readonly<Record<string, unknown>>; readonly variables: Variables };
export type Template = (scope: Scope) => Promise<unknown>;

/** Throws if an expression has a syntax error or calls a function that does not run here. */
export type Compile = (value: unknown, field: string) => Template;

type Functions = () => Readonly<Record<string, unknown>>;

const refusedFunctions = ["eval", "hash", "partition", "random", "range"];

export const compiler = (now: () => number): Compile => {
  const expressions = new Map<string, jsonata.Expression>();
  const expressionFor = (source: string) => {
    const known = expressions.get(source) ?? compiled(source);
    expressions.set(source, known);
    return known;
  };
  const functions = functionsAt(now);

  const compile: Compile = (value, field) => {
    if (!holdsExpression(value)) return async () => value;
    if (Array.isArray(value)) {
      const items = value.map((item, index) => compile(item, `${field}[${index}]`));
      return (scope) => Promise.all(items.map((item) => item(scope)));
    }
    if (typeof value === "object" && value !== null) {
      const members = Object.entries(value).map(
        ([key, member]) => [key, compile(member, `${field}/${key}`)] as const,
      );
      return async (scope) =>
        Object.fromEntries(
          await Promise.all(members.map(async ([key, member]) => [key, await member(scope)])),
        );
    }
    const source = sourceOf(value) ?? "";
    const expression = expressionFor(source);
    return (scope) => evaluate({ expression, source, field }, scope, functions);
  };
  return compile;
};

const sourceOf = (value: unknown): string | undefined =>
  typeof value === "string" && value.startsWith("{%") && value.endsWith("%}")
    ? value.slice(2, -2).trim()
    : undefined;

const holdsExpression = (value: unknown): boolean =>
  typeof value === "object" && value !== null
    ? Object.values(value).some(holdsExpression)
    : sourceOf(value) !== undefined;

const compiled = (source: string): jsonata.Expression => {
  const expression = parsed(source);
  const refused = variablesIn(expression.ast()).find((name) => refusedFunctions.includes(name));
  if (refused) throw new Error(`the JSONata expression '${source}' does not run here: $${refused}`);
  return expression;
};

const parsed = (source: string): jsonata.Expression => {
  try {
    return jsonata(source);
  } catch (error) {
    throw new Error(`the JSONata expression '${source}' does not run here: ${messageOf(error)}`);
  }
};

const variablesIn = (node: unknown, seen = new Set<unknown>()): readonly string[] => {
  if (typeof node !== "object" || node === null || seen.has(node)) return [];
  seen.add(node);
  const own = "type" in node && node.type === "variable" && "value" in node ? [String(node.value)] : [];
  return [...own, ...Object.values(node).flatMap((child) => variablesIn(child, seen))];
};

/**
 * The functions that AWS adds to JSONata, and the time of the cloud's clock, which is constant during one evaluation.
 */
const functionsAt = (now: () => number): Functions => {
  const format = jsonata("$fromMillis($at, $picture, $zone)");
  return () => {
    const at = now();
    return {
      uuid: uniqueId,
      parse: (text: unknown) => (text === undefined ? undefined : JSON.parse(String(text))),
      millis: () => at,
      now: (picture?: string, zone?: string) =>
        picture === undefined
          ? new Date(at).toISOString()
          : format.evaluate(undefined, { at, picture, zone }),
    };
  };
};

type FieldExpression = {
  readonly expression: jsonata.Expression;
  readonly source: string;
  readonly field: string;
};

const evaluate = async (
  { expression, source, field }: FieldExpression,
  scope: Scope,
  functions: Functions,
) => {
  const failed = (cause: string): never => {
    throw new EvaluationFailure(
      field,
      `The JSONata expression '${source}' specified for the field '${field}' ${cause}`,
    );
  };
  const value = await expression
    .evaluate(undefined, { ...functions(), ...scope.variables, states: scope.states })
    .catch((error: unknown) => failed(`threw an error during evaluation. ${messageOf(error)}`));
  if (value === undefined) return failed("returned nothing (undefined).");
  if (isFunction(value)) return failed("returned an unsupported result type.");
  // JSONata marks its arrays as sequences, and later expressions would unwrap them. A copy is plain JSON.
  return typeof value === "object" ? JSON.parse(JSON.stringify(value)) : value;
};

const isFunction = (value: unknown): boolean =>
  typeof value === "function" ||
  (typeof value === "object" &&
    value !== null &&
    ("_jsonata_function" in value || "_jsonata_lambda" in value));

/** JSONata throws plain objects with a code. Its functions throw errors. */
const messageOf = (error: unknown): string => {
  if (typeof error !== "object" || error === null || !("message" in error)) return String(error);
  return "code" in error ? `${error.code}: ${error.message}` : String(error.message);
};
