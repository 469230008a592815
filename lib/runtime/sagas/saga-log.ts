/**
 * Notes events for the instances of a saga, and with them, in the same write, where the instance stands then. Of two
 * that note at once neither knows where both lead: whoever finds another standing with the item than its notes lead
 * to puts it right, and so does whoever comes again after a crash. An instance whose notes would fill its item is not
 * noted any further, as long as there is still room to mark it as parked.
 */

import type { RecordedEvent } from "../../model/message.ts";
import { onceFor } from "../../model/once-for.ts";
import type { AnySaga } from "../../model/saga.ts";
import { historyEntry } from "../../model/sagas/instance.ts";
import {
  historyBytesMax,
  type InstanceItem,
  type Instances,
  type WaitingToken,
} from "../../ports/instances.ts";
import { PermanentError } from "../../ports/permanent-error.ts";
import { instanceStatusOf, listedStatusOf } from "./instance-status.ts";

/** What stands there already is not stored again. */
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
      `the ${history.length} events of ${id} have ${bytes} bytes, at most ${historyBytesMax} can be noted`,
    );
};

type SagaLog = {
  /** The item as it is once these are noted, if nobody else notes meanwhile. */
  readonly with: (item: InstanceItem, events: readonly RecordedEvent[]) => InstanceItem;
  /** Adds those of the events that the item does not hold, and the token, in one step. Throws `PermanentError`. */
  readonly append: (
    item: InstanceItem,
    events: readonly RecordedEvent[],
    waiting?: WaitingToken,
  ) => Promise<InstanceItem>;
  /** Marks or, with undefined, unmarks it as parked. */
  readonly park: (id: string, parked: InstanceItem["parked"]) => Promise<InstanceItem>;
};

export const sagaLog = (saga: AnySaga, instances: Instances): SagaLog => {
  const putRight = async (item: InstanceItem): Promise<InstanceItem> => {
    const listedStatus = newListedStatus(saga, item);
    if (!listedStatus) return item;
    await instances.setListedStatus(item.id, listedStatus, item.history.length);
    return { ...item, listedStatus };
  };

  const unseenBy = ({ history }: InstanceItem, events: readonly RecordedEvent[]) => {
    const seen = new Set(history.map(({ metadata }) => metadata.id));
    return events.filter(({ metadata }) => !seen.has(metadata.id)).map((event) => historyEntry(saga, event));
  };

  const plus = (item: InstanceItem, unseen: readonly RecordedEvent[]): InstanceItem =>
    unseen.length === 0 ? item : { ...item, history: [...item.history, ...unseen] };

  return {
    with: (item, events) => plus(item, unseenBy(item, events)),
    append: async (item, events, waiting) => {
      const unseen = unseenBy(item, events);
      // A note that changes nothing is billed all the same.
      if (unseen.length === 0 && !waiting) return putRight(item);
      const ahead = plus(item, unseen);
      if (unseen.length > 0) checkRoom(ahead);
      const listedStatus = newListedStatus(saga, ahead);
      return putRight(await instances.append(item.id, unseen, { waiting, listedStatus }));
    },
    park: async (id, parked) => putRight(await instances.park(id, parked)),
  };
};
