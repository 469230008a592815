/**
 * Which schemas JSON can represent. Events and rows are stored as JSON text, and their schema does not parse them
 * when they are read. So JSON must be able to represent every value that the schema accepts, and the schema must
 * not change it. The schema of a command may transform, because a command is parsed once and never stored.
 *
 * zod's own `unrepresentable: "throw"` is not enough: it accepts codecs, `stringbool`, `coerce`, `catch`, `trim`
 * and more.
 */
import * as z from "zod";
import type { AnyDecider } from "../decider.ts";
import type { AnyProjection } from "../projection.ts";
import { asJson } from "./json-value.ts";
import { identityOf, innerOf, type Part, partsOf, valuesOf } from "./schema-parts.ts";

/** A part of a schema that cannot be stored. */
type Unstorable = { readonly path: string; readonly because: string };

const cannot = "JSON cannot represent it";
const changes =
  "it changes the value; only a command may do that, and not in the field that identifies its stream";

/**
 * One row per kind of zod schema: why it cannot be stored, or undefined if it can. The parts of a schema are
 * checked one by one, see `partsOf`.
 */
const reasons: Readonly<Record<z.core.$ZodTypeDef["type"], string | undefined>> = {
  string: undefined,
  number: undefined,
  int: undefined,
  boolean: undefined,
  null: undefined,
  never: undefined,
  any: undefined,
  unknown: undefined,
  object: undefined,
  record: undefined,
  array: undefined,
  tuple: undefined,
  union: undefined,
  intersection: undefined,
  enum: undefined,
  literal: undefined,
  template_literal: undefined,
  nullable: undefined,
  optional: undefined,
  nonoptional: undefined,
  readonly: undefined,
  lazy: undefined,
  /** It replaces an absent value, and the result is stored. */
  default: undefined,
  date: `${cannot}; use z.iso.datetime()`,
  bigint: `${cannot}; use z.string() or z.int()`,
  map: `${cannot}; use z.record()`,
  set: `${cannot}; use z.array()`,
  undefined: `${cannot}; use .optional() on the field`,
  void: `${cannot}; use .optional() on the field`,
  nan: `${cannot}; use z.number().nullable()`,
  symbol: cannot,
  function: cannot,
  promise: cannot,
  file: cannot,
  custom: "it is unknown whether JSON can represent it; use another schema, and .refine() for the condition",
  transform: changes,
  pipe: changes,
  prefault: changes,
  catch: changes,
  success: changes,
};

/** Whether a check or a string format has this property set. */
const isSet = (definition: object, name: string): boolean =>
  Object.entries(definition).some(([key, value]) => key === name && value === true);

const changeIn = (definition: z.core.$ZodTypeDef): string | undefined => {
  const { checks = [] } = definition;
  if (isSet(definition, "coerce")) return "coerce";
  const parts = [definition, ...checks.map(({ _zod }) => _zod.def)];
  if (parts.some((part) => isSet(part, "normalize"))) return "normalize";
  return checks.some(({ _zod }) => _zod.def.check === "overwrite")
    ? "overwrite (trim, toLowerCase, …)"
    : undefined;
};

const isNumberLost = (value: unknown): boolean => typeof value === "number" && !Number.isFinite(value);

const isJsonLiteral = (value: unknown): boolean =>
  value === null || ["string", "number", "boolean"].includes(typeof value);

/**
 * Whether a schema fits the keys of a JSON object, which are strings. `z.number()` as a key would turn `1.0` into
 * `1`.
 */
const isKey = (part: Part): boolean => {
  const inner = innerOf(part);
  if (inner) return isKey(inner);
  if (part instanceof z.core.$ZodUnion) return part._zod.def.options.every(isKey);
  if (part instanceof z.core.$ZodLiteral || part instanceof z.core.$ZodEnum)
    return valuesOf(part).every((value) => typeof value === "string");
  return part instanceof z.core.$ZodString || part instanceof z.core.$ZodTemplateLiteral;
};

/** Whether elements may be undefined, which JSON turns into null. The last elements of a tuple may be absent. */
const hasUndefinedElements = (part: Part): boolean => {
  const isOptional = (each: Part | null | undefined) => each?._zod.optout === "optional";
  if (part instanceof z.core.$ZodArray) return isOptional(part._zod.def.element);
  return part instanceof z.core.$ZodTuple && isOptional(part._zod.def.rest);
};

/** A default is stored if the value is absent, so JSON must be able to represent it. */
const faultOfDefault = (part: Part): readonly string[] => {
  if (!(part instanceof z.core.$ZodDefault)) return [];
  const value = asJson(part._zod.def.defaultValue);
  return "because" in value ? [`default: ${value.because}`] : [];
};

