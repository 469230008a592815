/** The consumers of an event and the senders of a command, for documents. */
import type { AnyApplication } from "../../model/application.ts";
import { resumed } from "../../model/delivery/interest.ts";
import type { CommandReference } from "../../model/reference.ts";
import { type AnySaga, commandsOf, type Outcome } from "../../model/saga.ts";

export type Parties = Pick<
  AnyApplication,
  "deciders" | "projections" | "effects" | "sagas" | "translators" | "routes"
>;

type Named = { readonly decider: string; readonly type: string };

type Consumer = { readonly kind: "projection" | "effect" | "saga"; readonly name: string };

const isSame = (one: Named, other: Named): boolean =>
  one.decider === other.decider && one.type === other.type;

type Step = AnySaga["steps"][number];

const outcomesOf = ({ succeeds, fails }: Step): readonly Outcome[] => [...succeeds, ...fails];

/**
 * The events that the bus delivers to the saga: its start, outcomes that another party decides, and the decisions of
 * operators.
 */
export const deliveredTo = (saga: AnySaga): readonly Named[] => {
  const { startsOn, steps } = saga;
  const deciders = new Set(commandsOf(saga).map(({ decider }) => decider));
  return [
    startsOn,
    ...steps.flatMap((step) =>
      outcomesOf(step).filter(({ instance }) => instance !== undefined || step.waits !== false),
    ),
    ...[...deciders].map((decider) => ({ decider, type: resumed })),
  ];
};

/** The sagas that find this event in the answer to their own command. The bus does not deliver it to them. */
export const answeredWith = ({ sagas }: Pick<Parties, "sagas">, event: Named): readonly string[] =>
  sagas
    .filter((saga) => saga.steps.flatMap(outcomesOf).some((each) => isSame(each, event)))
    .filter((saga) => !deliveredTo(saga).some((each) => isSame(each, event)))
    .map(({ name }) => `saga ${name}`);

export const consumersOf = (
  { projections, effects, sagas }: Omit<Parties, "routes" | "deciders">,
  event: Named,
): readonly Consumer[] => [
  ...projections
    .filter(({ sources, on }) => event.type in on && sources.some(({ name }) => name === event.decider))
    .map(({ name }) => ({ kind: "projection" as const, name })),
  ...effects.filter(({ on }) => isSame(on, event)).map(({ name }) => ({ kind: "effect" as const, name })),
  ...sagas
    .filter((saga) => deliveredTo(saga).some((each) => isSame(each, event)))
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
