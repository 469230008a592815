/** Which events a bus delivers to a handler. */
import type { AnyDecider } from "../decider.ts";
import type { ForeignEvent } from "../events/foreign-event.ts";
import { storedTypes } from "../events/past.ts";
import type { RecordedEvent, receipts } from "../message.ts";
import type { EventReference } from "../reference.ts";
import { type AnySaga, commandsOf } from "../saga.ts";

/**
 * Events of these types, and events that belong to the saga. Events that the saga's own commands caused do not pass
 * by its name, because the saga has read them in the streams that it sent the commands to.
 */
export type EventFilter = {
  /** The system that publishes the events. Without it, the events are this application's own. */
  readonly source?: string;
  readonly eventTypes: readonly string[];
  readonly saga?: { readonly name: string };
};

/** What a handler subscribes to. All these events are in streams of these categories. */
export type Interest = EventFilter & { readonly categories: readonly string[] };

/** The receipt with the decision of an operator. */
export const resumed = "CommandResumed" satisfies keyof typeof receipts;

type Deciders = readonly Pick<AnyDecider, "name" | "past">[];

/** The types under which the event is stored. */
const typesOf = (deciders: Deciders, { category, type }: EventReference): readonly string[] =>
  storedTypes(deciders.find(({ name }) => name === category)?.past ?? [], type);

/** An effect subscribes to one type of event, and to the old types that became it. */
export const interestOfEffect = ({ on }: { readonly on: EventReference }, deciders: Deciders): Interest => ({
  categories: [on.category],
  eventTypes: typesOf(deciders, on),
});

/**
 * A saga subscribes by type to its start, to outcomes from outside and to the decisions of operators, and by its name
 * to what others caused for it, such as the answers of effects.
 */
export const interestOfSaga = (saga: AnySaga, deciders: Deciders): Interest => {
  const { name, startsOn, steps } = saga;
  const outcomes = steps.flatMap(({ succeeds, fails }) => [...succeeds, ...fails]);
  const outside = outcomes.filter(({ instance }) => instance);
  const all = [startsOn, ...outcomes, ...commandsOf(saga)];
  return {
    categories: [...new Set(all.map(({ category }) => category))],
    eventTypes: [
      ...new Set([...[startsOn, ...outside].flatMap((event) => typesOf(deciders, event)), resumed]),
    ],
    saga: { name },
  };
};

/** Whether the filter passes an event of this application. */
export const wants =
  ({ eventTypes, saga }: EventFilter) =>
  ({ type, metadata: { sagaId, commandId } }: RecordedEvent): boolean => {
    if (eventTypes.includes(type)) return true;
    if (saga === undefined || !sagaId?.startsWith(`${saga.name}/`)) return false;
    return !commandId.startsWith(`${saga.name}/`);
  };

/** Whether the filter passes an event of another system. */
export const wantsForeign =
  ({ source, eventTypes }: EventFilter) =>
  (event: ForeignEvent): boolean =>
    event.source === source && eventTypes.includes(event.type);
