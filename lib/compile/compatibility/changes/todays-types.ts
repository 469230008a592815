/**
 * An event whose type has a new name is still the same event, because its stored events are lifted to the new type. So the
 * facts of its consumers are compared with the new name in the earlier contract, too.
 */
import type { Contract, Facts, Section, Things, Value } from "../contract/contract.ts";

type Events = Contract["events"];

/** The type that stored events of this version have today: `order.OrderAccepted`. */
const todaysType = (events: Events, label: string, version: string): string => {
  const [, type, next] = /^lift to (.+)@(\d+)$/.exec(events[label]?.versions[version]?.link ?? "") ?? [];
  if (type === undefined || next === undefined) return label;
  const [category] = label.split(".", 1);
  return todaysType(events, `${category}.${type}`, next);
};

/** The facts that name events. */
const eventFacts: Readonly<Partial<Record<Section, readonly string[]>>> = {
  projections: ["keys"],
  effects: ["on"],
  sagas: ["startsOn"],
  steps: ["succeeds", "fails"],
};

type Rename = (label: string) => string;

const renamedValue = (value: Value, rename: Rename): Value => {
  const inText = (text: string) => text.replaceAll(/[^\s:]+/g, rename);
  if (typeof value === "string") return inText(value);
  return Array.isArray(value) ? value.map(inText) : value;
};

const renamedThings = (things: Things, names: readonly string[], rename: Rename): Things => {
  const renamedFacts = (facts: Facts): Facts =>
    Object.fromEntries(
      Object.entries(facts).map(([name, value]) => [
        name,
        names.includes(name) ? renamedValue(value, rename) : value,
      ]),
    );
  return Object.fromEntries(Object.entries(things).map(([name, facts]) => [name, renamedFacts(facts)]));
};

/** The things of the earlier contract, with today's types of its events. */
export const withTodaysTypes = (before: Contract, after: Contract, section: Section): Things | undefined => {
  const [things, names] = [before[section], eventFacts[section]];
  if (!things || !names) return things;
  const rename = (label: string): string => {
    const version = Object.hasOwn(before.events, label) ? before.events[label]?.version : undefined;
    return version === undefined ? label : todaysType(after.events, label, `${version}`);
  };
  return renamedThings(things, names, rename);
};
