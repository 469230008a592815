/**
 * What an application promises to those who send it commands and read its events, and which of it another version
 * breaks. Whatever is stored must still be read and whoever subscribes must still understand it; whoever sends must
 * still be understood. A change that no rule here knows counts as a break: somebody must look.
 */
import type { Application } from "../model/application.ts";
import { inputSchema, outputSchema, type Schema } from "./schemas.ts";

/** By category and type: `order.OrderPlaced`. */
export type Contract = {
  readonly events: Readonly<Record<string, Schema>>;
  readonly commands: Readonly<Record<string, Schema>>;
  /** What other systems tell, by source and type: `warehouse.StockDelivered`. */
  readonly foreign?: Readonly<Record<string, Schema>>;
  /** The names of the sagas: an instance under way needs the definition of its saga. */
  readonly sagas?: readonly string[];
};

type Kind = "event" | "command" | "foreign event";

/** One side of a comparison, at a place in it: `lines[].sku`, or nothing at the top. */
type Place = { readonly kind: Kind; readonly path: string };

export const contractOf = ({
  deciders,
  translators = [],
  sagas,
}: Pick<Application<never>, "deciders" | "translators" | "sagas">): Contract => ({
  events: Object.fromEntries(
    deciders.flatMap(({ name, events }) =>
      Object.entries(events).map(([type, schema]) => [`${name}.${type}`, outputSchema(schema)]),
    ),
  ),
  commands: Object.fromEntries(
    deciders.flatMap(({ name, commands }) =>
      Object.entries(commands).map(([type, schema]) => [`${name}.${type}`, inputSchema(schema)]),
    ),
  ),
  foreign: Object.fromEntries(
    translators.map(({ source, type, schema }) => [`${source}.${type}`, outputSchema(schema)]),
  ),
  sagas: sagas.map(({ name }) => name),
});

const isSchema = (part: unknown): part is Schema =>
  typeof part === "object" && part !== null && !Array.isArray(part);

const said = ({ path }: Place, words: string): string => (path === "" ? words : `${path} ${words}`);

const nameOf = ({ type, format }: Schema): string => format ?? [type ?? "anything"].flat().join(" or ");

/** `type: ["string", "null"]` is two alternatives as well. */
const alternativesOf = (schema: Schema): readonly Schema[] =>
  (schema.anyOf ?? schema.oneOf ?? [schema])
    .filter(isSchema)
    .flatMap((each) => (Array.isArray(each.type) ? each.type.map((type) => ({ ...each, type })) : [each]));

const valuesOf = ({ enum: values, const: only }: Schema): readonly unknown[] | undefined =>
  only === undefined ? values : [only];

const least = ({ type, minimum, exclusiveMinimum }: Schema): number =>
  Math.max(minimum ?? -Infinity, Number(exclusiveMinimum ?? -Infinity) + (type === "integer" ? 1 : 0));

const most = ({ type, maximum, exclusiveMaximum }: Schema): number =>
  Math.min(maximum ?? Infinity, Number(exclusiveMaximum ?? Infinity) - (type === "integer" ? 1 : 0));

/** What may not become narrower: the words for it, and whether it did. */
const narrowings: readonly (readonly [what: string, is: (before: Schema, after: Schema) => boolean])[] = [
  ["its least value is higher", (before, after) => least(after) > least(before)],
  ["its greatest value is lower", (before, after) => most(after) < most(before)],
  ["must be longer", (before, after) => (after.minLength ?? 0) > (before.minLength ?? 0)],
  ["must be shorter", (before, after) => (after.maxLength ?? Infinity) < (before.maxLength ?? Infinity)],
  ["must have more items", (before, after) => (after.minItems ?? 0) > (before.minItems ?? 0)],
  ["must have fewer items", (before, after) => (after.maxItems ?? Infinity) < (before.maxItems ?? Infinity)],
  ["has another pattern", (before, after) => ![undefined, before.pattern].includes(after.pattern)],
];

/** All that is compared elsewhere, or means nothing to a machine. */
const known = new Set(
  [
    "type format enum const properties required items anyOf oneOf",
    "minimum exclusiveMinimum maximum exclusiveMaximum minLength maxLength minItems maxItems pattern",
    "title description examples default deprecated $schema",
  ].flatMap((line) => line.split(" ")),
);

const ofUnknown = (place: Place, before: Schema, after: Schema): readonly string[] =>
  [...new Set([...Object.keys(before), ...Object.keys(after)])]
    .filter((keyword) => !known.has(keyword))
    .filter((keyword) => JSON.stringify(before[keyword]) !== JSON.stringify(after[keyword]))
    .map((keyword) => said(place, `has another ${keyword}`));

