/** Names every dangling, duplicate or impossible thing of an application, with its place. */
import { type Application, type CommandRoute, parametersOf, type Route } from "../application.ts";
import type { AnyDecider } from "../decider.ts";
import { problemsOfDelivery } from "../delivery/delivery-policy.ts";
import { unstorableSchemas } from "../json/json.ts";
import { receipts } from "../message.ts";
import { unportablePatterns } from "../pattern/patterns.ts";
import { type AnyProjection, isKeyedByStream } from "../projection.ts";
import type { CommandReference, EventReference } from "../reference.ts";
import { type AnySaga, commandsOf, type Step } from "../saga.ts";
import type { AnyTranslator } from "../translator.ts";
import { sharedNames } from "./made-names.ts";
import { unfitNames } from "./names.ts";
import { unfitIds } from "./unfit-ids.ts";

const repeated = (names: readonly string[]): readonly string[] => [
  ...new Set(names.filter((name, index) => names.indexOf(name) !== index)),
];

/**
 * A task whose function is still at it must not be over: its late token would displace that of the next. No state
 * of an execution waits longer than three years.
 */
const timeouts = { least: 60, most: 99_999_999 } as const;

/** What is wrong with a step in itself; `isAfterPivot` is one that is never undone. */
const ofStep = (
  where: string,
  { send: { command }, succeeds, fails, timeoutSeconds, undo, onlyIf, pivot, waits }: Step<never>,
  isAfterPivot: boolean,
): readonly string[] => [
  ...[...succeeds, ...fails]
    .filter(({ category }) => category !== command.category)
    .map(({ type, category }) => `${where}: ${type} of ${category} cannot decide ${command.type}`),
  ...(succeeds.length > 0 ? [] : [`${where}: nobody can finish it, no event makes it succeed`]),
  ...succeeds
    .filter((outcome) => fails.some(({ type }) => type === outcome.type))
    .map(({ type }) => `${where}: ${type} both succeeds and fails`),
  ...(Number.isInteger(timeoutSeconds) && timeoutSeconds >= timeouts.least && timeoutSeconds <= timeouts.most
    ? []
    : [
        `${where}: a timeout is a whole number of seconds from ${timeouts.least} to ${timeouts.most}, not ${timeoutSeconds}`,
      ]),
  ...[...succeeds, ...fails]
    .filter(({ instance }) => waits === false && instance)
    .map(({ type }) => `${where}: it does not wait, but ${type} comes from outside`),
  ...(pivot && onlyIf ? [`${where}: the pivot is in every instance, it has no condition`] : []),
  ...(undo && isAfterPivot ? [`${where}: its undo never runs, it comes after the pivot`] : []),
];

