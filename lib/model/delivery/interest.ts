/** Which events a handler gets from a bus. */
import type { ForeignEvent } from "../events/foreign-event.ts";
import type { RecordedEvent } from "../message.ts";
import type { EventReference } from "../reference.ts";
import { type AnySaga, commandsOf } from "../saga.ts";

/**
 * Events of these types, and events that belong to the saga. Events that the saga's own commands caused pass only if it
 * `hearsItself`.
 */
export type EventFilter = {
  /** The other system whose events they are. Without it, they are the application's own. */
  readonly source?: string;
  readonly eventTypes: readonly string[];
  readonly saga?: { readonly name: string; readonly hearsItself: boolean };
};

/** What a handler subscribes to. All of its events are in streams of these categories. */
export type Interest = EventFilter & { readonly categories: readonly string[] };

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
  ({ eventTypes, saga }: EventFilter) =>
  ({ type, metadata: { sagaId, commandId } }: RecordedEvent): boolean => {
    if (eventTypes.includes(type)) return true;
    if (saga === undefined || !sagaId?.startsWith(`${saga.name}/`)) return false;
    return saga.hearsItself || !commandId.startsWith(`${saga.name}/`);
  };

export const wantsForeign =
  ({ source, eventTypes }: EventFilter) =>
  (event: ForeignEvent): boolean =>
    event.source === source && eventTypes.includes(event.type);
