/** The reference of the instances of sagas. */
import type { InstanceItem, Instances } from "../../ports/instances.ts";

export const memoryInstances = (): Instances & { readonly ids: () => readonly string[] } => {
  const items = new Map<string, InstanceItem>();
  const of = (id: string): InstanceItem => items.get(id) ?? { id, notes: [], restarts: 0 };

  return {
    ids: () => [...items.keys()],
    read: async (id) => of(id),
    note: async (id, events, waiting) => {
      const item = of(id);
      const notes = [...item.notes];
      for (const event of events)
        if (!notes.some(({ metadata }) => metadata.id === event.metadata.id)) notes.push(event);
      const noted = waiting ? { ...item, notes, waiting } : { ...item, notes };
      items.set(id, noted);
      return noted;
    },
    park: async (id, parked) => {
      const { parked: _, ...item } = of(id);
      items.set(id, parked ? { ...item, parked } : item);
    },
    restart: async (id, resumed) => {
      const item = of(id);
      const restarts = item.restarts + 1;
      items.set(id, { ...item, restarts, resumed });
      return restarts;
    },
  };
};
