/**
 * Publishes the events of a stream again for consumers that never received them, for example because an outage
 * lasted longer than the change stream keeps records, or because a record could not be read. Consumers that have
 * received them recognise their ids. The ledger of effects keeps its entries for a limited time. Older events would
 * run their effects again, so they are refused.
 */
import type { StreamId } from "../../model/stream.ts";
import { type EventStore, lastVersionOf } from "../../ports/event-store.ts";
import { loadStream } from "../streams/load-stream.ts";
import { type RelayPorts, relayRecords } from "./relay.ts";

type Republished =
  | { readonly kind: "republished"; readonly events: number }
  /** The bus did not accept all events, or it can never accept one of them, which is parked again. */
  | { readonly kind: "failed" | "parked-again" }
  | { readonly kind: "refused"; readonly because: string };

export type RepublishPorts = RelayPorts & { readonly store: EventStore };

/** Less than the 35 days for which the ledger keeps an entry. */
const daysMax = 30;

/** Publishes all commits that end after this version. */
export const republish =
  (ports: RepublishPorts) =>
  async (streamId: StreamId, after: number): Promise<Republished> => {
    const commits = (await loadStream(ports.store, streamId, "strong")).filter(
      (commit) => lastVersionOf(commit) > after,
    );
    const oldest = ports.clock().getTime() - daysMax * 24 * 3600 * 1000;
    const old = commits.findLast(({ at }) => Date.parse(at) < oldest);
    if (commits.length === 0)
      return { kind: "refused", because: `${streamId} has no events after version ${after}` };
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
