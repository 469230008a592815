import { type Application, parametersOf, type Route } from "./application.ts";
import type { AnyProjection } from "./projection.ts";
import type { CommandReference, EventReference } from "./reference.ts";
import { type AnySaga, commandsOf } from "./saga.ts";

const repeated = (names: readonly string[]): readonly string[] => [
  ...new Set(names.filter((name, index) => names.indexOf(name) !== index)),
];

/** What the types cannot see. An application without problems has an empty list. */
export const validate = <Services>(application: Application<Services>): readonly string[] => {
  const { deciders, projections, effects, sagas, routes } = application;

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
      .filter((type) => !sources.some(({ events }) => type in events))
      .map((type) => `projection ${name}: none of its sources records ${type}`),
    ...Object.entries(indexes)
      .flatMap(([index, { by, newestFirst }]) => [by, newestFirst].map((field) => [index, field] as const))
      .filter(([, field]) => field !== undefined && !(field in row.shape))
      .map(([index, field]) => `projection ${name}: index ${index} needs a field ${field}`),
  ];

  const ofSaga = (saga: AnySaga) => {
    const { name, startsOn, steps } = saga;
    const pivots = steps.filter(({ pivot }) => pivot).map((step) => step.name);
    return [
      ...(name.includes("/") ? [`saga ${name}: its name has no slash`] : []),
      ...[startsOn, ...commandsOf(saga)].flatMap((reference) => dangling(`saga ${name}`, reference)),
      ...duplicates(
        `steps of saga ${name}`,
        steps.map((step) => step.name),
      ),
      ...(pivots.length > 1 ? [`saga ${name}: one pivot at most, not ${pivots.join(", ")}`] : []),
      ...steps.flatMap(({ name: step, send: { command }, succeeds, fails }) => {
        const where = `saga ${name}, step ${step}`;
        const outcomes = [...succeeds, ...fails];
        return [
          ...outcomes.flatMap((outcome) => dangling(where, outcome)),
          ...outcomes
            .filter(({ category }) => category !== command.category)
            .map(({ type, category }) => `${where}: ${type} of ${category} cannot decide ${command.type}`),
          ...(succeeds.length > 0 ? [] : [`${where}: nobody can finish it, no event makes it succeed`]),
          ...succeeds
            .filter((outcome) => fails.some(({ type }) => type === outcome.type))
            .map(({ type }) => `${where}: ${type} both succeeds and fails`),
        ];
      }),
    ];
  };

  const ofRoute = (route: Route): readonly string[] => {
    const where = `${route.method} ${route.path}`;
    const parameters = parametersOf(route.path);
    const missing = (projection: AnyProjection) =>
      projections.includes(projection)
        ? []
        : [`${where}: projection ${projection.name} is not in the application`];
    if ("command" in route) {
      const unknown = parameters.filter((parameter) => !(parameter in route.command.schema.shape));
      return [
        ...dangling(where, route.command),
        ...unknown.map((parameter) => `${where}: ${route.command.type} has no field ${parameter}`),
      ];
    }
    if ("query" in route)
      return [
        ...missing(route.query),
        ...(parameters.length === 1 ? [] : [`${where}: a query has one path parameter`]),
      ];
    const { list, indexes } = route;
    return [
      ...missing(list),
      ...(parameters.length === 0 ? [] : [`${where}: a list has no path parameter`]),
      ...(indexes.length > 0 ? [] : [`${where}: a list reads an index`]),
      ...indexes
        .filter((index) => !list.indexes?.[index])
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
      "effects and sagas",
      [...effects, ...sagas].map(({ name }) => name),
    ),
    ...duplicates(
      "routes",
      routes.map(({ method, path }) => `${method} ${path}`),
    ),
    ...deciders
      .filter(({ name }) => name.includes("-"))
      .map(({ name }) => `decider ${name}: a category has no dash`),
    ...projections.flatMap(ofProjection),
    ...effects.flatMap(({ name, on, answers }) =>
      [on, ...answers].flatMap((reference) => dangling(`effect ${name}`, reference)),
    ),
    ...sagas.flatMap(ofSaga),
    ...routes.flatMap(ofRoute),
  ];
};
