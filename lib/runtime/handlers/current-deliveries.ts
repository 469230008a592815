/**
 * Deliveries in today's shape. Messages wait in queues, archives and dead letters while the code changes. So an event
 * may be delivered in an old version, and becomes none, one or several deliveries with the same id.
 */
import { type CurrentEvents, UnreadableEvent } from "../../model/events/current.ts";
import type { Delivery, NotDone } from "../../ports/delivery.ts";

type Current = {
  readonly deliveries: readonly Delivery[];
  readonly unreadable: readonly { readonly id: string; readonly error: UnreadableEvent }[];
};

export const currentDeliveries = (current: CurrentEvents, given: readonly Delivery[]): Current => {
  const deliveries: Delivery[] = [];
  const unreadable: { readonly id: string; readonly error: UnreadableEvent }[] = [];
  for (const delivery of given)
    try {
      if (delivery.kind !== "event") deliveries.push(delivery);
      else deliveries.push(...current(delivery.event).map((event) => ({ ...delivery, event })));
    } catch (error) {
      if (!(error instanceof UnreadableEvent)) throw error;
      unreadable.push({ id: delivery.id, error });
    }
  return { deliveries, unreadable };
};

const severity = { dead: 0, retry: 1, wait: 2 } as const satisfies Readonly<Record<NotDone["kind"], number>>;

/**
 * One outcome per delivery. One delivery may be handled in several parts, or for several instances of a saga. If one
 * of them may succeed later, the delivery is redelivered.
 */
export const worst = (notDone: readonly NotDone[]): readonly NotDone[] => {
  const byId = new Map<string, NotDone>();
  for (const each of notDone) {
    const other = byId.get(each.id);
    if (!other || severity[each.kind] > severity[other.kind]) byId.set(each.id, each);
  }
  return [...byId.values()];
};
