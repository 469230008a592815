/** Changes of events. Each version that may be stored must be readable, and subscribers see today's version. */
import type { Contract, EventVersions } from "../contract/contract.ts";
import { changedDefaults } from "../schemas/defaults.ts";
import { isSameSchema } from "../schemas/same.ts";
import type { Change, Place } from "./change.ts";
import { differences, narrowed, widened } from "./schemas.ts";

type Version = EventVersions["versions"][string];

const readsOf = ({ schema, reads = schema }: Version) => reads;

const breaking = (place: Place, what: string, advice: string): Change => ({
  ...place,
  kind: "breaking",
  what,
  advice,
});

const oldVersionAdvice = (n: string): string =>
  `Stored events have this shape. Keep the earlier schema as version ${n} in past, and lift it to the new one.`;

const restoreAdvice = "Stored events have this shape. Restore the schema of this old version.";

const defaultAdvice =
  "Stored events without the field were read with the earlier default, and states and rows follow from it. Restore it, or " +
  "keep the earlier schema in past, and lift it.";

const linkAdvice =
  "States, rows and running sagas follow from the earlier link. Restore it: a link is never edited, a change adds one at the end.";

const unreadAdvice =
  "Stored events may have this version. Keep it in past: lift it to another event, split it, or drop it with a reason.";

const newerAdvice =
  "Newer code stores this version, and this code is older. Run the newer code again. To go back to the earlier shape, keep " +
  "the newer past, and add this version with a link to the earlier shape.";

/** An old version is never edited. Only today's version may accept more than before. */
const changedVersion = (place: Place, was: Version, is: Version): readonly Change[] => {
  const isOld = was.link !== undefined;
  const changes = isOld ? differences(was.schema, is.schema) : narrowed(readsOf(was), readsOf(is));
  const advice = isOld ? restoreAdvice : oldVersionAdvice(place.version ?? "1");
  return [
    ...changes.map((what) => breaking(place, what, advice)),
    ...changedDefaults(readsOf(was), readsOf(is)).map((what) => breaking(place, what, defaultAdvice)),
  ];
};

const changedLink = (place: Place, was: Version, is: Version): readonly Change[] => {
  if (was.link === is.link) return [];
  if (was.link === undefined) return [{ ...place, kind: "covered", what: `is read by ${is.link}` }];
  return [breaking(place, `was read by ${was.link} and is read by ${is.link}`, linkAdvice)];
};

/** A version above today's shows that the code is older than what was compared with. */
const unread = (version: string, after?: EventVersions): string =>
  after?.version !== undefined && Number(version) > after.version ? newerAdvice : unreadAdvice;

const stored = (name: string, before: EventVersions, after?: EventVersions): readonly Change[] =>
  Object.entries(before.versions).flatMap(([version, was]) => {
    const place: Place = { part: "events", name, version };
    const is = after?.versions[version];
    if (!is) return [breaking(place, "is read by nothing", unread(version, after))];
    if (was.link !== undefined && is.link === undefined)
      return [breaking(place, "is removed from past", unreadAdvice)];
    return [...changedVersion(place, was, is), ...changedLink(place, was, is)];
  });

const todayOf = ({ version, versions }: EventVersions): Version | undefined =>
  version === undefined ? undefined : versions[version];

const publishedAdvice = "Tell the subscribers before you release it.";

const published = (name: string, before: EventVersions, after?: EventVersions): readonly Change[] => {
  const [was, is] = [todayOf(before), after && todayOf(after)];
  if (!was) return [];
  const place: Place = { part: "events", name };
  const seen = is ? widened(was.schema, is.schema) : ["is published no longer"];
  return seen.map((what): Change => ({ ...place, kind: "published", what, advice: publishedAdvice }));
};

/** Differences of today's schema that neither stored events nor subscribers notice. */
const unnoticed = (name: string, before: EventVersions, after?: EventVersions): readonly Change[] => {
  const [was, is] = [todayOf(before), after && todayOf(after)];
  if (!was || !is || isSameSchema(was.schema, is.schema)) return [];
  const noticed = [
    ...widened(was.schema, is.schema),
    ...(before.version === after?.version ? narrowed(readsOf(was), readsOf(is)) : []),
  ];
  return differences(was.schema, is.schema)
    .filter((what) => !noticed.includes(what))
    .map((what): Change => ({ part: "events", name, kind: "compatible", what }));
};

export const changedEvents = (before: Contract, after: Contract): readonly Change[] => [
  ...Object.entries(before.events).flatMap(([name, was]) => {
    const is = Object.hasOwn(after.events, name) ? after.events[name] : undefined;
    return [stored, published, unnoticed].flatMap((rule) => rule(name, was, is));
  }),
  ...Object.entries(after.events)
    .filter(([name, { version }]) => version !== undefined && !Object.hasOwn(before.events, name))
    .map(([name]): Change => ({ part: "events", name, kind: "compatible", what: "is new" })),
];
