/** Rules for the names of an application's parts. */
import type { AnyApplication } from "../application.ts";
import { receipts } from "../message.ts";
import { duplicates, type Rule, repeated } from "./rule.ts";

type Named = { readonly name: string };

const namesOf = (parts: readonly Named[]): readonly string[] => parts.map(({ name }) => name);

const decidersHaveDifferentNames: Rule<AnyApplication> = ({ deciders }) =>
  duplicates("deciders", namesOf(deciders));

const eventsHaveDifferentNames: Rule<AnyApplication> = ({ deciders }) =>
  duplicates(
    "events",
    deciders.flatMap(({ events }) => Object.keys(events)),
  );

const projectionsHaveDifferentNames: Rule<AnyApplication> = ({ projections }) =>
  duplicates("projections", namesOf(projections));

const handlersHaveDifferentNames: Rule<AnyApplication> = ({ effects, sagas, translators = [] }) =>
  duplicates("effects, sagas and translators", namesOf([...effects, ...sagas, ...translators]));

const accessNamesAreDifferent: Rule<AnyApplication> = ({ access }) => duplicates("access", access);

/** A gateway cannot distinguish two paths that differ only in the names of their parameters. */
const routesAreDifferent: Rule<AnyApplication> = ({ routes }) =>
  repeated(routes.map(({ method, path }) => `${method} ${path.replaceAll(/\{\w+\}/g, "{}")}`)).map(
    (route) => `routes: expected each method and path once, got ${route} twice; change or remove one`,
  );

/** Parts that share a scope have different names. */
export const differentNames: readonly Rule<AnyApplication>[] = [
  decidersHaveDifferentNames,
  eventsHaveDifferentNames,
  projectionsHaveDifferentNames,
  handlersHaveDifferentNames,
  accessNamesAreDifferent,
  routesAreDifferent,
];

/** The runtime recognizes a receipt by its type. */
export const noEventIsNamedAsAReceipt: Rule<AnyApplication> = ({ deciders }) =>
  deciders.flatMap(({ name, events }) =>
    Object.keys(events)
      .filter((type) => Object.hasOwn(receipts, type))
      .map(
        (type) =>
          `decider ${name}: expected events that are not named as a receipt, got ${type}; rename the event`,
      ),
  );
