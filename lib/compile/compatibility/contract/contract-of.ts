/** The contract of today's application. */
import type { AnyApplication } from "../../../model/application.ts";
import { type Renamable, storedNameOf } from "../../../model/names/stored-name.ts";
import type { AnyProjection, Index } from "../../../model/projection.ts";
import { foreignSchema, inputSchema, outputSchema } from "../../schemas/schemas.ts";
import type { Contract, Facts, Section } from "./contract.ts";
import { eventsOf } from "./events.ts";
import { labelOf } from "./label.ts";
import { routeFacts, routeKey } from "./routes.ts";
import { sagaFacts, stepsOf } from "./sagas.ts";

/** Each thing under its stored name. */
const byName = <Thing extends Renamable, Made>(
  all: readonly Thing[],
  make: (thing: Thing) => Made,
): Record<string, Made> => Object.fromEntries(all.map((each) => [storedNameOf(each), make(each)]));

const sourcesOf = ({ sources }: AnyProjection, type: string): string =>
  sources
    .filter(({ events }) => Object.hasOwn(events, type))
    .map((decider) => labelOf({ category: storedNameOf(decider), type }))
    .join(" or ");

const indexLabel = (name: string, { by, newestFirst }: Index): string => {
  const rules = [
    ...(by === undefined ? [] : [`by ${by}`]),
    ...(newestFirst === undefined ? [] : [`newest ${newestFirst} first`]),
  ];
  return rules.length === 0 ? name : `${name} (${rules.join(", ")})`;
};

const projectionFacts = (projection: AnyProjection): Facts => ({
  name: projection.name,
  keys: Object.entries(projection.on).map(
    ([type, { key }]) => `${sourcesOf(projection, type)}: ${typeof key === "string" ? key : "a function"}`,
  ),
  indexes: Object.entries(projection.indexes ?? {}).map(([name, index]) => indexLabel(name, index)),
});

const factsOf = (application: AnyApplication): Record<Section, Record<string, Facts>> => {
  const { deciders, projections, effects, sagas, translators = [], access, routes } = application;
  return {
    applications: { [application.name]: {} },
    deciders: byName(deciders, ({ name, identifiedBy, rejections }) => ({
      name,
      identifiedBy,
      rejections: [...rejections],
    })),
    projections: byName(projections, projectionFacts),
    effects: byName(effects, ({ name, on }) => ({ name, on: labelOf(on) })),
    translators: byName(translators, ({ name, source, channel, type, send }) => ({
      name,
      on: `${type} of ${source} on ${channel}`,
      sends: labelOf(send.command),
    })),
    sagas: byName(sagas, sagaFacts),
    steps: Object.fromEntries(sagas.flatMap(stepsOf)),
    access: Object.fromEntries(access.map((name) => [name, {}])),
    routes: Object.fromEntries(routes.map((route) => [routeKey(route), routeFacts(route)])),
  };
};

/** Messages of deciders, keyed by the stored name of the decider and their type. */
const messages = <Schema>(entries: readonly (readonly [string, Readonly<Record<string, Schema>>])[]) =>
  Object.fromEntries(
    entries.flatMap(([category, all]) =>
      Object.entries(all).map(([type, each]) => [`${category}.${type}`, each] as const),
    ),
  );

export const contractOf = (application: AnyApplication): Contract => {
  const { deciders, projections, translators = [] } = application;
  const commandsOf = ({ commands }: (typeof deciders)[number]) =>
    Object.fromEntries(Object.entries(commands).map(([type, schema]) => [type, inputSchema(schema)]));
  return {
    format: 2,
    ...factsOf(application),
    events: messages(deciders.map((each) => [storedNameOf(each), eventsOf(each)])),
    commands: messages(deciders.map((each) => [storedNameOf(each), commandsOf(each)])),
    foreign: Object.fromEntries(
      translators.map(({ source, type, schema }) => [`${source}.${type}`, foreignSchema(schema)]),
    ),
    rows: byName(projections, ({ row }) => outputSchema(row)),
  };
};
