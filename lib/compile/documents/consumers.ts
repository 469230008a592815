/** The consumers of an event and the senders of a command, for documents. */
import type { AnyApplication } from "../../model/application.ts";
import type { CommandReference, EventReference } from "../../model/reference.ts";
import { type AnySaga, commandsOf } from "../../model/saga.ts";

export type Parties = Pick<
  AnyApplication,
  "deciders" | "projections" | "effects" | "sagas" | "translators" | "routes"
>;

type Named = { readonly category: string; readonly type: string };

type Consumer = { readonly kind: "projection" | "effect" | "saga"; readonly name: string };

const isSame = (one: Named, other: Named): boolean =>
  one.category === other.category && one.type === other.type;

/** The event that starts the saga, and the events that decide its steps. */
export const heardBy = ({ startsOn, steps }: AnySaga): readonly EventReference[] => [
  startsOn,
  ...steps.flatMap(({ succeeds, fails }) => [...succeeds, ...fails]),
];

export const consumersOf = (
  { projections, effects, sagas }: Omit<Parties, "routes" | "deciders">,
  event: Named,
): readonly Consumer[] => [
  ...projections
    .filter(({ sources, on }) => event.type in on && sources.some(({ name }) => name === event.category))
    .map(({ name }) => ({ kind: "projection" as const, name })),
  ...effects.filter(({ on }) => isSame(on, event)).map(({ name }) => ({ kind: "effect" as const, name })),
  ...sagas
    .filter((saga) => heardBy(saga).some((each) => isSame(each, event)))
    .map(({ name }) => ({ kind: "saga" as const, name })),
];

/** The senders of a command, as text: `POST /orders`, `saga checkout`. */
export const sendersOf = (
  { routes, effects, sagas, translators = [] }: Parties,
  command: Named,
): readonly string[] => {
  const sends = (commands: readonly CommandReference[]) => commands.some((each) => isSame(each, command));
  return [
    ...routes.flatMap((route) =>
      "command" in route && isSame(route.command, command) ? [`${route.method} ${route.path}`] : [],
    ),
    ...effects.filter(({ answers }) => sends(answers)).map(({ name }) => `effect ${name}`),
    ...sagas.filter((saga) => sends(commandsOf(saga))).map(({ name }) => `saga ${name}`),
    ...translators.filter(({ send }) => sends([send.command])).map(({ name }) => `translator ${name}`),
  ];
};
