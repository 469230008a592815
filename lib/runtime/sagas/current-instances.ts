/**
 * Instances whose histories have today's events. An instance may be under way for years, so its history has events of
 * every version. An event that cannot be read stays in the history as it is stored, and the item names it: reports show
 * the instance, and engines do not continue it.
 */
import { type CurrentEvents, UnreadableEvent } from "../../model/events/current.ts";
import type { RecordedEvent } from "../../model/message.ts";
import type { InstanceItem, Instances } from "../../ports/instances.ts";

/** The history stores the data of an event only if the saga reads it, see `historyEntry`. */
const hasNoData = ({ data }: RecordedEvent): boolean => Object.keys(data).length === 0;

type Read = { readonly events: readonly RecordedEvent[]; readonly unreadable?: UnreadableEvent };

const readEntry = (current: CurrentEvents, entry: RecordedEvent): Read => {
  try {
    return { events: current(entry) };
  } catch (error) {
    if (!(error instanceof UnreadableEvent)) throw error;
    return hasNoData(entry) ? { events: [entry] } : { events: [entry], unreadable: error };
  }
};

/** A part of a split event may have been appended before the whole event was. */
const once = (events: readonly RecordedEvent[]): readonly RecordedEvent[] => [
  ...new Map(events.map((event) => [event.metadata.id, event])).values(),
];

const currentItem = (current: CurrentEvents, item: InstanceItem): InstanceItem => {
  const entries = item.history.map((entry) => readEntry(current, entry));
  const unreadable = entries.find((entry) => entry.unreadable)?.unreadable;
  const history = once(entries.flatMap(({ events }) => events));
  return { ...item, history, storedEvents: item.history.length, ...(unreadable && { unreadable }) };
};

export const currentInstances = (current: CurrentEvents, instances: Instances): Instances => ({
  ...instances,
  read: async (...given) => currentItem(current, await instances.read(...given)),
  append: async (...given) => currentItem(current, await instances.append(...given)),
  park: async (...given) => currentItem(current, await instances.park(...given)),
});

/** Throws `UnreadableEvent` if the history has an event that today's code cannot read. */
export const refuseUnreadable = ({ unreadable }: InstanceItem): void => {
  if (unreadable) throw unreadable;
};
