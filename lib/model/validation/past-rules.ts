/** Rules for the past of a decider: every version that may be stored leads to today's events. */
import type { AnyDecider } from "../decider.ts";
import { currentEvents } from "../events/current.ts";
import { type OldVersion, targetsOf, type Upcast, type Version } from "../events/past.ts";
import { firstFault, wording } from "../json/wording.ts";
import { receipts } from "../message.ts";
import { storedNameOf } from "../names/stored-name.ts";
import { streamId } from "../stream.ts";
import { type Rule, repeated, unless } from "./rule.ts";

type History = { readonly decider: AnyDecider; readonly past: readonly Upcast[] };

/** The problems of a history, without the name of the decider. */
type PastRule = (history: History) => readonly string[];

const nameOf = ({ type, version }: Version): string =>
  version === undefined ? `today's ${type}` : `${type}@${version}`;

const eachVersionHasOneLink: PastRule = ({ past }) =>
  repeated(past.map(({ from }) => nameOf(from))).map(
    (name) =>
      `expected one link from ${name}, got two; a released link stays as it is, so remove the new one`,
  );

const isVersion = (version: number): boolean => Number.isInteger(version) && version >= 1;

const versionsCountFromOne: PastRule = ({ past }) =>
  [...new Set(past.map(({ from }) => from.type))].flatMap((type) => {
    const numbers = past.filter(({ from }) => from.type === type).map(({ from }) => from.version);
    const wrong = numbers.filter((number) => !isVersion(number));
    if (wrong.length > 0) return [`expected versions of ${type} that count from 1, got ${wrong.join(", ")}`];
    return Array.from({ length: Math.max(...numbers) }, (_, index) => index + 1)
      .filter((number) => !numbers.includes(number))
      .map(
        (number) => `expected all versions of ${type} up to the last, got no ${type}@${number}; add its link`,
      );
  });

/** The versions that lead to themselves, from this one on. Undefined if there are none. */
const circleFrom = (
  past: readonly Upcast[],
  from: Version,
  passed: readonly string[],
): readonly string[] | undefined => {
  const name = nameOf(from);
  if (passed.includes(name)) return passed.slice(passed.indexOf(name));
  const links = from.version === undefined ? [] : past.filter((link) => nameOf(link.from) === name);
  for (const target of links.flatMap(targetsOf)) {
    const circle = circleFrom(past, target, [...passed, name]);
    if (circle) return circle;
  }
  return undefined;
};

const noVersionLeadsToItself: PastRule = ({ past }) => {
  const circles = past.flatMap(({ from }) => {
    const circle = circleFrom(past, from, []);
    return circle ? [circle.toSorted().join(" → ")] : [];
  });
  return [...new Set(circles)].map(
    (circle) => `expected links that end at today's events, got a circle: ${circle}; let one of them lead on`,
  );
};

const leadsOn = ({ decider, past }: History, { type, version, schema }: Version): boolean =>
  version === undefined
    ? Object.hasOwn(decider.events, type) && decider.events[type] === schema
    : past.some(({ from }) => from.type === type && from.version === version && from.schema === schema);

const everyLinkLeadsOn: PastRule = (history) =>
  history.past.flatMap((link) =>
    targetsOf(link)
      .filter((target) => !leadsOn(history, target))
      .map((target) => {
        const ends = `expected ${nameOf(link.from)} to lead to today's events, got ${nameOf(target)}`;
        return target.version === undefined
          ? `${ends}, which is not one of its events; use today(events, type) with the events of this decider`
          : `${ends}, which has no link; add one, made with the same old version`;
      }),
  );

const noVersionIsAReceipt: PastRule = ({ past }) =>
  past
    .filter(({ from }) => Object.hasOwn(receipts, from.type))
    .map(
      ({ from }) => `expected events that are not named as a receipt, got ${nameOf(from)}; remove its link`,
    );

const splitsIntoDifferentTypes: PastRule = ({ past }) =>
  past.flatMap((link) =>
    repeated(targetsOf(link).map(({ type }) => type)).map(
      (type) =>
        `expected ${nameOf(link.from)} to split into different types, got ${type} twice; name it once`,
    ),
  );

const dropsSayWhy: PastRule = ({ past }) =>
  past.flatMap((link) =>
    unless(
      link.kind !== "drop" || link.because.trim() !== "",
      `expected the reason why ${nameOf(link.from)} is dropped, got none; say who no longer needs it`,
    ),
  );

/** Its type says so too, but not every application is type-checked. */
const examplesFitTheirVersions: PastRule = ({ past }) =>
  past.flatMap(({ from }) => {
    const result = from.schema.safeParse(from.example, wording);
    if (result.success) return [];
    const { field, because } = firstFault(result.error);
    return [
      `expected an example that fits the schema of ${nameOf(from)}, got one whose ${field || "/"} ${because}; take the data of a stored event`,
    ];
  });

/** Each example is stored in a stream of its own, at a fixed time. */
const example = (decider: AnyDecider, { type, version, example }: OldVersion) => {
  const id = "example";
  const stream = streamId(storedNameOf(decider), id);
  const ids = { id, streamId: stream, version: 1, commandId: id, causationId: id, correlationId: id };
  const metadata = { ...ids, recordedAt: "2026-01-01T00:00:00.000Z", schemaVersion: version };
  return { type, data: example, metadata };
};

const examplesAreRead: PastRule = ({ decider, past }) => {
  const current = currentEvents([decider]);
  return past.flatMap(({ from }) => {
    try {
      current(example(decider, from));
      return [];
    } catch (error) {
      const because = error instanceof Error ? error.message : error;
      return [
        `expected the example of ${nameOf(from)} to pass its chain of links, got: ${because}; correct the link, not the example of released data`,
      ];
    }
  });
};

const shapes: readonly PastRule[] = [
  eachVersionHasOneLink,
  versionsCountFromOne,
  noVersionLeadsToItself,
  everyLinkLeadsOn,
  noVersionIsAReceipt,
  splitsIntoDifferentTypes,
  dropsSayWhy,
  examplesFitTheirVersions,
];

/** The examples are read only if the links have a shape that can be followed. */
export const pastIsReadable: Rule<AnyDecider> = (decider) => {
  const history = { decider, past: decider.past ?? [] };
  const problems = shapes.flatMap((rule) => rule(history));
  return (problems.length > 0 ? problems : examplesAreRead(history)).map(
    (problem) => `decider ${decider.name}, past: ${problem}`,
  );
};
