/** What a change of a thing means. */
import type { Kind } from "../change.ts";

export type Rule = {
  readonly kind: Kind;
  /** What to do about it. Absent if nothing is to be done. */
  readonly advice?: string;
};

/** `label` names the fact in messages. A list gains and loses entries, or its order counts; any other value changes. */
type FactRules = { readonly label: string } & (
  | { readonly changed: Rule }
  | { readonly reordered: Rule }
  | { readonly gained: Rule; readonly lost: Rule }
);

export type Rules = {
  readonly removed: Rule;
  readonly added: Rule;
  /** To cover another fact, record it in the contract and add a row. */
  readonly facts: Readonly<Record<string, FactRules>>;
};

export const compatible: Rule = { kind: "compatible" };

export const breaking = (advice: string): Rule => ({ kind: "breaking", advice });

/** Today's name. Things are compared by their stored name, so a rename with `formerly` changes only this fact. */
export const named: FactRules = { label: "name", changed: compatible };