/** What is wrong with a part of a schema, without the parts in it. */
const faultsOf = (part: Part): readonly string[] => {
  const { def } = part._zod;
  const reason = reasons[def.type];
  if (reason !== undefined) return [`${def.type}: ${reason}`];
  const change = changeIn(def);
  const lost = valuesOf(part).filter((value) => !isJsonLiteral(value) || isNumberLost(value));
  return [
    ...(change === undefined ? [] : [`${change}: ${changes}`]),
    ...faultOfDefault(part),
    ...lost.map((value) => `${def.type} ${String(value)}: ${cannot}`),
    ...(hasUndefinedElements(part)
      ? [`${def.type}: JSON turns an undefined element into null; use .nullable()`]
      : []),
    ...(part instanceof z.core.$ZodRecord && !isKey(part._zod.def.keyType)
      ? [`${def.type}: the keys of a JSON object are strings; use z.string() for the keys`]
      : []),
  ];
};

const unstorableAt = (path: string, part: Part, above: readonly unknown[]): readonly Unstorable[] => {
  const identity = identityOf(part);
  if (above.includes(identity)) return [];
  return [
    ...faultsOf(part).map((because) => ({ path, because })),
    ...partsOf(part).flatMap(([step, inner]) => unstorableAt(`${path}${step}`, inner, [...above, identity])),
  ];
};

/** Every part of a schema that cannot be stored, with its path. Empty if the schema can be stored. */
export const unstorable = (schema: Part): readonly Unstorable[] => unstorableAt("", schema, []);

const problems = (where: string, faults: readonly Unstorable[]): readonly string[] => [
  ...new Set(faults.map(({ path, because }) => `${where}, ${path || "/"}: ${because}`)),
];

/** Kinds of values that JSON cannot send. An undefined field can be sent, by leaving it out. */
const unsendableKinds: readonly string[] = [
  "date",
  "bigint",
  "map",
  "set",
  "symbol",
  "nan",
  "function",
  "promise",
  "file",
];

/** The schema that gets the value as it was sent. What a preprocessor accepts is unknown. */
const firstOf = (part: Part): Part => {
  if (!(part instanceof z.core.$ZodPipe)) return part;
  const { in: first } = part._zod.def;
  return first instanceof z.core.$ZodTransform ? z.unknown() : firstOf(first);
};

const unsendableAt = (path: string, given: Part, above: readonly unknown[]): readonly Unstorable[] => {
  const part = firstOf(given);
  const identity = identityOf(part);
  if (above.includes(identity)) return [];
  const { def } = part._zod;
  const isUnsendable = unsendableKinds.includes(def.type) && !isSet(def, "coerce");
  return [
    ...(isUnsendable
      ? [{ path, because: `${def.type}: a command is sent as JSON; use a codec or z.coerce` }]
      : []),
    ...partsOf(part).flatMap(([step, inner]) => unsendableAt(`${path}${step}`, inner, [...above, identity])),
  ];
};

/**
 * A command is sent as JSON, over HTTP and in the ledger of effects. Its schema may change everything except the id
 * of the stream, which is read from the command as it was sent.
 */
const ofCommands = ({ name, identifiedBy, commands }: AnyDecider): readonly string[] =>
  Object.entries(commands).flatMap(([type, schema]) => {
    const where = `decider ${name}, command ${type}`;
    const identity = schema.shape[identifiedBy];
    return [
      ...problems(where, unsendableAt("", schema, [])),
      ...(identity ? problems(where, unstorableAt(`/${identifiedBy}`, identity, [])) : []),
    ];
  });

/** Every part of an application's schemas that cannot be stored or sent, with its path. */
export const unstorableSchemas = ({
  deciders,
  projections,
}: {
  readonly deciders: readonly AnyDecider[];
  readonly projections: readonly AnyProjection[];
}): readonly string[] => [
  ...deciders.flatMap((decider) => [
    ...Object.entries(decider.events).flatMap(([type, schema]) =>
      problems(`decider ${decider.name}, event ${type}`, unstorable(schema)),
    ),
    ...(decider.past ?? []).flatMap(({ from: { type, version, schema } }) =>
      problems(`decider ${decider.name}, event ${type}@${version}`, unstorable(schema)),
    ),
    ...ofCommands(decider),
  ]),
  ...projections.flatMap(({ name, row }) => problems(`projection ${name}, row`, unstorable(row))),
];