/** What the types cannot see. An application without problems has an empty list. */
export const validate = <Services>(application: Application<Services>): readonly string[] => {
  const { deciders, projections, effects, sagas, translators = [], routes } = application;

  const dangling = (where: string, reference: EventReference | CommandReference): readonly string[] => {
    const decider = deciders.find(({ name }) => name === reference.category);
    const schemas = reference.kind === "event" ? decider?.events : decider?.commands;
    if (schemas?.[reference.type] === reference.schema) return [];
    return [
      `${where}: ${reference.kind} ${reference.type} of ${reference.category} is not in the application`,
    ];
  };

  const duplicates = (kind: string, names: readonly string[]) =>
    repeated(names).map((name) => `there are two ${kind} named ${name}`);

  const ofProjection = ({ name, sources, on, row, indexes = {} }: AnyProjection) => [
    ...sources
      .filter((source) => !deciders.includes(source))
      .map((source) => `projection ${name}: decider ${source.name} is not in the application`),
    ...Object.keys(on)
      .filter((type) => !sources.some(({ events }) => Object.hasOwn(events, type)))
      .map((type) => `projection ${name}: none of its sources records ${type}`),
    ...Object.entries(indexes)
      .flatMap(([index, { by, newestFirst }]) => [by, newestFirst].map((field) => [index, field] as const))
      .filter(([, field]) => field !== undefined && !Object.hasOwn(row.shape, field))
      .map(([index, field]) => `projection ${name}: index ${index} needs a field ${field}`),
  ];

  const ofSaga = (saga: AnySaga) => {
    const { name, startsOn, steps } = saga;
    const pivots = steps.filter(({ pivot }) => pivot).map((step) => step.name);
    return [
      ...[startsOn, ...commandsOf(saga)].flatMap((reference) => dangling(`saga ${name}`, reference)),
      ...duplicates(
        `steps of saga ${name}`,
        steps.map((step) => step.name),
      ),
      ...(pivots.length > 1 ? [`saga ${name}: one pivot at most, not ${pivots.join(", ")}`] : []),
      ...steps.flatMap((step, index) => {
        const where = `saga ${name}, step ${step.name}`;
        const isAfterPivot = steps.slice(0, index).some(({ pivot }) => pivot);
        return [
          ...[...step.succeeds, ...step.fails].flatMap((outcome) => dangling(where, outcome)),
          ...ofStep(where, step, isAfterPivot),
        ];
      }),
    ];
  };

  const ofTranslator = ({ name, source, send, delivery }: AnyTranslator): readonly string[] => {
    const where = `translator ${name}`;
    return [
      ...dangling(where, send.command),
      ...problemsOfDelivery(where, delivery),
      ...(source === application.name ? [`${where}: what ${source} tells itself are no foreign events`] : []),
    ];
  };

  const ofCommand = (where: string, route: CommandRoute): readonly string[] => {
    const { command, path, location = "/" } = route;
    return [
      ...dangling(where, command),
      ...[...parametersOf(path), ...parametersOf(location)]
        .filter((parameter) => !Object.hasOwn(command.schema.shape, parameter))
        .map((parameter) => `${where}: ${command.type} has no field ${parameter}`),
    ];
  };

  const ofRoute = (route: Route): readonly string[] => {
    const where = `${route.method} ${route.path}`;
    const parameters = parametersOf(route.path);
    const missing = (projection: AnyProjection) =>
      projections.includes(projection)
        ? []
        : [`${where}: projection ${projection.name} is not in the application`];
    const absent = (decider: AnyDecider) =>
      deciders.includes(decider) ? [] : [`${where}: decider ${decider.name} is not in the application`];
    const one = parameters.length === 1 ? [] : [`${where}: it has one path parameter`];
    if ("command" in route) return ofCommand(where, route);
    if ("query" in route) {
      const { query, versionOf } = route;
      const isVersioned = query.sources.includes(versionOf) && isKeyedByStream(query, versionOf);
      return [
        ...missing(query),
        ...absent(versionOf),
        ...(isVersioned ? [] : [`${where}: ${query.name} has no row for each stream of ${versionOf.name}`]),
        ...one,
      ];
    }
    if ("history" in route) return [...absent(route.history), ...one];
    if ("sagas" in route && route.sagas === "list")
      return parameters.length === 0 ? [] : [`${where}: a list has no path parameter`];
    if ("sagas" in route)
      return parameters.join() === "saga,id" ? [] : [`${where}: its path parameters are saga and id`];
    if ("document" in route)
      return parameters.length === 0 ? [] : [`${where}: a document has no path parameter`];
    if ("redirect" in route)
      return routes.some(({ method, path }) => method === "GET" && path === route.redirect)
        ? []
        : [`${where}: no route GET ${route.redirect}`];
    const { list, indexes } = route;
    return [
      ...missing(list),
      ...(parameters.length === 0 ? [] : [`${where}: a list has no path parameter`]),
      ...(indexes.length > 0 ? [] : [`${where}: a list reads an index`]),
      ...indexes
        .filter((index) => !Object.hasOwn(list.indexes ?? {}, index))
        .map((index) => `${where}: ${list.name} has no index ${index}`),
    ];
  };

  return [
    ...duplicates(
      "deciders",
      deciders.map(({ name }) => name),
    ),
    ...duplicates(
      "events",
      deciders.flatMap(({ events }) => Object.keys(events)),
    ),
    ...duplicates(
      "projections",
      projections.map(({ name }) => name),
    ),
    ...duplicates(
      "effects, sagas and translators",
      [...effects, ...sagas, ...translators].map(({ name }) => name),
    ),
    ...duplicates(
      "routes",
      // For a gateway all parameters are alike, whatever they are called.
      routes.map(({ method, path }) => `${method} ${path.replaceAll(/\{\w+\}/g, "{}")}`),
    ),
    ...unfitNames(application),
    ...sharedNames(application),
    ...unfitIds(application),
    ...deciders.flatMap(({ name, events }) =>
      Object.keys(events)
        .filter((type) => Object.hasOwn(receipts, type))
        .map((type) => `decider ${name}: ${type} is the name of a receipt`),
    ),
    ...projections.flatMap(ofProjection),
    ...effects.flatMap(({ name, on, answers, delivery }) => [
      ...[on, ...answers].flatMap((reference) => dangling(`effect ${name}`, reference)),
      ...problemsOfDelivery(`effect ${name}`, delivery),
    ]),
    ...sagas.flatMap(ofSaga),
    ...translators.flatMap(ofTranslator),
    ...routes.flatMap(ofRoute),
    ...unstorableSchemas(application),
    ...unportablePatterns(application),
  ];
};
