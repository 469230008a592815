/** A change between two contracts. */
import type { Section } from "../contract/contract.ts";

/**
 * - `breaking`: stored data, running instances, clients or senders no longer work.
 * - `published`: subscribers or clients get what the earlier contract ruled out.
 * - `covered`: stored events have an earlier version, and an upcaster reads it.
 * - `compatible`: everything that worked still works.
 */
export const kinds = ["breaking", "published", "covered", "compatible"] as const;

export type Kind = (typeof kinds)[number];

/** The parts of a contract, and what messages call their entries. */
const words = {
  applications: "application",
  deciders: "decider",
  events: "event",
  commands: "command",
  foreign: "foreign event",
  projections: "projection",
  rows: "rows of projection",
  effects: "effect",
  translators: "translator",
  sagas: "saga",
  steps: "step",
  access: "access",
  routes: "route",
} as const satisfies Readonly<Record<Section | "events" | "commands" | "foreign" | "rows", string>>;

export type Part = keyof typeof words;

/** The entry of a contract that a change is about, with the version of an event if it concerns stored events. */
export type Place = { readonly part: Part; readonly name: string; readonly version?: string };

export type Change = Place & {
  readonly kind: Kind;
  readonly what: string;
  /** What to do about it. Absent if nothing is to be done. */
  readonly advice?: string;
};

const placeOf = ({ part, name, version }: Place): string =>
  `${words[part]} ${name}${version === undefined ? "" : `@${version}`}`;

/** The change in one line. It identifies the change in acknowledgements. */
export const sentenceOf = (change: Change): string => `${placeOf(change)}: ${change.what}`;