const ofValues = (place: Place, before: Schema, after: Schema): readonly string[] => {
  const [had, has] = [valuesOf(before), valuesOf(after)];
  if (has === undefined) return [];
  if (had === undefined) return [said(place, "takes only some values now")];
  return had
    .filter((value) => !has.includes(value))
    .map((value) => said(place, `no longer takes ${JSON.stringify(value)}`));
};

const ofFields = (place: Place, before: Schema, after: Schema): readonly string[] => {
  const [had = {}, has = {}] = [before.properties, after.properties];
  const at = (name: string): Place => ({
    ...place,
    path: place.path === "" ? name : `${place.path}.${name}`,
  });
  const isRequired = ({ required = [] }: Schema, name: string) => required.includes(name);
  const ofField = (name: string): readonly string[] => {
    const [was, is] = [had[name], has[name]];
    if (is === undefined) return [said(at(name), "is removed")];
    if (was === undefined) return isRequired(after, name) ? [said(at(name), "is new and required")] : [];
    const [must, mustNow] = [isRequired(before, name), isRequired(after, name)];
    return [
      ...(mustNow && !must ? [said(at(name), "is required now")] : []),
      ...(must && !mustNow && place.kind === "event" ? [said(at(name), "may be missing now")] : []),
      ...(isSchema(was) && isSchema(is) ? compared(at(name), was, is) : []),
    ];
  };
  return [...new Set([...Object.keys(had), ...Object.keys(has)])].flatMap(ofField);
};

const ofItems = ({ kind, path }: Place, before: Schema, after: Schema): readonly string[] =>
  isSchema(before.items) && isSchema(after.items)
    ? compared({ kind, path: `${path}[]` }, before.items, after.items)
    : [];

const ofOne = (place: Place, before: Schema, after: Schema): readonly string[] => {
  if (nameOf(before) !== nameOf(after)) return [said(place, `was ${nameOf(before)} and is ${nameOf(after)}`)];
  return [
    ...narrowings.filter(([, is]) => is(before, after)).map(([what]) => said(place, what)),
    ...ofValues(place, before, after),
    ...ofFields(place, before, after),
    ...ofItems(place, before, after),
    ...ofUnknown(place, before, after),
  ];
};

/** Each alternative must still be taken; of an event, whose readers know the old types, none may be of a new one. */
const ofAlternatives = (place: Place, before: Schema, after: Schema): readonly string[] => {
  const [had, has] = [alternativesOf(before), alternativesOf(after)];
  const gone = had.filter((was) => !has.some((is) => ofOne(place, was, is).length === 0));
  const isNew = (is: Schema) => place.kind === "event" && !had.some((was) => nameOf(was) === nameOf(is));
  return [
    ...gone.map((was) => said(place, `no longer takes every ${nameOf(was)} that it took`)),
    ...has.filter(isNew).map((is) => said(place, `may be ${nameOf(is)} now`)),
  ];
};

const compared = (place: Place, before: Schema, after: Schema): readonly string[] =>
  [before, after].every((schema) => alternativesOf(schema).length === 1)
    ? ofOne(place, alternativesOf(before)[0] ?? before, alternativesOf(after)[0] ?? after)
    : ofAlternatives(place, before, after);

const ofMessages = (kind: Kind, before: Contract["events"], after: Contract["events"]): readonly string[] =>
  Object.entries(before).flatMap(([name, was]) => {
    const is = Object.hasOwn(after, name) ? after[name] : undefined;
    if (!is) return [`${kind} ${name} is removed`];
    return compared({ kind, path: "" }, was, is).map((words) => `${kind} ${name}: ${words}`);
  });

/** Nothing continues the instances of a saga that is gone: they wait for ever. */
const removedSagas = (before: Contract, after: Contract): readonly string[] =>
  (before.sagas ?? [])
    .filter((name) => !after.sagas?.includes(name))
    .map(
      (name) =>
        `saga ${name} is removed: its instances under way would wait for ever; keep its definition until they have ended`,
    );

/** Each break in words, with its place; new messages and new optional fields are none. */
export const breakingChanges = (before: Contract, after: Contract): readonly string[] => [
  ...ofMessages("event", before.events, after.events),
  ...ofMessages("command", before.commands, after.commands),
  ...ofMessages("foreign event", before.foreign ?? {}, after.foreign ?? {}),
  ...removedSagas(before, after),
];
