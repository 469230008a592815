/** The facts of sagas and their steps. `onlyIf` and the data of commands are functions, so they are not compared. */

import { storedNameOf } from "../../../model/names/stored-name.ts";
import type { AnySaga, Outcome, Reason } from "../../../model/saga.ts";
import type { Facts, Value } from "./contract.ts";
import { exampleFor, isSeveral } from "./fan-out.ts";
import { labelOf } from "./label.ts";

type Step = AnySaga["steps"][number];

const outcomeLabels = (outcomes: readonly Outcome[]): string[] =>
  outcomes.map((outcome) => (outcome.instance ? `${labelOf(outcome)} from outside` : labelOf(outcome)));

const recorded = (facts: Readonly<Record<string, Value | undefined>>): Facts =>
  Object.fromEntries(
    Object.entries(facts).flatMap(([fact, value]) => (value === undefined ? [] : [[fact, value]])),
  );

const stepFacts = (saga: AnySaga, step: Step): Facts => {
  const { name, send, succeeds, fails, waits, timeoutSeconds, onlyIf, pivot, undo } = step;
  const { start, outcomes } = exampleFor(saga);
  return recorded({
    name,
    sends: labelOf(send.command),
    several: isSeveral(() => send.make(start, outcomes)),
    succeeds: outcomeLabels(succeeds),
    fails: outcomeLabels(fails),
    waits: waits !== false,
    timeoutSeconds,
    conditional: onlyIf !== undefined,
    pivot: pivot === true,
    undo: undo ? [labelOf(undo.command)] : [],
    undoSeveral: undo && isSeveral(() => undo.make(start)),
  });
};

/** Keyed by saga and step: `checkout/reserve-stock`. */
export const stepsOf = (saga: AnySaga): readonly (readonly [string, Facts])[] =>
  saga.steps.map((step) => [`${storedNameOf(saga)}/${storedNameOf(step)}`, stepFacts(saga, step)]);

export const sagaFacts = (saga: AnySaga): Facts => {
  const { name, startsOn, steps, completes, abandons } = saga;
  const { start, outcomes } = exampleFor(saga);
  const reason: Reason = { kind: "timed-out", step: "example" };
  return recorded({
    name,
    startsOn: labelOf(startsOn),
    order: steps.map(storedNameOf),
    completes: labelOf(completes.command),
    completesSeveral: isSeveral(() => completes.make(start, outcomes)),
    abandons: labelOf(abandons.command),
    abandonsSeveral: isSeveral(() => abandons.make(start, reason)),
  });
};
