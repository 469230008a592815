/**
 * What an application promises to those who send it commands and read its events, and which of it another version
 * breaks. Stored events must still fit their schema. Readers, which are the subscribers of events, must not get values
 * that they never had to expect. Writers, which send commands and foreign events, must still be understood. A change
 * that no rule knows counts as a break.
 */
import type { Application } from "../../model/application.ts";
import { foreignSchema, inputSchema, outputSchema, type Schema } from "../schemas/schemas.ts";
import type { Reason } from "./reason.ts";
import { refusals } from "./refusals.ts";

/** By category and type: `order.OrderPlaced`. */
export type Contract = {
  readonly events: Readonly<Record<string, Schema>>;
  readonly commands: Readonly<Record<string, Schema>>;
  /** What other systems tell, by source and type: `warehouse.StockDelivered`. */
  readonly foreign?: Readonly<Record<string, Schema>>;
  /** The names of the sagas: an instance under way needs the definition of its saga. */
  readonly sagas?: readonly string[];
};

export const contractOf = ({
  deciders,
  translators = [],
  sagas,
}: Pick<Application<never>, "deciders" | "translators" | "sagas">): Contract => ({
  events: Object.fromEntries(
    deciders.flatMap(({ name, events }) =>
      Object.entries(events).map(([type, schema]) => [`${name}.${type}`, outputSchema(schema)]),
    ),
  ),
  commands: Object.fromEntries(
    deciders.flatMap(({ name, commands }) =>
      Object.entries(commands).map(([type, schema]) => [`${name}.${type}`, inputSchema(schema)]),
    ),
  ),
  foreign: Object.fromEntries(
    translators.map(({ source, type, schema }) => [`${source}.${type}`, foreignSchema(schema)]),
  ),
  sagas: sagas.map(({ name }) => name),
});

type Party = "readers" | "stored events" | "writers";

/** Whom a change breaks by what it refuses, and by what it lets through. A foreign event and a command are sent to us. */
const kinds = {
  event: { narrower: "stored events", wider: "readers" },
  command: { narrower: "writers" },
  "foreign event": { narrower: "writers" },
} as const satisfies Readonly<Record<string, { readonly narrower: Party; readonly wider?: Party }>>;

type Kind = keyof typeof kinds;

const broken = (words: string, parties: Iterable<Party>): string =>
  `${words} (breaks ${[...parties].join(" and ")})`;

const said = ({ path }: Reason, words: string): string => (path === "" ? words : `${path} ${words}`);

/** Each change in words, in order, with all whom it breaks. */
const changesOf = (kind: Kind, before: Schema, after: Schema): readonly string[] => {
  const parties: { readonly narrower: Party; readonly wider?: Party } = kinds[kind];
  const found = new Map<string, Set<Party>>();
  const note = (reason: Reason, words: string | undefined, party: Party) => {
    if (words === undefined) return;
    const sentence = said(reason, words);
    found.set(sentence, (found.get(sentence) ?? new Set()).add(party));
  };
  for (const each of refusals("", before, after)) note(each, each.narrower, parties.narrower);
  if (parties.wider) for (const each of refusals("", after, before)) note(each, each.wider, parties.wider);
  return [...found].map(([words, whom]) => broken(words, whom));
};

const ofMessages = (kind: Kind, before: Contract["events"], after: Contract["events"]): readonly string[] =>
  Object.entries(before).flatMap(([name, was]) => {
    const is = Object.hasOwn(after, name) ? after[name] : undefined;
    if (!is) return [broken(`${kind} ${name} is removed`, Object.values<Party>(kinds[kind]))];
    return changesOf(kind, was, is).map((words) => `${kind} ${name}: ${words}`);
  });

/** Nothing continues the instances of a saga that is gone: they wait for ever. */
const removedSagas = (before: Contract, after: Contract): readonly string[] =>
  (before.sagas ?? [])
    .filter((name) => !after.sagas?.includes(name))
    .map(
      (name) =>
        `saga ${name} is removed: its instances under way would wait for ever; keep its definition until they have ended`,
    );

/** Each break in words, with its place and whom it breaks. New messages and new optional fields break nothing. */
export const breakingChanges = (before: Contract, after: Contract): readonly string[] => [
  ...ofMessages("event", before.events, after.events),
  ...ofMessages("command", before.commands, after.commands),
  ...ofMessages("foreign event", before.foreign ?? {}, after.foreign ?? {}),
  ...removedSagas(before, after),
];
