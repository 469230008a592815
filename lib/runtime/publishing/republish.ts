/**
 * Publishes what a stream holds once more, for whoever never got it: an outage was longer than the change stream
 * holds, or a record could not be read. Who had it already knows its events by their ids. The ledger of effects
 * forgets in the end; what is older than it surely knows would be performed again, and is refused.
 */
import type { StreamId } from "../../model/stream.ts";
import { type EventStore, lastVersionOf } from "../../ports/event-store.ts";
import { loadStream } from "../streams/load-stream.ts";
import { type RelayPorts, relayRecords } from "./relay.ts";

type Republished =
  | { readonly kind: "republished"; readonly events: number }
  /** The bus did not take all of it, or it can never take an event, which is parked again. */
  | { readonly kind: "failed" | "parked-again" }
  | { readonly kind: "refused"; readonly because: string };

export type RepublishPorts = RelayPorts & { readonly store: EventStore };

/** Less than the 35 days for which the ledger keeps an entry. */
const daysMax = 30;

/** All commits that end after this version. */
export const republish =
  (ports: RepublishPorts) =>
  async (streamId: StreamId, after: number): Promise<Republished> => {
    const commits = (await loadStream(ports.store, streamId, "strong")).filter(
      (commit) => lastVersionOf(commit) > after,
    );
    const oldest = ports.clock().getTime() - daysMax * 24 * 3600 * 1000;
    const old = commits.findLast(({ at }) => Date.parse(at) < oldest);
    if (commits.length === 0) return { kind: "refused", because: `${streamId} has nothing after ${after}` };
    if (old)
      return {
        kind: "refused",
        because: `${streamId} up to ${lastVersionOf(old)} is older than ${daysMax} days: its effects would run again`,
      };
    const { retry, parked } = await relayRecords(
      ports,
      commits.map((commit) => ({ kind: "commit", id: `${commit.version}`, commit })),
    );
    if (retry.length > 0) return { kind: "failed" };
    if (parked.length > 0) return { kind: "parked-again" };
    return { kind: "republished", events: commits.flatMap(({ events }) => events).length };
  };
