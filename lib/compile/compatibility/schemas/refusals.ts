/**
 * Compares two schemas in one direction: which values of `from` may not fit `to`, and where. Call it twice to compare both
 * directions. A keyword that is not compared here must be equal in both schemas, because its effect is unknown.
 */
import type { Schema } from "../../schemas/schemas.ts";
import {
  alternativesOf,
  annotations,
  areAlike,
  asSchema,
  fitsKind,
  kindOf,
  labelOf,
  takesAnything,
  takesNothing,
  valuesOf,
} from "./kinds.ts";
import { limitKeywords, ofLimits } from "./limits.ts";
import { type Reason, same } from "./reason.ts";

/** The keywords that this file compares, and those without an effect on validation. */
const compared = new Set([
  ...limitKeywords,
  ..."type format enum const properties required additionalProperties".split(" "),
  ..."items prefixItems anyOf oneOf allOf pattern".split(" "),
  ...annotations,
]);

/** A missing keyword accepts every value. `$defs` must be equal, because any part may refer to it. */
const ofOtherKeywords = (path: string, from: Schema, to: Schema): readonly Reason[] =>
  [...new Set([...Object.keys(to), ...("$defs" in from ? ["$defs"] : [])])]
    .filter((keyword) => !compared.has(keyword))
    .filter((keyword) => JSON.stringify(from[keyword]) !== JSON.stringify(to[keyword]))
    .map((keyword) => same(path, `has another ${keyword}`));

const ofValues = (path: string, from: Schema, to: Schema): readonly Reason[] => {
  const [some, taken] = [valuesOf(from), valuesOf(to)?.map((value) => JSON.stringify(value))];
  if (taken === undefined) return [];
  if (some === undefined)
    return [{ path, narrower: "takes only some values now", wider: "may have other values now" }];
  return some
    .map((value) => JSON.stringify(value))
    .filter((value) => !taken.includes(value))
    .map((value) => ({ path, narrower: `no longer takes ${value}`, wider: `may be ${value} now` }));
};

const patternsOf = ({ pattern, allOf = [] }: Schema): readonly string[] =>
  [pattern, ...allOf.map((each) => asSchema(each).pattern)].filter((each) => each !== undefined);

/** Patterns are not compared: different patterns count as a difference even if they match the same strings. */
const ofPatterns = (path: string, from: Schema, to: Schema): readonly Reason[] => {
  const some = patternsOf(from);
  if (patternsOf(to).every((pattern) => some.includes(pattern))) return [];
  const wider = some.length > 0 ? "has another pattern" : "has no pattern any more";
  return [{ path, narrower: "has another pattern", wider }];
};

const fewest = (all: readonly (readonly Reason[])[]): readonly Reason[] =>
  all.reduce((best, each) => (each.length < best.length ? each : best), all[0] ?? []);

/** Each part of the intersection `to` must accept everything that some part of `from` accepts. */
const ofIntersection = (path: string, from: Schema, to: Schema): readonly Reason[] => {
  const { allOf = [], ...rest } = from;
  const parts = [rest, ...allOf.map(asSchema)];
  const wanted = (to.allOf ?? []).map(asSchema).map(({ pattern: _, ...part }) => part);
  return wanted.flatMap((part) => fewest(parts.map((each) => refusals(path, each, part))));
};

const within = (path: string, name: string): string => (path === "" ? name : `${path}.${name}`);

const isRequired = ({ required = [] }: Schema, name: string): boolean => required.includes(name);

const ofField = (path: string, name: string, from: Schema, to: Schema): readonly Reason[] => {
  const [is, other] = [from.properties?.[name], to.properties?.[name]];
  const place = within(path, name);
  if (isRequired(to, name) && !isRequired(from, name))
    return is === undefined
      ? [{ path: place, narrower: "is new and required", wider: "is removed" }]
      : [
          { path: place, narrower: "is required now", wider: "may be missing now" },
          ...refusals(place, asSchema(is), asSchema(other)),
        ];
  if (is === undefined) return [{ path: place, wider: "is removed" }];
  if (other !== undefined) return refusals(place, asSchema(is), asSchema(other));
  if (to.additionalProperties === false) return [{ path: place, narrower: "is removed" }];
  return refusals(place, asSchema(is), asSchema(to.additionalProperties));
};

/** The values of `additionalProperties`, as in a record. */
const ofOtherFields = (path: string, from: Schema, to: Schema): readonly Reason[] => {
  const [are, other] = [from.additionalProperties, to.additionalProperties];
  if (are === false) return [];
  if (other === false)
    return [{ path, narrower: "takes no other fields now", wider: "may have other fields now" }];
  return refusals(within(path, "*"), asSchema(are), asSchema(other));
};

const ofFields = (path: string, from: Schema, to: Schema): readonly Reason[] => {
  const names = [from, to].flatMap(({ properties = {} }) => Object.keys(properties));
  return [
    ...[...new Set(names)].flatMap((name) => ofField(path, name, from, to)),
    ...ofOtherFields(path, from, to),
  ];
};

const partsOf = ({ prefixItems }: Schema): readonly unknown[] =>
  Array.isArray(prefixItems) ? prefixItems : [];

const ofItems = (path: string, from: Schema, to: Schema): readonly Reason[] => {
  const count = Math.max(partsOf(from).length, partsOf(to).length);
  const at = (schema: Schema, index: number) => asSchema(partsOf(schema)[index] ?? schema.items);
  return [
    ...Array.from({ length: count }, (_, index) =>
      refusals(`${path}[${index}]`, at(from, index), at(to, index)),
    ).flat(),
    ...refusals(`${path}[]`, asSchema(from.items), asSchema(to.items)),
  ];
};

const ofOne = (path: string, from: Schema, to: Schema): readonly Reason[] => {
  if (!fitsKind(from, to))
    return [
      {
        path,
        narrower: `was ${kindOf(from)} and is ${kindOf(to)}`,
        wider: `was ${kindOf(to)} and is ${kindOf(from)}`,
      },
    ];
  return [ofLimits, ofPatterns, ofValues, ofFields, ofItems, ofIntersection, ofOtherKeywords].flatMap(
    (rule) => rule(path, from, to),
  );
};

const ofAlternative = (path: string, from: Schema, all: readonly Schema[]): readonly Reason[] => {
  if (all.some((to) => ofOne(path, from, to).length === 0)) return [];
  const alike = all.filter((to) => areAlike(from, to));
  const [only, ...others] = alike;
  const label = labelOf(from);
  if (!only) return [{ path, narrower: `no longer takes ${label}`, wider: `may be ${label} now` }];
  if (others.length === 0) return ofOne(path, from, only);
  return [
    { path, narrower: `no longer takes every ${label} that it took`, wider: `may be another ${label} now` },
  ];
};

/** Why a value of `from` may not fit `to`. Empty if every value fits. */
export const refusals = (path: string, from: Schema, to: Schema): readonly Reason[] => {
  if (takesAnything(to) || takesNothing(from)) return [];
  const [ones, others] = [alternativesOf(from), alternativesOf(to)];
  const [one, other] = [ones[0], others[0]];
  return one && other && ones.length === 1 && others.length === 1
    ? ofOne(path, one, other)
    : ones.flatMap((each) => ofAlternative(path, each, others));
};
