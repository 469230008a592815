/** Rules for the names of an application's parts. */
import type { Application } from "../application.ts";
import { receipts } from "../message.ts";
import { duplicates, type Rule } from "./rule.ts";

type Named = { readonly name: string };

const namesOf = (parts: readonly Named[]): readonly string[] => parts.map(({ name }) => name);

const decidersHaveDifferentNames: Rule<Application<never>> = ({ deciders }) =>
  duplicates("deciders", namesOf(deciders));

const eventsHaveDifferentNames: Rule<Application<never>> = ({ deciders }) =>
  duplicates(
    "events",
    deciders.flatMap(({ events }) => Object.keys(events)),
  );

const projectionsHaveDifferentNames: Rule<Application<never>> = ({ projections }) =>
  duplicates("projections", namesOf(projections));

const handlersHaveDifferentNames: Rule<Application<never>> = ({ effects, sagas, translators = [] }) =>
  duplicates("effects, sagas and translators", namesOf([...effects, ...sagas, ...translators]));

/** A gateway does not tell two paths apart that differ only in the names of their parameters. */
const routesAreDifferent: Rule<Application<never>> = ({ routes }) =>
  duplicates(
    "routes",
    routes.map(({ method, path }) => `${method} ${path.replaceAll(/\{\w+\}/g, "{}")}`),
  );

export const differentNames: readonly Rule<Application<never>>[] = [
  decidersHaveDifferentNames,
  eventsHaveDifferentNames,
  projectionsHaveDifferentNames,
  handlersHaveDifferentNames,
  routesAreDifferent,
];

export const noEventIsNamedAsAReceipt: Rule<Application<never>> = ({ deciders }) =>
  deciders.flatMap(({ name, events }) =>
    Object.keys(events)
      .filter((type) => Object.hasOwn(receipts, type))
      .map((type) => `decider ${name}: ${type} is the name of a receipt`),
  );
