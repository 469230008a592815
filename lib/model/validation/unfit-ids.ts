/**
 * Finds fields whose schema accepts ids that the endpoints reject. Such a command would be accepted from a saga or
 * an effect, and its stream could then not be addressed over HTTP.
 *
 * Each report shows a value that the schema accepts and an endpoint rejects. So there are no false reports, for any
 * schema. The values to try are well-known forms of ids, the values and examples of the schema, strings made from
 * its patterns, and changed copies of all these. A schema with a custom rule, such as `refine`, may accept others
 * that are not found.
 */
import * as z from "zod";
import type { AnyApplication } from "../application.ts";
import type { AnyDecider } from "../decider.ts";
import { idPattern, isId } from "../http/id.ts";
import { parametersOf } from "../http/route.ts";
import { type Part, partsOf, valuesOf } from "../json/schema-parts.ts";
import { onceFor } from "../once-for.ts";
import { samplesOf } from "../pattern/pattern-samples.ts";

/** Characters that ids do not have. */
const unusual = [" ", ".", "/", ":", "@", "%", "#", "?", "+", ",", "~", "=", "ä", "☕", "\n"];

/** Strings that schemas of common formats accept. */
const wellKnown = [
  "",
  "a",
  "A",
  "1",
  "10248",
  "abc",
  "AB-12",
  "a_b",
  "a".repeat(21),
  "a".repeat(65),
  "123e4567-e89b-42d3-a456-426614174000",
  "01ARZ3NDEKTSV4RRFFQ69G5FAV",
  "ada@example.com",
  "https://example.com/a",
  "example.com",
  "2026-01-31",
  "2026-01-31T12:00:00Z",
  "12:00:00",
  "P1D",
  "192.0.2.1",
  "2001:db8::1",
  "192.0.2.0/24",
  "YQ==",
  "+4915112345678",
  "☕",
];

/** An id must be a string. */
const notTexts = [null, 1, true, [], {}];

/** Strings that a schema suggests: from its patterns, values and examples. */
const hintsIn = (part: Part, depth = 0): readonly string[] => {
  if (depth > 8) return [];
  const { def } = part._zod;
  const checks = (def.checks ?? []).map(({ _zod }) => _zod.def);
  const patterns = [def, ...checks].flatMap((each) =>
    Object.entries(each).flatMap(([name, value]) =>
      name === "pattern" && value instanceof RegExp ? [value] : [],
    ),
  );
  const all = new Set([...patterns, part._zod.pattern ?? []].flat());
  const { examples = [] } = z.globalRegistry.get(part) ?? {};
  return [
    ...[...all].flatMap((pattern) => samplesOf(pattern, unusual)),
    ...[...valuesOf(part), ...(Array.isArray(examples) ? examples : [])].filter(
      (each) => typeof each === "string",
    ),
    ...partsOf(part).flatMap(([, inner]) => hintsIn(inner, depth + 1)),
  ];
};

/** Changed copies of an accepted string: longer ones, and ones with another character in one place. */
const changed = (text: string): readonly string[] => [
  ...[1, 65].flatMap((times) => [text + text.slice(-1).repeat(times), text.slice(0, 1).repeat(times) + text]),
  ...[text.repeat(Math.ceil(65 / Math.max(1, text.length)))],
  ...unusual.flatMap((each) => [text + each, each + text, text.slice(0, 1) + each + text.slice(1), each]),
];

const accepts = (schema: Part, value: unknown): boolean => {
  try {
    return z.safeParse(schema, value).success;
  } catch {
    return false;
  }
};

/** A value that the schema accepts and that is not an id. Undefined if none was found. */
export const unfitIdOf = onceFor((schema: Part): { readonly value: unknown } | undefined => {
  const isUnfit = (value: unknown) => !(typeof value === "string" && isId(value)) && accepts(schema, value);
  const texts = [...new Set([...wellKnown, ...hintsIn(schema)])];
  const candidates = [...notTexts, ...texts];
  const found = candidates.findIndex(isUnfit);
  if (found >= 0) return { value: candidates[found] };
  const accepted = texts.filter((text) => accepts(schema, text));
  const copies = [...new Set(accepted.flatMap(changed))];
  const value = copies.find(isUnfit);
  return value === undefined ? undefined : { value };
});

type Addressed = Pick<AnyApplication, "deciders" | "routes">;

const isAddressed = ({ name }: AnyDecider, { routes }: Addressed): boolean =>
  routes.some(
    (route) =>
      ("command" in route && route.command.decider === name) ||
      ("versionOf" in route && route.versionOf.name === name) ||
      ("history" in route && route.history.name === name),
  );

const shown = (value: unknown): string => {
  const text = JSON.stringify(value);
  return text.length > 80 ? `${text.slice(0, 40)}… of ${text.length} characters` : text;
};

const faultOf = (where: string, schema: Part | undefined): readonly string[] => {
  const unfit = schema && unfitIdOf(schema);
  if (!unfit) return [];
  return [
    `${where}: expected a schema that accepts only ids, as .regex(${idPattern}) does; this one accepts ${shown(unfit.value)}, which endpoints reject`,
  ];
};

/**
 * Problems of commands and path parameters: a command without the field that identifies its stream, or a field that
 * accepts ids which endpoints reject.
 */
export const unfitIds = (application: Addressed): readonly string[] => [
  ...application.deciders.flatMap((decider) => {
    const { name, identifiedBy, commands } = decider;
    return Object.entries(commands).flatMap(([type, { shape }]) => {
      const where = `decider ${name}, command ${type}`;
      if (!Object.hasOwn(shape, identifiedBy))
        return [
          `${where}: expected the field ${identifiedBy}, which identifies its stream; got ${Object.keys(shape).join(", ") || "no fields"}`,
        ];
      return isAddressed(decider, application)
        ? faultOf(`${where}, ${identifiedBy}`, shape[identifiedBy])
        : [];
    });
  }),
  ...application.routes.flatMap((route) => {
    if (!("command" in route)) return [];
    const { command, method, path } = route;
    const identity = application.deciders.find(({ name }) => name === command.decider)?.identifiedBy;
    return parametersOf(path)
      .filter((name) => name !== identity && Object.hasOwn(command.schema.shape, name))
      .flatMap((name) => faultOf(`${method} ${path}, parameter ${name}`, command.schema.shape[name]));
  }),
];
