/**
 * The event table is the outbox. The relay publishes stored events to the bus, in today's shape. It checks the
 * outcome of every event and sends again only the events that the bus did not accept. If one event of a commit is
 * left over, the whole commit is redelivered. An event that cannot be read, or that the bus can never accept, is
 * parked; all other events, including later events of the same stream, are published. Events are immutable: a record
 * that reports a change is logged and not published.
 */

import { type CurrentEvents, UnreadableEvent } from "../../model/events/current.ts";
import { isUnreadableForNow } from "../../model/events/unreadable-for-now.ts";
import type { RecordedEvent } from "../../model/message.ts";
import type { StreamId } from "../../model/stream.ts";
import type { Bus } from "../../ports/bus.ts";
import type { Clock, Random, Sleep } from "../../ports/clock.ts";
import type { Commit } from "../../ports/event-store.ts";
import type { Log } from "../../ports/log.ts";
import type { Parked } from "../../ports/parked.ts";
import type { StreamRecord } from "../../ports/stream-record.ts";
import { parkUnreadable } from "../streams/park-unreadable.ts";
import { recordedEvents } from "../streams/recorded.ts";
import { asTheyCome, type StreamOrder } from "./stream-order.ts";

export type RelayPorts = {
  readonly current: CurrentEvents;
  readonly bus: Bus;
  /** Only for a bus that keeps the order of a stream. */
  readonly order?: StreamOrder;
  readonly parked: Parked;
  readonly clock: Clock;
  readonly sleep: Sleep;
  readonly random: Random;
  readonly log: Log;
};

type Outgoing = { readonly commit: Commit; readonly event: RecordedEvent };
type Refused = Outgoing & { readonly because: string };

/** The events of a commit that are published, and the ones that never become readable. */
type Read = {
  readonly outgoing: readonly Outgoing[];
  readonly refused: readonly Refused[];
};

const placeOf = ({ streamId, version }: Commit): string => `${streamId}@${version}`;

/** How many times an event is offered to the bus per delivery. After that, the record itself is redelivered. */
const offersMax = 3;
const pauseMilliseconds = 100;

/**
 * Newer code may have recorded an event that cannot be read yet. It is published as it is stored, so that no other event
 * waits for it: each consumer waits for its own newer code. Other unreadable events are refused.
 */
const todays = (current: CurrentEvents, commit: Commit, now: Date): Read => {
  const outgoing: Outgoing[] = [];
  const refused: Refused[] = [];
  for (const stored of recordedEvents(commit))
    try {
      outgoing.push(...current(stored).map((event) => ({ commit, event })));
    } catch (error) {
      if (!(error instanceof UnreadableEvent)) throw error;
      if (isUnreadableForNow(error, now)) outgoing.push({ commit, event: stored });
      else refused.push({ commit, event: stored, because: error.message });
    }
  return { outgoing, refused };
};

/** The commits that must be redelivered, as `streamId@version`, and the parked streams. */
type Published = { readonly retry: ReadonlySet<string>; readonly parked: readonly StreamId[] };

const publishCommits = async (
  { current, bus, order = asTheyCome, parked, clock, sleep, random, log }: RelayPorts,
  commits: readonly Commit[],
): Promise<Published> => {
  const problem = (message: string, error?: unknown) => log.write({ kind: "problem", message, error });
  const refused: Refused[] = [];

  /** Returns the events that are left after `offersMax` offers. */
  const publish = async (outgoing: readonly Outgoing[], offer = 1): Promise<readonly Outgoing[]> => {
    if (outgoing.length === 0) return [];
    const outcomes = await bus.publish(outgoing.map(({ event }) => event));
    const left: Outgoing[] = [];
    for (const [index, each] of outgoing.entries()) {
      const outcome = outcomes[index];
      if (outcome?.kind === "refused") refused.push({ ...each, because: outcome.because });
      else if (outcome?.kind !== "published") left.push(each);
    }
    if (left.length === 0 || offer === offersMax) return left;
    await sleep(random() * pauseMilliseconds * 2 ** offer);
    return publish(left, offer + 1);
  };

  /** Returns whether the event is parked. If not, its commit is redelivered. */
  const park = async ({ event, because: error }: Refused): Promise<boolean> => {
    const { id, streamId, version } = event.metadata;
    try {
      const at = clock().toISOString();
      await parked.park({ consumer: "relay", streamId, version, payload: JSON.stringify(event), error, at });
    } catch (fault) {
      problem(`relay could not park ${id}: ${fault}`, fault);
      return false;
    }
    log.count("StreamParked");
    problem(`relay parked ${id}: ${error}`);
    return true;
  };

  const next = await order.next(commits);
  const read = next.map((commit) => todays(current, commit, clock()));
  refused.push(...read.flatMap((each) => each.refused));
  const left = await publish(read.flatMap(({ outgoing }) => outgoing));
  for (const { event } of left) problem(`the bus did not accept ${event.metadata.id}`);
  const retry = new Set(left.map(({ commit }) => placeOf(commit)));
  const streams = new Set<StreamId>();
  // The last event that is parked for a stream is the one in the list. Parking in reverse order lists the first
  // one, from which the stream is republished.
  for (const each of refused.toReversed()) {
    if (retry.has(placeOf(each.commit))) continue;
    if (await park(each)) streams.add(each.commit.streamId);
    else retry.add(placeOf(each.commit));
  }
  order.published(next.filter((commit) => !retry.has(placeOf(commit))));
  return { retry, parked: [...streams] };
};

type Relayed = { readonly retry: readonly string[]; readonly parked: readonly StreamId[] };

/** Returns the ids of the records that must be redelivered, and the streams with a parked event. */
export const relayRecords = async (ports: RelayPorts, records: readonly StreamRecord[]): Promise<Relayed> => {
  const { log } = ports;

  const reportChange = (record: Extract<StreamRecord, { kind: "changed" }>) => {
    log.count("EventChanged");
    log.write({
      kind: "problem",
      message: `an event was changed: ${record.how} of ${record.streamId}@${record.version}`,
    });
  };

  for (const record of records) if (record.kind === "changed") reportChange(record);
  const unparked = await parkUnreadable("relay", records, ports);
  const commits = records.flatMap((record) => (record.kind === "commit" ? [record.commit] : []));
  const { retry, parked } = await publishCommits(ports, commits);
  const ids = records.flatMap((record) =>
    record.kind === "commit" && retry.has(placeOf(record.commit)) ? [record.id] : [],
  );
  return { retry: [...new Set([...ids, ...unparked])], parked };
};

/** Returns the ids of the records that must be redelivered. */
export const relay =
  (ports: RelayPorts) =>
  async (records: readonly StreamRecord[]): Promise<readonly string[]> =>
    (await relayRecords(ports, records)).retry;
