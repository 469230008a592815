/** Changes of things and their facts, as the rules say what each means. */
import {
  type Contract,
  type Facts,
  type Section,
  sections,
  type Things,
  type Value,
} from "../contract/contract.ts";
import type { Change } from "./change.ts";
import { httpRules } from "./rules/http.ts";
import { partRules } from "./rules/parts.ts";
import type { Rule, Rules } from "./rules/rule.ts";
import { sagaRules } from "./rules/sagas.ts";
import { withTodaysTypes } from "./todays-types.ts";

const rules: Readonly<Record<Section, Rules>> = { ...partRules, ...sagaRules, ...httpRules };

type Finding = Rule & { readonly what: string };

type FactRules = Rules["facts"][string];

const textOf = (value: Value): string => {
  if (typeof value === "boolean") return value ? "yes" : "no";
  return `${value}`;
};

const listOf = (value: Value): readonly string[] => (Array.isArray(value) ? value : []);

const changed = (label: string, was: string, is: string): readonly string[] =>
  was === is ? [] : [`${label} was ${was} and is ${is}`];

/** The entries of the first list that the second does not have. */
const without = (some: readonly string[], others: readonly string[]): readonly string[] =>
  some.filter((each) => !others.includes(each));

const ofFact = (fact: FactRules, was: Value, is: Value): readonly Finding[] => {
  const { label } = fact;
  const found = (rule: Rule, all: readonly string[]) => all.map((what) => ({ ...rule, what }));
  if ("changed" in fact) return found(fact.changed, changed(label, textOf(was), textOf(is)));
  const [had, has] = [listOf(was), listOf(is)];
  const [lost, gained] = [without(had, has), without(has, had)];
  if ("reordered" in fact) {
    const [earlier, later] = [without(had, lost), without(has, gained)];
    return found(fact.reordered, changed(label, earlier.join(", "), later.join(", ")));
  }
  return [
    ...found(
      fact.lost,
      lost.map((each) => `${label} ${each} is removed`),
    ),
    ...found(
      fact.gained,
      gained.map((each) => `${label} ${each} is new`),
    ),
  ];
};

/** A fact that one of the contracts does not record is not compared. */
const ofFacts = ({ facts }: Rules, before: Facts, after: Facts): readonly Finding[] =>
  Object.entries(facts).flatMap(([fact, rule]) => {
    const [was, is] = [before[fact], after[fact]];
    return was === undefined || is === undefined ? [] : ofFact(rule, was, is);
  });

const ofSection = (part: Section, before: Things, after: Things): readonly Change[] => {
  const { removed, added } = rules[part];
  const named = (name: string, found: readonly Finding[]) =>
    found.map((finding): Change => ({ part, name, ...finding }));
  return [
    ...Object.entries(before).flatMap(([name, was]) => {
      const is = Object.hasOwn(after, name) ? after[name] : undefined;
      return named(name, is ? ofFacts(rules[part], was, is) : [{ ...removed, what: "is removed" }]);
    }),
    ...Object.keys(after)
      .filter((name) => !Object.hasOwn(before, name))
      .flatMap((name) => named(name, [{ ...added, what: "is new" }])),
  ];
};

/** A section that the earlier contract does not have is not compared. */
export const changedThings = (before: Contract, after: Contract): readonly Change[] =>
  sections.flatMap((part) =>
    ofSection(part, withTodaysTypes(before, after, part) ?? after[part] ?? {}, after[part] ?? {}),
  );
