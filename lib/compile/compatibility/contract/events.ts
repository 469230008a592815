/** Every version of the events of a decider, with what reads it. */
import type { AnyDecider } from "../../../model/decider.ts";
import { targetsOf, type Upcast, type Version, versionOfToday } from "../../../model/events/past.ts";
import { foreignSchema, outputSchema } from "../../schemas/schemas.ts";
import { isSameSchema } from "../schemas/same.ts";
import type { EventVersions } from "./contract.ts";

type Past = readonly Upcast[];

const versionName = (past: Past, { type, version = versionOfToday(past, type) }: Version): string =>
  `${type}@${version}`;

const words = { lift: "lift to", split: "split into", drop: "drop" };

const linkOf = (past: Past, upcast: Upcast): string =>
  [
    words[upcast.kind],
    targetsOf(upcast)
      .map((target) => versionName(past, target))
      .join(" and "),
  ]
    .join(" ")
    .trim();

const schemasOf = ({ schema: given }: Version) => {
  const [schema, reads] = [outputSchema(given), foreignSchema(given)];
  return isSameSchema(schema, reads) ? { schema } : { schema, reads };
};

/** The events of a decider by type, today's types first. */
export const eventsOf = ({ events, past = [] }: AnyDecider): Readonly<Record<string, EventVersions>> => {
  const types = new Set([...Object.keys(events), ...past.map(({ from }) => from.type)]);
  return Object.fromEntries(
    [...types].map((type) => {
      const old = past.filter(({ from }) => from.type === type);
      const versions = Object.fromEntries(
        old.map((upcast) => [upcast.from.version, { ...schemasOf(upcast.from), link: linkOf(past, upcast) }]),
      );
      const schema = Object.hasOwn(events, type) ? events[type] : undefined;
      if (!schema) return [type, { versions }];
      const version = versionOfToday(past, type);
      return [type, { version, versions: { ...versions, [version]: schemasOf({ type, schema }) } }];
    }),
  );
};
