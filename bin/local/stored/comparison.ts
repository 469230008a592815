/** Compares two versions of an application. Loaded only if the version has changed, because it takes memory. */
import { type Change, type Part, sentenceOf } from "../../../lib/compile/compatibility/changes/change.ts";
import { changesBetween } from "../../../lib/compile/compatibility/changes/changes.ts";
import { contractShape } from "../../../lib/compile/compatibility/contract/contract.ts";
import { storedContract } from "../../../lib/compile/compatibility/contract/stored-contract.ts";

/** The parts of a contract whose breaking changes are refused if the folder has data of them. */
const refusedParts = ["applications", "deciders", "events", "sagas", "steps"] as const;

/** The parts whose breaking changes concern only messages that wait in a queue. They are named. */
const namedParts: readonly Part[] = ["effects", "translators"];

const readModelParts: readonly Part[] = ["projections", "rows"];

export type Break = {
  readonly part: (typeof refusedParts)[number];
  readonly name: string;
  /** The version of an event. */
  readonly version?: string;
  readonly sentence: string;
  readonly advice: string;
};

export type Comparison = {
  readonly breaks: readonly Break[];
  readonly warnings: readonly string[];
  /** The read models to fill, by projection, with what has changed. */
  readonly readModels: ReadonlyMap<string, readonly string[]>;
};

const breakOf = (change: Change): readonly Break[] => {
  const part = refusedParts.find((each) => each === change.part);
  const { name, version, advice = "" } = change;
  return part ? [{ part, name, ...(version && { version }), sentence: sentenceOf(change), advice }] : [];
};

/** A removed projection has nothing to fill. */
const readModelsIn = (
  changes: readonly Change[],
  projections: Readonly<Record<string, unknown>>,
): Comparison["readModels"] => {
  const found = new Map<string, readonly string[]>();
  for (const { part, kind, what, name } of changes) {
    const isChanged = kind === "breaking" || what === "is new";
    if (isChanged && readModelParts.includes(part) && Object.hasOwn(projections, name))
      found.set(name, [...(found.get(name) ?? []), what]);
  }
  return found;
};

/** Undefined if `before` is not a contract in a format that this version of eventfold knows. */
export const comparisonOf = (before: unknown, after: unknown): Comparison | undefined => {
  const { data: was } = storedContract.safeParse(before);
  if (!was) return undefined;
  const is = contractShape.parse(after);
  const changes = changesBetween(was, is);
  const breaking = changes.filter(({ kind }) => kind === "breaking");
  return {
    breaks: breaking.flatMap(breakOf),
    warnings: breaking
      .filter(({ part }) => namedParts.includes(part))
      .map((change) => `${sentenceOf(change)}. ${change.advice ?? ""}`),
    readModels: readModelsIn(changes, is.projections ?? {}),
  };
};
