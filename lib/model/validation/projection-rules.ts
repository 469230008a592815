/** Rules for projections. */
import type { AnyProjection } from "../projection.ts";
import type { Rule } from "./rule.ts";

const sourcesExist: Rule<AnyProjection> = ({ name, sources }, { deciders }) =>
  sources
    .filter((source) => !deciders.includes(source))
    .map((source) => `projection ${name}: decider ${source.name} is not in the application`);

const handledEventsAreRecorded: Rule<AnyProjection> = ({ name, sources, on }) =>
  Object.keys(on)
    .filter((type) => !sources.some(({ events }) => Object.hasOwn(events, type)))
    .map((type) => `projection ${name}: none of its sources records ${type}`);

const indexedFieldsExist: Rule<AnyProjection> = ({ name, row, indexes = {} }) =>
  Object.entries(indexes)
    .flatMap(([index, { by, newestFirst }]) => [by, newestFirst].map((field) => [index, field] as const))
    .filter(([, field]) => field !== undefined && !Object.hasOwn(row.shape, field))
    .map(([index, field]) => `projection ${name}: index ${index} needs a field ${field}`);

export const projectionRules: readonly Rule<AnyProjection>[] = [
  sourcesExist,
  handledEventsAreRecorded,
  indexedFieldsExist,
];
