/** Which events a handler gets, on whatever bus: an effect, or a saga. */
import type { RecordedEvent } from "../message.ts";
import type { EventReference } from "../reference.ts";
import { type AnySaga, commandsOf } from "../saga.ts";

/**
 * Those of these types, and those that belong to a saga of this name; what answers the saga's own commands only if it
 * `hearsItself`.
 */
export type Interest = {
  /** The categories of the streams that all of them are in. */
  readonly categories: readonly string[];
  readonly eventTypes: readonly string[];
  readonly saga?: { readonly name: string; readonly hearsItself: boolean };
};

export const interestOfEffect = ({ on }: { readonly on: EventReference }): Interest => ({
  categories: [on.category],
  eventTypes: [on.type],
});

/** Its start, and outcomes that it did not cause, by their type; all that it caused, receipts too, by its name. */
export const interestOfSaga = (saga: AnySaga, hearsItself: boolean): Interest => {
  const { name, startsOn, steps } = saga;
  const outcomes = steps.flatMap(({ succeeds, fails }) => [...succeeds, ...fails]);
  const outside = outcomes.filter(({ instance }) => instance);
  const all = [startsOn, ...outcomes, ...commandsOf(saga)];
  return {
    categories: [...new Set(all.map(({ category }) => category))],
    eventTypes: [...new Set([startsOn, ...outside].map(({ type }) => type))],
    saga: { name, hearsItself },
  };
};

export const wants =
  ({ eventTypes, saga }: Omit<Interest, "categories">) =>
  ({ type, metadata: { sagaId, commandId } }: RecordedEvent): boolean => {
    if (eventTypes.includes(type)) return true;
    if (saga === undefined || !sagaId?.startsWith(`${saga.name}/`)) return false;
    return saga.hearsItself || !commandId.startsWith(`${saga.name}/`);
  };
