/** The patterns of an application's schemas, as its documents show them, and those that they cannot show. */
import * as z from "zod";
import type { AnyDecider } from "../decider.ts";
import type { AnyProjection } from "../projection.ts";
import type { AnyTranslator } from "../translator.ts";
import { type Portable, toPortable } from "./portable.ts";

type Part = z.core.$ZodType;
export type Direction = "input" | "output";

const patternIn = (definition: object): readonly RegExp[] =>
  "pattern" in definition && definition.pattern instanceof RegExp ? [definition.pattern] : [];

/** Those of a schema itself, not of its parts. Nothing here needs `z.core`, which would be in a bundle as a whole. */
const regexesOf = ({ _zod: { def, pattern } }: Part): readonly RegExp[] =>
  def.type === "template_literal" && pattern
    ? [pattern]
    : [def, ...(def.checks ?? []).map(({ _zod }) => _zod.def)].flatMap(patternIn);

/** zod looks ahead in these. JSON Schema defines the format, so they need no pattern. */
const definedFormats: readonly unknown[] = ["duration", "hostname"];

/** A pattern of `part` as JSON Schema has it; its flags are not in there. Undefined if the format says the same. */
export const portablePattern = (part: Part, source: string, format: unknown): Portable | undefined => {
  const known = regexesOf(part).find((each) => each.source === source);
  const portable = toPortable(known ?? { source, flags: "u" });
  return "because" in portable && definedFormats.includes(format) ? undefined : portable;
};

/** A place in JSON Schema as a JSON pointer into the value; `*` is any element or any key. */
const pointerOf = ([keyword, name, ...rest]: readonly (string | number)[]): string => {
  if (keyword === undefined) return "";
  if (keyword === "properties") return `/${name}${pointerOf(rest)}`;
  const isElement = keyword === "items" || keyword === "additionalProperties";
  return `${isElement ? "/*" : ""}${pointerOf(name === undefined ? rest : [name, ...rest])}`;
};

const faultsOf = (where: string, schema: z.ZodType, io: Direction): readonly string[] => {
  const faults = new Set<string>();
  z.toJSONSchema(schema, {
    io,
    unrepresentable: "any",
    override: ({ zodSchema, jsonSchema, path }) => {
      for (const { source } of regexesOf(zodSchema)) {
        const portable = portablePattern(zodSchema, source, jsonSchema.format);
        if (portable && "because" in portable)
          faults.add(
            `${where}, ${pointerOf(path) || "/"}: the pattern ${source} cannot be documented for all languages: ${portable.because}; write it in another way, or as .refine()`,
          );
      }
    },
  });
  return [...faults];
};

/** Every pattern that clients in other languages could not compile, with its place. */
export const unportablePatterns = ({
  deciders,
  projections,
  translators = [],
}: {
  readonly deciders: readonly AnyDecider[];
  readonly projections: readonly AnyProjection[];
  readonly translators?: readonly AnyTranslator[];
}): readonly string[] => [
  ...deciders.flatMap(({ name, commands, events }) => [
    ...Object.entries(commands).flatMap(([type, schema]) =>
      faultsOf(`decider ${name}, command ${type}`, schema, "input"),
    ),
    ...Object.entries(events).flatMap(([type, schema]) =>
      faultsOf(`decider ${name}, event ${type}`, schema, "output"),
    ),
  ]),
  ...projections.flatMap(({ name, row }) => faultsOf(`projection ${name}, row`, row, "output")),
  ...translators.flatMap(({ name, schema }) => faultsOf(`translator ${name}`, schema, "input")),
];
