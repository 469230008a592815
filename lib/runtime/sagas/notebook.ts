/**
 * Notes events for the instances of a saga, and with them, in the same write, where the instance stands then. Of two
 * that note at once neither knows where both lead: whoever finds another standing with the item than its notes lead
 * to puts it right, and so does whoever comes again after a crash. An instance whose notes would fill its item is not
 * noted any further, as long as there is still room to mark it as parked.
 */

import type { RecordedEvent } from "../../model/message.ts";
import { onceFor } from "../../model/once-for.ts";
import type { AnySaga } from "../../model/saga.ts";
import { noteOf } from "../../model/sagas/instance.ts";
import {
  type InstanceItem,
  type Instances,
  notesBytesMax,
  type WaitingToken,
} from "../../ports/instances.ts";
import { PermanentError } from "../../ports/permanent-error.ts";
import { standingOf, standOf } from "./standing.ts";

/** What stands there already is not stored again. */
const newStanding = (saga: AnySaga, item: InstanceItem) => {
  const stand = standOf(saga, item);
  const standing = stand && standingOf(stand, item.standing);
  return standing === item.standing ? undefined : standing;
};

const bytesOf = onceFor((event: RecordedEvent): number =>
  Buffer.byteLength(JSON.stringify(event) + event.metadata.id),
);

const checkRoom = ({ id, notes }: InstanceItem): void => {
  const bytes = notes.reduce((sum, event) => sum + bytesOf(event), 0);
  if (bytes > notesBytesMax)
    throw new PermanentError(
      `the ${notes.length} events of ${id} have ${bytes} bytes, at most ${notesBytesMax} can be noted`,
    );
};

export type Notebook = {
  /** The item as it is once these are noted, if nobody else notes meanwhile. */
  readonly with: (item: InstanceItem, events: readonly RecordedEvent[]) => InstanceItem;
  /** Adds those of the events that the item does not hold, and the token, in one step. Throws `PermanentError`. */
  readonly note: (
    item: InstanceItem,
    events: readonly RecordedEvent[],
    waiting?: WaitingToken,
  ) => Promise<InstanceItem>;
  /** Marks or, with undefined, unmarks it as parked. */
  readonly park: (id: string, parked: InstanceItem["parked"]) => Promise<InstanceItem>;
};

export const notebook = (saga: AnySaga, instances: Instances): Notebook => {
  const putRight = async (item: InstanceItem): Promise<InstanceItem> => {
    const standing = newStanding(saga, item);
    if (!standing) return item;
    await instances.stand(item.id, standing, item.notes.length);
    return { ...item, standing };
  };

  const unseenBy = ({ notes }: InstanceItem, events: readonly RecordedEvent[]) => {
    const seen = new Set(notes.map(({ metadata }) => metadata.id));
    return events.filter(({ metadata }) => !seen.has(metadata.id)).map((event) => noteOf(saga, event));
  };

  const plus = (item: InstanceItem, unseen: readonly RecordedEvent[]): InstanceItem =>
    unseen.length === 0 ? item : { ...item, notes: [...item.notes, ...unseen] };

  return {
    with: (item, events) => plus(item, unseenBy(item, events)),
    note: async (item, events, waiting) => {
      const unseen = unseenBy(item, events);
      // A note that changes nothing is billed all the same.
      if (unseen.length === 0 && !waiting) return putRight(item);
      const ahead = plus(item, unseen);
      if (unseen.length > 0) checkRoom(ahead);
      const standing = newStanding(saga, ahead);
      return putRight(await instances.note(item.id, unseen, { waiting, standing }));
    },
    park: async (id, parked) => putRight(await instances.park(id, parked)),
  };
};
