/** Whether two schemas have the same effect, as far as their text shows. */
import { isSchema, type Schema } from "../../schemas/schemas.ts";
import { annotations } from "./kinds.ts";

/** Without annotations, and with its keywords in alphabetical order. */
const canonical = (schema: unknown): string =>
  JSON.stringify(schema, (key, part: unknown) => {
    if (!isSchema(part)) return part;
    const entries = Object.entries(part).toSorted(([one], [other]) => (one < other ? -1 : 1));
    // The fields of an object may have the names of annotations.
    const all = key === "properties" ? entries : entries.filter(([name]) => !annotations.includes(name));
    return Object.fromEntries(all);
  });

export const isSameSchema = (one: Schema, other: Schema): boolean => canonical(one) === canonical(other);
