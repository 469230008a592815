/**
 * Appends events to the history of a saga instance and stores the resulting status in the same write. If two
 * processes append at once, neither knows the final status. The process that finds a stored status which differs
 * from the history corrects it. After a crash, the redelivery corrects it. A history that would fill its item is
 * not extended, so there is always room to mark the instance as parked.
 */

import type { RecordedEvent } from "../../model/message.ts";
import { onceFor } from "../../model/once-for.ts";
import type { AnySaga } from "../../model/saga.ts";
import { historyEntry, instancesOf } from "../../model/sagas/instance.ts";
import {
  historyBytesMax,
  type InstanceItem,
  type Instances,
  storedEventsOf,
  type WaitingToken,
} from "../../ports/instances.ts";
import { PermanentError } from "../../ports/permanent-error.ts";
import { instanceStatusOf, listedStatusOf } from "./instance-status.ts";

/** Undefined if this status is already stored. */
const newListedStatus = (saga: AnySaga, item: InstanceItem) => {
  const instanceStatus = instanceStatusOf(saga, item);
  const listedStatus = instanceStatus && listedStatusOf(instanceStatus, item.listedStatus);
  return listedStatus === item.listedStatus ? undefined : listedStatus;
};

const bytesOf = onceFor((event: RecordedEvent): number =>
  Buffer.byteLength(JSON.stringify(event) + event.metadata.id),
);

const checkRoom = ({ id, history }: InstanceItem): void => {
  const bytes = history.reduce((sum, event) => sum + bytesOf(event), 0);
  if (bytes > historyBytesMax)
    throw new PermanentError(
      `the ${history.length} events of ${id} have ${bytes} bytes, at most ${historyBytesMax} are allowed`,
    );
};

type SagaLog = {
  /** The item as `append` would answer it, if no other process appends in the meantime. */
  readonly with: (item: InstanceItem, events: readonly RecordedEvent[]) => InstanceItem;
  /**
   * Adds the token and the events of this instance that the item does not have, in one write. Throws
   * `PermanentError`.
   */
  readonly append: (
    item: InstanceItem,
    events: readonly RecordedEvent[],
    waiting?: WaitingToken,
  ) => Promise<InstanceItem>;
  /** Marks the instance as parked, or removes the mark if `parked` is undefined. */
  readonly park: (id: string, parked: InstanceItem["parked"]) => Promise<InstanceItem>;
};

export const sagaLog = (saga: AnySaga, instances: Instances): SagaLog => {
  const putRight = async (item: InstanceItem): Promise<InstanceItem> => {
    const listedStatus = newListedStatus(saga, item);
    if (!listedStatus) return item;
    await instances.setListedStatus(item.id, listedStatus, storedEventsOf(item));
    return { ...item, listedStatus };
  };

  /** A stream may have events of other instances too. */
  const unseenBy = ({ id, history }: InstanceItem, events: readonly RecordedEvent[]) => {
    const seen = new Set(history.map(({ metadata }) => metadata.id));
    return events
      .filter((event) => !seen.has(event.metadata.id) && instancesOf(saga, event).includes(id))
      .map((event) => historyEntry(saga, event));
  };

  const plus = (item: InstanceItem, unseen: readonly RecordedEvent[]): InstanceItem =>
    unseen.length === 0 ? item : { ...item, history: [...item.history, ...unseen] };

  return {
    with: (item, events) => plus(item, unseenBy(item, events)),
    append: async (item, events, waiting) => {
      const unseen = unseenBy(item, events);
      // DynamoDB also bills an update that changes nothing.
      if (unseen.length === 0 && !waiting) return putRight(item);
      const ahead = plus(item, unseen);
      if (unseen.length > 0) checkRoom(ahead);
      const listedStatus = newListedStatus(saga, ahead);
      return putRight(await instances.append(item.id, unseen, { waiting, listedStatus }));
    },
    park: async (id, parked) => putRight(await instances.park(id, parked)),
  };
};
