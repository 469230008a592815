/** All scenarios of a saga: its instances × faults × hindrances × arrivals × cancellations. */

import type { Dimensions, Fault, Hindrance } from "./dimensions.ts";
import type { Kind } from "./kind.ts";
import { playPurely } from "./pure-play.ts";
import { arrivals, arrivalsOf, type Scenario } from "./scenario.ts";

type Way = Pick<Scenario, "fault" | "hindrance">;

const without = [undefined] as const;

/**
 * What can block the way back if the saga compensates at all: from the step that fails, or from the step that notices a
 * cancellation.
 */
const hindrancesOf = (
  { turnsBack, hindrancesFrom, last }: Dimensions,
  fault: Fault | undefined,
  isCancelled: boolean,
): readonly (Hindrance | undefined)[] => {
  const turns = fault ? turnsBack(fault) : "never";
  if (fault && turns !== "never") return [...without, ...hindrancesFrom(fault.task)];
  return isCancelled ? [...without, ...hindrancesFrom(last)] : without;
};

const waysOf = ({ dimensions }: Kind, isCancelled: boolean): readonly Way[] =>
  [...without, ...dimensions.faults].flatMap((fault) =>
    hindrancesOf(dimensions, fault, isCancelled).map((hindrance) => ({ fault, hindrance })),
  );

/** The number of events after each fault, cached because it takes long to find. */
const counts = new Map<string, number>();

const countOf = (kind: Kind, fault: Fault | undefined): number => {
  const { name: subject } = kind.subject;
  const key = JSON.stringify([subject, fault]);
  const known = counts.get(key);
  if (known !== undefined) return known;
  const { events } = playPurely({ subject, fault, arrival: arrivals[0], seed: 1 }, kind);
  counts.set(key, events);
  return events;
};

/** For a rejection and the events that follow from it. */
const extraEvents = 2;

/** The positions of events, from the first to the last event of a run without other faults. */
const eventsOf = (kind: Kind, { fault, hindrance }: Way): readonly number[] =>
  Array.from({ length: countOf(kind, fault) + (hindrance ? extraEvents : 0) }, (_, index) => index + 1);

/**
 * - whole: all combinations.
 * - triples: combinations of at most three dimensions; a cancellation is combined only with the simplest and the
 *   hardest arrival of events.
 */
export type Extent = "whole" | "triples";

export const scenariosOf = (kind: Kind, extent: Extent, seed: number): readonly Scenario[] => {
  const common = { subject: kind.subject.name, seed };
  const isWanted = ({ fault, hindrance }: Way) => extent === "whole" || !fault || !hindrance;
  const uncancelled = waysOf(kind, false).flatMap((way) => {
    const single = isWanted(way) ? eventsOf(kind, way).flatMap(arrivalsOf) : [];
    return [...arrivals, ...single].map((arrival) => ({ ...common, ...way, arrival }));
  });
  const meeting = extent === "whole" ? arrivals : [arrivals[0], arrivals[3]];
  if (!kind.subject.cancellation) return uncancelled;
  const cancelled = waysOf(kind, true)
    .filter(isWanted)
    .flatMap((way) =>
      eventsOf(kind, way).flatMap((cancelAfter) =>
        meeting.map((arrival) => ({ ...common, ...way, arrival, cancelAfter })),
      ),
    );
  return [...uncancelled, ...cancelled];
};

/** A random selection of `count` items. The same random numbers give the same selection. */
export const selection = <Item>(
  items: readonly Item[],
  count: number,
  random: () => number,
): readonly Item[] =>
  Array.from({ length: count }, () => items[Math.floor(random() * items.length)]).filter(
    (item) => item !== undefined,
  );
