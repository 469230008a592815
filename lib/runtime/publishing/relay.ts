/**
 * The event table is the outbox; this moves what is stored to the bus. It looks at the outcome of every single
 * event and sends again only what the bus did not take; a commit of which an event is left over comes again as a
 * whole. An event that the bus can never take is parked, and everything else goes on, the later events of its stream
 * included. Nothing may change an event: a record that says so is reported and not published.
 */

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
type Refused = Outgoing & { readonly because: string };

const placeOf = ({ streamId, version }: Commit): string => `${streamId}@${version}`;

/** How often an event is offered to the bus within one delivery; then the record itself comes again. */
const offersMax = 3;
const pauseMilliseconds = 100;

/** The places of the commits that must come again, and the streams that are parked. */
type Published = { readonly retry: ReadonlySet<string>; readonly parked: readonly StreamId[] };

const publishCommits = async (
  { bus, order = asTheyCome, parked, clock, sleep, random, log }: RelayPorts,
  commits: readonly Commit[],
): Promise<Published> => {
  const problem = (message: string, error?: unknown) => log.write({ kind: "problem", message, error });
  const refused: Refused[] = [];

  /** What is left over after so many offers. */
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

  /** Answers whether it is parked: if not, its commit comes again. */
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
  const left = await publish(
    next.flatMap((commit) => recordedEvents(commit).map((event) => ({ commit, event }))),
  );
  for (const { event } of left) problem(`the bus did not take ${event.metadata.id}`);
  const retry = new Set(left.map(({ commit }) => placeOf(commit)));
  const streams = new Set<StreamId>();
  // The last that is parked of a stream is the one that is listed: from the first on it is published again.
  for (const each of refused.toReversed()) {
    if (retry.has(placeOf(each.commit))) continue;
    if (await park(each)) streams.add(each.commit.streamId);
    else retry.add(placeOf(each.commit));
  }
  order.published(next.filter((commit) => !retry.has(placeOf(commit))));
  return { retry, parked: [...streams] };
};

type Relayed = { readonly retry: readonly string[]; readonly parked: readonly StreamId[] };

/** Answers the ids of the records that must come again, and the streams of which an event is parked. */
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

/** Answers the ids of the records that must come again. */
export const relay =
  (ports: RelayPorts) =>
  async (records: readonly StreamRecord[]): Promise<readonly string[]> =>
    (await relayRecords(ports, records)).retry;
