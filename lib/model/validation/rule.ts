/** A rule of validation, and what several rules need. To add a rule, write its function and put it in a list. */
import type { Application } from "../application.ts";
import type { CommandReference, EventReference } from "../reference.ts";

/** What is wrong with one part of an application, or with the whole of it. */
export type Rule<Part> = (part: Part, application: Application<never>) => readonly string[];

/** Checks one part after the other, each by all rules. */
export const each = <Part>(
  parts: readonly Part[],
  rules: readonly Rule<Part>[],
  application: Application<never>,
): readonly string[] => parts.flatMap((part) => rules.flatMap((rule) => rule(part, application)));

/** The problem, unless the condition holds. */
export const unless = (isFine: boolean, problem: string): readonly string[] => (isFine ? [] : [problem]);

/** Names that are in the list more than once. */
export const repeated = (names: readonly string[]): readonly string[] => [
  ...new Set(names.filter((name, index) => names.indexOf(name) < index)),
];

export const duplicates = (kind: string, names: readonly string[]): readonly string[] =>
  repeated(names).map((name) => `there are two ${kind} named ${name}`);

/** An event or a command that no decider of the application has under this name and with this schema. */
export const dangling = (
  where: string,
  { kind, category, type, schema }: EventReference | CommandReference,
  { deciders }: Application<never>,
): readonly string[] => {
  const decider = deciders.find(({ name }) => name === category);
  const schemas = kind === "event" ? decider?.events : decider?.commands;
  return unless(
    schemas?.[type] === schema,
    `${where}: ${kind} ${type} of ${category} is not in the application`,
  );
};
