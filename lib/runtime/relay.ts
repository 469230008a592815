/**
 * The event table is the outbox; this moves what is stored to the bus. It looks at the outcome of every single
 * event and sends again only what the bus did not take; a commit of which an event is left over comes again as a
 * whole. Nothing may change an event: a record that says so is reported and published to nobody.
 */

import type { RecordedEvent } from "../model/message.ts";
import type { Bus } from "../ports/bus.ts";
import type { Clock, Random, Sleep } from "../ports/clock.ts";
import type { Commit } from "../ports/event-store.ts";
import type { Log } from "../ports/log.ts";
import type { Parked } from "../ports/parked.ts";
import type { StreamRecord } from "../ports/stream-record.ts";
import { parkUnreadable } from "./park-unreadable.ts";
import { recordedEvents } from "./recorded.ts";
import { asTheyCome, type StreamOrder } from "./stream-order.ts";

export type RelayPorts = {
  readonly bus: Bus;
  /** For a bus that keeps the order of a stream. */
  readonly order?: StreamOrder;
  readonly parked: Parked;
  readonly clock: Clock;
  readonly sleep: Sleep;
  readonly random: Random;
  readonly log: Log;
};

type Outgoing = { readonly commit: Commit; readonly event: RecordedEvent };

const placeOf = ({ streamId, version }: Commit): string => `${streamId}@${version}`;

/** How often an event is offered to the bus within one delivery; then the record itself comes again. */
const offersMax = 3;
const pauseMilliseconds = 100;

/** Answers the ids of the records that must come again. */
export const relay =
  ({ bus, order = asTheyCome, parked, clock, sleep, random, log }: RelayPorts) =>
  async (records: readonly StreamRecord[]): Promise<readonly string[]> => {
    /** What is left over after so many offers. */
    const publish = async (outgoing: readonly Outgoing[], offer = 1): Promise<readonly Outgoing[]> => {
      if (outgoing.length === 0) return [];
      const outcomes = await bus.publish(outgoing.map(({ event }) => event));
      const left = outgoing.filter((_, index) => outcomes[index]?.kind !== "published");
      if (left.length === 0 || offer === offersMax) return left;
      await sleep(random() * pauseMilliseconds * 2 ** offer);
      return publish(left, offer + 1);
    };

    const publishCommits = async (): Promise<readonly string[]> => {
      const commits = records.flatMap((record) => (record.kind === "commit" ? [record.commit] : []));
      const next = await order.next(commits);
      const left = await publish(
        next.flatMap((commit) => recordedEvents(commit).map((event) => ({ commit, event }))),
      );
      for (const { event } of left)
        log.write({ kind: "problem", message: `the bus did not take ${event.metadata.id}` });
      const again = new Set(left.map(({ commit }) => placeOf(commit)));
      order.published(next.filter((commit) => !again.has(placeOf(commit))));
      return records.flatMap((record) =>
        record.kind === "commit" && again.has(placeOf(record.commit)) ? [record.id] : [],
      );
    };

    const reportChange = (record: Extract<StreamRecord, { kind: "changed" }>) => {
      log.count("EventChanged");
      log.write({
        kind: "problem",
        message: `an event was changed: ${record.how} of ${record.streamId}@${record.version}`,
      });
    };

    for (const record of records) if (record.kind === "changed") reportChange(record);
    const unparked = await parkUnreadable("relay", records, { parked, clock, log });
    return [...new Set([...(await publishCommits()), ...unparked])];
  };
