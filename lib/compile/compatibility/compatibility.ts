/**
 * The contract of an application with the senders of its commands and the readers of its events, and the changes that
 * break it. Stored events must still fit their schema. Readers, the subscribers of events, must not get values that the
 * earlier schema ruled out. Writers, the senders of commands and foreign events, must still be understood. A change that no
 * rule covers counts as a break.
 */
import type { AnyApplication } from "../../model/application.ts";
import { foreignSchema, inputSchema, outputSchema, type Schema } from "../schemas/schemas.ts";
import type { Reason } from "./reason.ts";
import { refusals } from "./refusals.ts";

/** Keyed by category and type: `order.OrderPlaced`. */
export type Contract = {
  readonly events: Readonly<Record<string, Schema>>;
  readonly commands: Readonly<Record<string, Schema>>;
  /** The events of other systems, keyed by source and type: `warehouse.StockDelivered`. */
  readonly foreign?: Readonly<Record<string, Schema>>;
  /** The names of the sagas. A running instance needs the definition of its saga. */
  readonly sagas?: readonly string[];
};

export const contractOf = ({
  deciders,
  translators = [],
  sagas,
}: Pick<AnyApplication, "deciders" | "translators" | "sagas">): Contract => ({
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

/** Who is broken by a narrower schema, and who by a wider one. Commands and foreign events come from writers. */
const kinds = {
  event: { narrower: "stored events", wider: "readers" },
  command: { narrower: "writers" },
  "foreign event": { narrower: "writers" },
} as const satisfies Readonly<Record<string, { readonly narrower: Party; readonly wider?: Party }>>;

type Kind = keyof typeof kinds;

const broken = (words: string, parties: Iterable<Party>): string =>
  `${words} (breaks ${[...parties].join(" and ")})`;

const said = ({ path }: Reason, words: string): string => (path === "" ? words : `${path} ${words}`);

/** A sentence per change, in order, with everyone whom it breaks. */
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

/** Instances of a removed saga would wait forever, because nothing continues them. */
const removedSagas = (before: Contract, after: Contract): readonly string[] =>
  (before.sagas ?? [])
    .filter((name) => !after.sagas?.includes(name))
    .map(
      (name) =>
        `saga ${name} is removed: its running instances would wait forever; keep its definition until they have ended`,
    );

/** A sentence per break, with the place and whom it breaks. New messages and new optional fields break nothing. */
export const breakingChanges = (before: Contract, after: Contract): readonly string[] => [
  ...ofMessages("event", before.events, after.events),
  ...ofMessages("command", before.commands, after.commands),
  ...ofMessages("foreign event", before.foreign ?? {}, after.foreign ?? {}),
  ...removedSagas(before, after),
];
