/** Which events a bus delivers to a handler. */
import type { ForeignEvent } from "../events/foreign-event.ts";
import type { RecordedEvent } from "../message.ts";
import type { EventReference } from "../reference.ts";
import { type AnySaga, commandsOf } from "../saga.ts";

/**
 * Events of these types, and events that belong to the saga. Events that the saga's own commands caused pass only
 * if `hearsItself` is set.
 */
export type EventFilter = {
  /** The system that publishes the events. Without it, the events are this application's own. */
  readonly source?: string;
  readonly eventTypes: readonly string[];
  readonly saga?: { readonly name: string; readonly hearsItself: boolean };
};

/** What a handler subscribes to. All these events are in streams of these categories. */
export type Interest = EventFilter & { readonly categories: readonly string[] };

/** An effect subscribes to one type of event. */
export const interestOfEffect = ({ on }: { readonly on: EventReference }): Interest => ({
  categories: [on.category],
  eventTypes: [on.type],
});

/**
 * A saga subscribes by type to its start and to outcomes from outside, and by its name to everything that it
 * caused, receipts included.
 */
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

/** Whether the filter passes an event of this application. */
export const wants =
  ({ eventTypes, saga }: EventFilter) =>
  ({ type, metadata: { sagaId, commandId } }: RecordedEvent): boolean => {
    if (eventTypes.includes(type)) return true;
    if (saga === undefined || !sagaId?.startsWith(`${saga.name}/`)) return false;
    return saga.hearsItself || !commandId.startsWith(`${saga.name}/`);
  };

/** Whether the filter passes an event of another system. */
export const wantsForeign =
  ({ source, eventTypes }: EventFilter) =>
  (event: ForeignEvent): boolean =>
    event.source === source && eventTypes.includes(event.type);
