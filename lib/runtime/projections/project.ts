/**
 * Keeps the read models equal to the fold of their events, in whatever order the records arrive. A row is written
 * once for all records of a batch, on the condition that no other function has written it since it was loaded. If a
 * projection cannot apply an event, or the database refuses its rows, the stream is parked for that projection and
 * its records count as done. After a transient fault of a port, the records are redelivered.
 */
import type { AnyProjection } from "../../model/projection.ts";
import { categoryOf, type StreamId } from "../../model/stream.ts";
import type { Clock } from "../../ports/clock.ts";
import type { EventStore } from "../../ports/event-store.ts";
import type { Log } from "../../ports/log.ts";
import type { Parked } from "../../ports/parked.ts";
import type { ReadModels } from "../../ports/read-models.ts";
import type { StreamRecord } from "../../ports/stream-record.ts";
import { byStream } from "../streams/commits.ts";
import { parkUnreadable } from "../streams/park-unreadable.ts";
import type { Poison } from "./follow.ts";
import { type Next, projectRound, type Streams } from "./project-round.ts";

export type ProjectPorts = {
  readonly store: EventStore;
  readonly readModels: ReadModels;
  readonly parked: Parked;
  readonly clock: Clock;
  readonly log: Log;
};

/** Another function may write the same row at the same time. The slower one reads the row again and retries. */
const attemptsMax = 20;
/** The number of the attempt after conflicts, and how many commits of a stream go into one write. */
type Pace = { readonly attempt: number; readonly commitsMax: number };

type Projected = { readonly retry: readonly StreamId[]; readonly parked: readonly StreamId[] };

/** Follows the streams with one projection. Returns the streams to retry and the streams that were parked. */
export const projectStreams = async (
  projection: AnyProjection,
  ports: ProjectPorts,
  streams: Streams,
): Promise<Projected> => {
  const { store, readModels, parked, clock, log } = ports;
  const poisoned = new Set<StreamId>();

  const problem = (message: string, error?: unknown) =>
    log.write({ kind: "problem", message: `${projection.name}: ${message}`, error });

  const park = async (streamId: StreamId, { version, payload, error }: Poison) => {
    const at = clock().toISOString();
    await parked.park({ consumer: projection.name, streamId, version, payload, error: `${error}`, at });
    poisoned.add(streamId);
    log.count("StreamParked");
    problem(`parked ${streamId}@${version}: ${error}`, error);
  };

  /** Returns the streams that could not be followed. */
  const followAll = async (pending: Streams, { attempt, commitsMax }: Pace): Promise<readonly StreamId[]> => {
    if (pending.size === 0) return [];
    if (attempt > attemptsMax) return [...pending.keys()];
    const next = await projectRound(
      projection,
      { store, readModels, clock, log, park },
      { pending, commitsMax },
    );
    const those = (what: Next) => [...pending].filter(([streamId]) => next.get(streamId) === what);
    const left = those("failed").map(([streamId]) => streamId);
    left.push(...(await followAll(new Map(those("retry")), { attempt: attempt + 1, commitsMax })));
    left.push(...(await followAll(new Map(those("more")), { attempt: 1, commitsMax })));
    for (const each of those("alone"))
      left.push(...(await followAll(new Map([each]), { attempt, commitsMax })));
    for (const each of those("one by one"))
      left.push(...(await followAll(new Map([each]), { attempt, commitsMax: 1 })));
    return left;
  };

  const retry = await followAll(streams, { attempt: 1, commitsMax: Number.POSITIVE_INFINITY });
  return { retry, parked: [...poisoned] };
};

/** Returns the ids of the records that must be redelivered. */
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
    const retry = new Set(projected.flatMap((each) => each.retry));
    const ids = records.flatMap((record) =>
      record.kind === "commit" && retry.has(record.commit.streamId) ? [record.id] : [],
    );
    return [...ids, ...(await parkUnreadable("project", records, ports))];
  };
