/** FilterCriteria of an event source mapping: a record passes if one of the patterns matches it. */
import * as z from "zod";
import { type Matcher, pattern } from "../events/pattern.ts";
import type { Resource } from "../service/service.ts";

export const filterCriteriaSchema = z
  .strictObject({ Filters: z.array(z.strictObject({ Pattern: z.string() })).min(1) })
  .optional();

export const filterOf = (resource: Resource, criteria: z.infer<typeof filterCriteriaSchema>): Matcher => {
  const matchers = (criteria?.Filters ?? []).map(({ Pattern }) => {
    try {
      return pattern(JSON.parse(Pattern));
    } catch (fault) {
      throw new Error(
        `${resource.id}: property FilterCriteria = ${Pattern}: Invalid filter pattern definition. ${fault}`,
      );
    }
  });
  return (record) => matchers.length === 0 || matchers.some((matches) => matches(record));
};
