/** The patterns in an application's schemas: how its documents show them, and which ones they cannot show. */
import * as z from "zod";
import type { AnyDecider } from "../decider.ts";
import type { AnyProjection } from "../projection.ts";
import type { AnyTranslator } from "../translator.ts";
import { type Portable, toPortable } from "./portable.ts";

type Part = z.core.$ZodType;
/** Whether a document shows what a schema accepts or what it returns. */
export type Direction = "input" | "output";

const patternIn = (definition: object): readonly RegExp[] =>
  "pattern" in definition && definition.pattern instanceof RegExp ? [definition.pattern] : [];

/**
 * The patterns of a schema, without those of its parts. Avoids `z.core`, which would pull all of zod into a bundle.
 */
const regexesOf = ({ _zod: { def, pattern } }: Part): readonly RegExp[] =>
  def.type === "template_literal" && pattern
    ? [pattern]
    : [def, ...(def.checks ?? []).map(({ _zod }) => _zod.def)].flatMap(patternIn);

/** zod's patterns for these formats look ahead. JSON Schema defines the formats, so they need no pattern. */
const definedFormats: readonly unknown[] = ["duration", "hostname"];

/**
 * A pattern of `part`, given as JSON Schema shows it, which is without its flags. Undefined if the format says the
 * same.
 */
export const portablePattern = (part: Part, source: string, format: unknown): Portable | undefined => {
  const known = regexesOf(part).find((each) => each.source === source);
  const portable = toPortable(known ?? { source, flags: "u" });
  return "because" in portable && definedFormats.includes(format) ? undefined : portable;
};

/** The JSON pointer into the value for a path in JSON Schema. `*` is any element or any key. */
const pointerOf = ([keyword, name, ...rest]: readonly (string | number)[]): string => {
  if (keyword === undefined) return "";
  if (keyword === "properties") return `/${name}${pointerOf(rest)}`;
  const isElement = keyword === "items" || keyword === "additionalProperties";
  return `${isElement ? "/*" : ""}${pointerOf(name === undefined ? rest : [name, ...rest])}`;
};

type Schemas = {
  readonly deciders: readonly AnyDecider[];
  readonly projections: readonly AnyProjection[];
  readonly translators?: readonly AnyTranslator[];
};

type Place = { readonly where: string; readonly schema: z.ZodType; readonly io: Direction };

const placesOf = ({ deciders, projections, translators = [] }: Schemas): readonly Place[] => [
  ...deciders.flatMap(({ name, commands, events }) => [
    ...Object.entries(commands).map(
      ([type, schema]): Place => ({ where: `decider ${name}, command ${type}`, schema, io: "input" }),
    ),
    ...Object.entries(events).map(
      ([type, schema]): Place => ({ where: `decider ${name}, event ${type}`, schema, io: "output" }),
    ),
  ]),
  ...projections.map(
    ({ name, row }): Place => ({ where: `projection ${name}, row`, schema: row, io: "output" }),
  ),
  ...translators.map(({ name, schema }): Place => ({ where: `translator ${name}`, schema, io: "input" })),
];

type Visit = z.core.ToJSONSchemaParams["override"];

const visitEach = ({ schema, io }: Place, override: Visit): void => {
  z.toJSONSchema(schema, { io, unrepresentable: "any", override });
};

const faultsOf = (place: Place): readonly string[] => {
  const faults = new Set<string>();
  visitEach(place, ({ zodSchema, jsonSchema, path }) => {
    for (const { source } of regexesOf(zodSchema)) {
      const portable = portablePattern(zodSchema, source, jsonSchema.format);
      if (portable && "because" in portable)
        faults.add(
          `${place.where}, ${pointerOf(path) || "/"}: expected a pattern that every language can compile, got ${source}: ${portable.because}; change the pattern, or use .refine()`,
        );
    }
  });
  return [...faults];
};

/** Every pattern that clients in other languages could not compile, with its path. */
export const unportablePatterns = (schemas: Schemas): readonly string[] =>
  placesOf(schemas).flatMap(faultsOf);

/** Every pattern in the schemas of an application, as it was written. */
export const patternsOf = (schemas: Schemas): readonly RegExp[] => {
  const found: RegExp[] = [];
  for (const place of placesOf(schemas))
    visitEach(place, ({ zodSchema }) => found.push(...regexesOf(zodSchema)));
  return found;
};
