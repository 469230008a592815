/** One case of the product, and its name. */
import type { Fault, Hindrance } from "./dimensions.ts";

/** How the events of a run reach their subscribers: all in the same way, or only the nth differently. */
export type Arrival = {
  readonly name: string;
  readonly copies: 1 | 2;
  readonly shuffled?: true;
  readonly one?: { readonly nth: number; readonly how: "overtaken" | "again" };
};

export type Scenario = {
  /** The name of the subject. */
  readonly subject: string;
  readonly fault?: Fault;
  readonly hindrance?: Hindrance;
  /** A person cancels after this number of commits. */
  readonly cancelAfter?: number;
  readonly arrival: Arrival;
  readonly seed: number;
};

export const arrivals = [
  { name: "once, in order", copies: 1 },
  { name: "twice", copies: 2 },
  { name: "reordered", copies: 1, shuffled: true },
  { name: "twice, reordered", copies: 2, shuffled: true },
] as const satisfies readonly Arrival[];

/** The nth event comes after the events that follow from the others, or once more at the end. */
export const arrivalsOf = (nth: number): readonly Arrival[] =>
  (["overtaken", "again"] as const).map((how) => ({
    name: `event ${nth} ${how}`,
    copies: 1,
    one: { nth, how },
  }));

export const wordsOf = ({ subject, fault, hindrance, cancelAfter, arrival, seed }: Scenario): string =>
  [
    subject,
    ...(fault ? [`${fault.task}: ${fault.of} ${fault.how}`] : []),
    ...(hindrance ? [`${hindrance.task} ${hindrance.how}`] : []),
    ...(cancelAfter === undefined ? [] : [`cancelled after commit ${cancelAfter}`]),
    `events ${arrival.name}`,
    `seed ${seed}`,
  ].join(", ");
