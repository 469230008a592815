/** Rules for projections. */
import type { AnyProjection } from "../projection.ts";
import type { Rule } from "./rule.ts";

const sourcesExist: Rule<AnyProjection> = ({ name, sources }, { deciders }) =>
  sources
    .filter((source) => !deciders.includes(source))
    .map(
      (source) =>
        `projection ${name}: expected its source ${source.name} to be one of the application's deciders; add it to deciders, or use the one that is there`,
    );

const handledEventsAreRecorded: Rule<AnyProjection> = ({ name, sources, on }) =>
  Object.keys(on)
    .filter((type) => !sources.some(({ events }) => Object.hasOwn(events, type)))
    .map(
      (type) =>
        `projection ${name}: expected events of its sources (${sources.map((source) => source.name).join(", ")}), got ${type}; add its decider to sources, or remove the handler`,
    );

const indexedFieldsExist: Rule<AnyProjection> = ({ name, row, indexes = {} }) =>
  Object.entries(indexes)
    .flatMap(([index, { by, newestFirst }]) => [by, newestFirst].map((field) => [index, field] as const))
    .filter(([, field]) => field !== undefined && !Object.hasOwn(row.shape, field))
    .map(
      ([index, field]) =>
        `projection ${name}, index ${index}: expected a field of the row (${Object.keys(row.shape).join(", ")}), got ${field}`,
    );

/** The rules for one projection. */
export const projectionRules: readonly Rule<AnyProjection>[] = [
  sourcesExist,
  handledEventsAreRecorded,
  indexedFieldsExist,
];
