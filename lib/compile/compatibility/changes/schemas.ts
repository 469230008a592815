/** The differences between two schemas, as sentences. */
import { isSchema, type Schema } from "../../schemas/schemas.ts";
import { asSchema } from "../schemas/kinds.ts";
import type { Reason } from "../schemas/reason.ts";
import { refusals } from "../schemas/refusals.ts";
import { isSameSchema } from "../schemas/same.ts";

const sentences = (reasons: readonly Reason[], direction: "narrower" | "wider"): readonly string[] => [
  ...new Set(
    reasons.flatMap((reason) => {
      const words = reason[direction];
      if (words === undefined) return [];
      return [reason.path === "" ? words : `${reason.path} ${words}`];
    }),
  ),
];

/** What the earlier schema accepted and the later one may refuse. */
export const narrowed = (before: Schema, after: Schema): readonly string[] =>
  sentences(refusals("", before, after), "narrower");

/** What the later schema accepts and the earlier one ruled out. */
export const widened = (before: Schema, after: Schema): readonly string[] =>
  sentences(refusals("", after, before), "wider");

const itemOf = ({ items }: Schema): Schema => (isSchema(items) ? items : {});

/** The fields that only the later schema has, in objects and in lists of objects. */
const newFields = (path: string, before: Schema, after: Schema): readonly string[] => {
  const had = before.properties ?? {};
  const fields = Object.entries(after.properties ?? {}).flatMap(([name, part]) => {
    const place = path === "" ? name : `${path}.${name}`;
    if (Object.hasOwn(had, name)) return newFields(place, asSchema(had[name]), asSchema(part));
    return after.required?.includes(name) ? [] : [place];
  });
  const items = isSchema(before.items) && isSchema(after.items);
  return items ? [...fields, ...newFields(`${path}[]`, itemOf(before), itemOf(after))] : fields;
};

/** Differences that refuse nothing and rule out nothing. */
const harmless = (before: Schema, after: Schema): readonly string[] =>
  newFields("", before, after).map((field) => `${field} is new and optional`);

const rewritten = "its schema is written differently";

/** All differences, whatever they mean. Annotations do not count. */
export const differences = (before: Schema, after: Schema): readonly string[] => {
  if (isSameSchema(before, after)) return [];
  const found = [...narrowed(before, after), ...harmless(before, after), ...widened(before, after)];
  return found.length > 0 ? [...new Set(found)] : [rewritten];
};
