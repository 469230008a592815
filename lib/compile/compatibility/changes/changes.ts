/** All changes between an earlier contract and a later one, the breaking ones first. */
import type { Contract } from "../contract/contract.ts";
import { type Change, kinds, type Part } from "./change.ts";
import { changedEvents } from "./events.ts";
import { changedMessages } from "./messages.ts";
import { changedThings } from "./things.ts";

type Parent = { readonly part: "deciders" | "projections" | "sagas"; readonly until: string };

/** The name of a part begins with the name of its parent. A change of a parent that came or went includes its parts. */
const parents: Readonly<Partial<Record<Part, Parent>>> = {
  events: { part: "deciders", until: "." },
  commands: { part: "deciders", until: "." },
  rows: { part: "projections", until: "\n" },
  steps: { part: "sagas", until: "/" },
};

const isIncluded = ({ part, name }: Change, contract: Contract): boolean => {
  const parent = parents[part];
  const all = parent && contract[parent.part];
  if (!parent || !all) return false;
  const [own = name] = name.split(parent.until);
  return !Object.hasOwn(all, own);
};

export const changesBetween = (before: Contract, after: Contract): readonly Change[] => {
  const all = [
    ...changedThings(before, after),
    ...changedEvents(before, after),
    ...changedMessages(before, after),
  ].filter((change) => ![before, after].some((contract) => isIncluded(change, contract)));
  return kinds.flatMap((kind) => all.filter((change) => change.kind === kind));
};
