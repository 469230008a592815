/** What came for a saga, instance by instance: one that fails delays no other. */
import { instancesOf } from "../model/instance.ts";
import type { RecordedEvent } from "../model/message.ts";
import { isA } from "../model/reference.ts";
import type { AnySaga } from "../model/saga.ts";
import type { Delivery } from "../ports/delivery.ts";
import { type InstanceItem, type Instances, unknownInstance } from "../ports/instances.ts";
import type { Log } from "../ports/log.ts";
import { notebook } from "./notebook.ts";

/** Deliveries by the instance that they are for; one event may be for several. */
const byInstance = (
  saga: AnySaga,
  deliveries: readonly Delivery[],
): ReadonlyMap<string, readonly Delivery[]> => {
  const all = new Map<string, Delivery[]>();
  for (const delivery of deliveries) {
    const ids = delivery.kind === "event" ? instancesOf(saga, delivery.event) : [delivery.sagaId];
    for (const id of ids) all.set(id, [...(all.get(id) ?? []), delivery]);
  }
  return all;
};

/** Answers the ids of the deliveries that must come again. */
export const reactToEach =
  (saga: AnySaga, log: Log, reactTo: (id: string, deliveries: readonly Delivery[]) => Promise<void>) =>
  async (deliveries: readonly Delivery[]): Promise<readonly string[]> => {
    const failures = [...byInstance(saga, deliveries)].map(async ([id, all]) => {
      try {
        await reactTo(id, all);
        return [];
      } catch (error) {
        log.write({ kind: "problem", message: `reacting for ${id}: ${error}`, sagaId: id });
        return all.map((delivery) => delivery.id);
      }
    });
    return [...new Set((await Promise.all(failures)).flat())];
  };

export const eventsIn = (deliveries: readonly Delivery[]): readonly RecordedEvent[] =>
  deliveries.flatMap((delivery) => (delivery.kind === "event" ? [delivery.event] : []));

/** Whether one of them starts an instance of the saga. */
export const startsAny = ({ startsOn }: AnySaga, events: readonly RecordedEvent[]): boolean =>
  events.some((event) => isA(startsOn, event));

/** Reads the instance and notes what it does not know. One that starts now is not there to be read. */
export const noteUnseen = async (
  saga: AnySaga,
  instances: Instances,
  id: string,
  events: readonly RecordedEvent[],
): Promise<InstanceItem> => {
  const item = startsAny(saga, events) ? unknownInstance(id) : await instances.read(id);
  return notebook(saga, instances).note(item, events);
};
