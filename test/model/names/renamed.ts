/** Any application after each of its parts was renamed: `book` is now `newbook`, and says its earlier name. */
import type { AnyApplication } from "../../../lib/model/application.ts";
import type { AnyDecider } from "../../../lib/model/decider.ts";
import type { AnyEffect } from "../../../lib/model/effect.ts";
import type { Route } from "../../../lib/model/http/route.ts";
import type { Renamable } from "../../../lib/model/names/stored-name.ts";
import { onceFor } from "../../../lib/model/once-for.ts";
import type { AnyProjection } from "../../../lib/model/projection.ts";
import type { AnyCommandMaker } from "../../../lib/model/reference.ts";
import type { AnySaga, Sending } from "../../../lib/model/saga.ts";

export const newName = (name: string): string => `new${name}`;

const renamedPart = <Part extends Renamable>(part: Part): Part => ({
  ...part,
  name: newName(part.name),
  formerly: [...(part.formerly ?? []), part.name],
});

/** As if it was made from the renamed decider, which has the same streams. */
const ofRenamed = <Reference extends { readonly decider: string }>(reference: Reference): Reference => ({
  ...reference,
  decider: newName(reference.decider),
});

const maker = (command: AnyCommandMaker): AnyCommandMaker =>
  Object.assign((data: never) => command(data), ofRenamed({ ...command }));

const sends = <Known extends readonly unknown[]>(sending: Sending<Known>): Sending<Known> => ({
  ...sending,
  command: ofRenamed({ ...sending.command }),
});

const renamedSaga = ({ startsOn, steps, completes, abandons, ...saga }: AnySaga): AnySaga =>
  renamedPart({
    ...saga,
    startsOn: ofRenamed(startsOn),
    steps: steps.map(({ send, undo, ...step }) =>
      renamedPart({
        ...step,
        send: sends(send),
        ...(undo && { undo: sends(undo) }),
        succeeds: step.succeeds.map(ofRenamed),
        fails: step.fails.map(ofRenamed),
      }),
    ),
    completes: sends(completes),
    abandons: sends(abandons),
  });

const renamedEffect = <Services>(effect: AnyEffect<Services>): AnyEffect<Services> =>
  renamedPart({ ...effect, on: ofRenamed(effect.on), answers: effect.answers.map(maker) });

export const renamed = <Services>(application: AnyApplication<Services>): AnyApplication<Services> => {
  const decider = onceFor((each: AnyDecider) => renamedPart(each));
  const projection = onceFor((each: AnyProjection) =>
    renamedPart({ ...each, sources: each.sources.map(decider) }),
  );
  const route = (each: Route): Route => {
    if ("command" in each) return { ...each, command: ofRenamed({ ...each.command }) };
    if ("query" in each)
      return { ...each, query: projection(each.query), versionOf: decider(each.versionOf) };
    if ("list" in each) return { ...each, list: projection(each.list) };
    return "history" in each ? { ...each, history: decider(each.history) } : each;
  };
  return {
    ...application,
    deciders: application.deciders.map(decider),
    projections: application.projections.map(projection),
    effects: application.effects.map(renamedEffect),
    sagas: application.sagas.map(renamedSaga),
    ...(application.translators && {
      translators: application.translators.map((each) => renamedPart({ ...each, send: sends(each.send) })),
    }),
    routes: application.routes.map(route),
  };
};
