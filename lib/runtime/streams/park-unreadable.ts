/** Parks records that contain no readable commit, so that they do not block other records. */
import type { Clock } from "../../ports/clock.ts";
import type { Log } from "../../ports/log.ts";
import type { Parked } from "../../ports/parked.ts";
import type { StreamRecord } from "../../ports/stream-record.ts";

type Ports = { readonly parked: Parked; readonly clock: Clock; readonly log: Log };

/** Returns the ids of the records that could not be parked. */
export const parkUnreadable = async (
  consumer: string,
  records: readonly StreamRecord[],
  { parked, clock, log }: Ports,
): Promise<readonly string[]> => {
  const failures = records.map(async (record) => {
    if (record.kind !== "unreadable") return [];
    const { streamId, version, payload, error } = record;
    try {
      await parked.park({ consumer, streamId, version, payload, error, at: clock().toISOString() });
    } catch (fault) {
      log.write({
        kind: "problem",
        message: `${consumer} could not park ${streamId}: ${fault}`,
        error: fault,
      });
      return [record.id];
    }
    log.count("StreamParked");
    log.write({ kind: "problem", message: `${consumer} parked ${streamId}@${version}: ${error}`, error });
    return [];
  });
  return (await Promise.all(failures)).flat();
};
