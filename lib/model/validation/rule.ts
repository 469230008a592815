/**
 * A rule of validation, and functions that several rules need. To add a rule, write its function and put it in a
 * list. A message says where the problem is, what was expected, what came, and what to do.
 */
import type { AnyApplication } from "../application.ts";
import type { Route } from "../http/route.ts";
import { storedNameOf } from "../names/stored-name.ts";
import type { CommandReference, EventReference } from "../reference.ts";

/** The problems of one part of an application, or of the whole application. Empty if there are none. */
export type Rule<Part> = (part: Part, application: AnyApplication) => readonly string[];

/** The problems of all parts, by all rules. */
export const each = <Part>(
  parts: readonly Part[],
  rules: readonly Rule<Part>[],
  application: AnyApplication,
): readonly string[] => parts.flatMap((part) => rules.flatMap((rule) => rule(part, application)));

/** A route in messages: `GET /orders/{id}`. */
export const placeOf = ({ method, path }: Route): string => `${method} ${path}`;

/** The problem, unless the condition holds. */
export const unless = (isFine: boolean, problem: string): readonly string[] => (isFine ? [] : [problem]);

/** What to do about a missing name. It may be there under another one, so the names that are not known are listed. */
export const addOrRename = (missing: string, given: object, known: object): string => {
  const unknown = Object.keys(given).filter((name) => !Object.hasOwn(known, name));
  return [`add ${missing}`, ...(unknown.length > 0 ? [`rename ${unknown.join(" or ")}`] : [])].join(", or ");
};

/** The names that are in the list more than once. */
export const repeated = (names: readonly string[]): readonly string[] => [
  ...new Set(names.filter((name, index) => names.indexOf(name) < index)),
];

/** A problem for each name that several parts of a kind have. */
export const duplicates = (kind: string, names: readonly string[]): readonly string[] =>
  repeated(names).map((name) => `${kind}: expected different names, got ${name} twice; rename one`);

/** A problem if no decider of the application has this event or command, with this schema. */
export const dangling = (
  where: string,
  { kind, decider: name, category, type, schema }: EventReference | CommandReference,
  { deciders }: AnyApplication,
): readonly string[] => {
  const decider = deciders.find((each) => each.name === name);
  const found = (kind === "event" ? decider?.events : decider?.commands)?.[type];
  const got = () => {
    if (!decider) return `got no decider ${name}; add it to deciders`;
    if (!found) return `got a decider without it; add it to the ${kind}s of ${name}`;
    if (found !== schema)
      return "got one with another schema; make the reference from the decider in deciders";
    return `got a reference to the streams of ${category}, not of ${storedNameOf(decider)}; make it from the decider in deciders, with its formerly`;
  };
  const isFine = decider !== undefined && found === schema && storedNameOf(decider) === category;
  return isFine ? [] : [`${where}: expected ${kind} ${type} of decider ${name}, ${got()}`];
};
