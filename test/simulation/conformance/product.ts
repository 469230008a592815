/** All scenarios of a saga: its instances × faults × hindrances × arrivals × cancellations. */

import type { Dimensions, Fault, Hindrance } from "./dimensions.ts";
import type { Kind } from "./kind.ts";
import { playPurely } from "./pure-play.ts";
import { arrivals, arrivalsOf, type Scenario } from "./scenario.ts";

type Way = Pick<Scenario, "fault" | "hindrance">;

const without = [undefined] as const;

/** What can bar the way back, if the saga turns back at all: where it fails, or where it notices a cancellation. */
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

/** How many events follow from each fault; they are what takes long to find out. */
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

/** A rejection and its like come on top. */
const extraEvents = 2;

/** From the first event of a run that nothing disturbs otherwise to its last. */
const eventsOf = (kind: Kind, { fault, hindrance }: Way): readonly number[] =>
  Array.from({ length: countOf(kind, fault) + (hindrance ? extraEvents : 0) }, (_, index) => index + 1);

/**
 * - whole: everything with everything.
 * - triples: as long as the trouble is of three dimensions at most, and a cancellation meets the simplest and the
 *   hardest way in which events arrive.
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

/** As many by chance; the same for the same seed. */
export const selection = (
  scenarios: readonly Scenario[],
  count: number,
  random: () => number,
): readonly Scenario[] =>
  Array.from({ length: count }, () => scenarios[Math.floor(random() * scenarios.length)]).filter(
    (scenario) => scenario !== undefined,
  );
