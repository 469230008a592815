/**
 * The application as it is deployed and run: each part has its stored name. Documents take the application as it is
 * written, with the present names.
 */
import type { AnyApplication } from "../application.ts";
import type { AnyDecider } from "../decider.ts";
import type { Route } from "../http/route.ts";
import { onceFor } from "../once-for.ts";
import type { AnyProjection } from "../projection.ts";
import type { AnySaga } from "../saga.ts";
import { namesOf, type Renamable, storedNameOf } from "./stored-name.ts";

const hasStoredName = (part: Renamable): boolean => storedNameOf(part) === part.name;

/** `formerly` becomes the list of all names, so that the part is still found by its present name. */
const stored = <Part extends Renamable>(part: Part): Part =>
  hasStoredName(part) ? part : { ...part, name: storedNameOf(part), formerly: namesOf(part) };

/** The saga and its steps with their stored names. */
export const storedSaga = (saga: AnySaga): AnySaga =>
  saga.steps.every(hasStoredName)
    ? stored(saga)
    : stored({ ...saga, steps: saga.steps.map((step) => stored(step)) });

/** A part that several others name is converted once, because parts are compared by identity. */
const conversion = () => {
  const decider = onceFor((each: AnyDecider) => stored(each));
  const projection = onceFor((each: AnyProjection) =>
    stored({ ...each, sources: each.sources.map(decider) }),
  );
  const route = (each: Route): Route => {
    if ("query" in each)
      return { ...each, query: projection(each.query), versionOf: decider(each.versionOf) };
    if ("list" in each) return { ...each, list: projection(each.list) };
    return "history" in each ? { ...each, history: decider(each.history) } : each;
  };
  return { decider, projection, route };
};

/** The same object if no part has been renamed. Converting the result again changes nothing. */
export const asStored = <Services>(application: AnyApplication<Services>): AnyApplication<Services> => {
  const { deciders, projections, effects, sagas, translators = [], routes } = application;
  const steps = sagas.flatMap((saga) => saga.steps);
  const parts: readonly Renamable[] = [
    ...deciders,
    ...projections,
    ...effects,
    ...sagas,
    ...steps,
    ...translators,
  ];
  if (parts.every(hasStoredName)) return application;
  const { decider, projection, route } = conversion();
  return {
    ...application,
    deciders: deciders.map(decider),
    projections: projections.map(projection),
    effects: effects.map((effect) => stored(effect)),
    sagas: sagas.map(storedSaga),
    ...(application.translators && { translators: translators.map((each) => stored(each)) }),
    routes: routes.map(route),
  };
};
