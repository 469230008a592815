/**
 * Keeps the read models equal to the fold of their events, however the records come. A row is written once for
 * all records of a batch, on the condition that nobody else has written it since. An event that a projection
 * cannot take parks its stream for that projection and counts as done; a fault of a port is a failure of the
 * records, which come again.
 */
import type { AnyProjection } from "../model/projection.ts";
import { categoryOf, type StreamId } from "../model/stream.ts";
import type { Clock } from "../ports/clock.ts";
import type { Commit, EventStore } from "../ports/event-store.ts";
import type { Log } from "../ports/log.ts";
import type { Parked } from "../ports/parked.ts";
import type { ReadModels, StoredRow } from "../ports/read-models.ts";
import type { StreamRecord } from "../ports/stream-record.ts";
import { byStream } from "./commits.ts";
import { follow, gateKeyOf, type Poison, type Rows } from "./follow.ts";
import { groupsOf } from "./groups.ts";
import { parkUnreadable } from "./park-unreadable.ts";

export type ProjectPorts = {
  readonly store: EventStore;
  readonly readModels: ReadModels;
  readonly parked: Parked;
  readonly clock: Clock;
  readonly log: Log;
};

/** Another function may write the same row; whoever comes second reads it again. */
const attemptsMax = 20;
/** As the port of read models says. */
const rowsMax = 100;

type Streams = ReadonlyMap<StreamId, readonly Commit[]>;

/** Rows are loaded once for a round, strongly consistent. */
const rowsOf = ({ readModels }: ProjectPorts, projection: AnyProjection): Rows => {
  const byKey = new Map<string, StoredRow>();
  const load = async (keys: readonly string[]) => {
    const missing = [...new Set(keys)].filter((key) => !byKey.has(key));
    if (missing.length === 0) return;
    for (const row of await readModels.load(projection.name, missing)) byKey.set(row.key, row);
  };
  return { byKey, load };
};

export type Projected = { readonly again: readonly StreamId[]; readonly parked: readonly StreamId[] };

/** Follows the streams with one projection; answers those that must come again, and those that are parked. */
export const projectStreams = async (
  projection: AnyProjection,
  ports: ProjectPorts,
  streams: Streams,
): Promise<Projected> => {
  const { store, readModels, parked, clock, log } = ports;
  const poisoned = new Set<StreamId>();

  const problem = (message: string) =>
    log.write({ kind: "problem", message: `${projection.name}: ${message}` });

  const park = async (streamId: StreamId, { version, payload, error }: Poison) => {
    const at = clock().toISOString();
    await parked.park({ consumer: projection.name, streamId, version, payload, error: `${error}`, at });
    poisoned.add(streamId);
    log.count("StreamParked");
    problem(`parked ${streamId}@${version}: ${error}`);
  };

  /**
   * One round: follow all, write what changed. Answers the streams that failed; that have to be followed again, for
   * others were faster or there is more of them; and that share rows with so many that each has to go alone.
   */
  const round = async (pending: Streams) => {
    const rows = rowsOf(ports, projection);
    const streamIds = [...pending.keys()];
    try {
      await rows.load(streamIds.map((streamId) => gateKeyOf(projection, streamId)));
    } catch (fault) {
      problem(`${streamIds.join(", ")} will be tried again: ${fault}`);
      return { failed: streamIds, again: [], crowded: [] };
    }
    const failed: StreamId[] = [];
    const again: StreamId[] = [];
    const crowded: StreamId[] = [];
    const changes = new Map<StreamId, ReadonlySet<string>>();
    for (const [streamId, commits] of pending)
      try {
        const followed = await follow(projection, store, rows, streamId, commits, rowsMax);
        if (followed.poisoned) await park(streamId, followed.poisoned);
        if (followed.changed.size > 0) changes.set(streamId, followed.changed);
        if (followed.more) again.push(streamId);
      } catch (fault) {
        problem(`${streamId} will be tried again: ${fault}`);
        failed.push(streamId);
      }
    const write = async ({ members, items }: { members: readonly StreamId[]; items: readonly string[] }) => {
      if (items.length > rowsMax) return void crowded.push(...members);
      const changed = items.flatMap((key) => rows.byKey.get(key) ?? []);
      try {
        if ((await readModels.write(projection.name, changed)) === "conflict") again.push(...members);
      } catch (fault) {
        problem(`${members.join(", ")} will be tried again: ${fault}`);
        failed.push(...members);
      }
    };
    await Promise.all(groupsOf(changes).map(write));
    return { failed, again, crowded };
  };

  /** Answers the streams that could not be followed. */
  const followAll = async (pending: Streams, attempt = 1): Promise<readonly StreamId[]> => {
    if (pending.size === 0) return [];
    if (attempt > attemptsMax) return [...pending.keys()];
    const { failed, again, crowded } = await round(pending);
    const these = (ids: readonly StreamId[]) =>
      new Map([...pending].filter(([streamId]) => ids.includes(streamId)));
    const left = [...failed];
    for (const next of [again.filter((id) => !crowded.includes(id)), ...crowded.map((id) => [id])])
      left.push(...(await followAll(these(next), attempt + 1)));
    return left;
  };

  return { again: await followAll(streams), parked: [...poisoned] };
};

/** Answers the ids of the records that must come again. */
export const projector =
  (projections: readonly AnyProjection[], ports: ProjectPorts) =>
  async (records: readonly StreamRecord[]): Promise<readonly string[]> => {
    const streams = byStream(records.flatMap((record) => (record.kind === "commit" ? [record.commit] : [])));
    const projected = await Promise.all(
      projections.map((projection) => {
        const sources = new Set(projection.sources.map(({ name }) => name));
        const own = [...streams].filter(([streamId]) => sources.has(categoryOf(streamId)));
        return projectStreams(projection, ports, new Map(own));
      }),
    );
    const again = new Set(projected.flatMap((each) => each.again));
    const ids = records.flatMap((record) =>
      record.kind === "commit" && again.has(record.commit.streamId) ? [record.id] : [],
    );
    return [...ids, ...(await parkUnreadable("project", records, ports))];
  };
