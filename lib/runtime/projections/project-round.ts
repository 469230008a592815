/**
 * One round of a projection: follow each stream, then write the changed rows. Streams that share rows are written
 * together. A refused write does not say which row is the cause. So its streams are retried alone, and then commit
 * by commit, until the cause is known. That commit parks its stream, and the other rows are written.
 */
import { type AnyProjection, storableRow } from "../../model/projection.ts";
import type { StreamId } from "../../model/stream.ts";
import type { Clock } from "../../ports/clock.ts";
import type { Commit, EventStore } from "../../ports/event-store.ts";
import type { Log } from "../../ports/log.ts";
import { PermanentError } from "../../ports/permanent-error.ts";
import type { ReadModels, StoredRow } from "../../ports/read-models.ts";
import {
  attempted,
  checkpointKeyOf,
  type Followed,
  follow,
  type Poison,
  poisonOf,
  type Rows,
  type WorkingRow,
} from "./follow.ts";
import { type Group, groupsOf } from "./groups.ts";

export type Streams = ReadonlyMap<StreamId, readonly Commit[]>;

type RoundPorts = {
  readonly store: EventStore;
  readonly readModels: ReadModels;
  readonly clock: Clock;
  readonly log: Log;
  readonly park: (streamId: StreamId, poison: Poison) => Promise<void>;
};

/**
 * What must happen next for a stream. A stream that is done or parked has no entry.
 * - failed: a port had a fault. The records of the stream are redelivered.
 * - retry: another function has written one of its rows in the meantime.
 * - more: there are further commits.
 * - alone: it shares rows with too many streams, or with a stream that is refused.
 * - one by one: one of its commits is refused.
 */
export type Next = "failed" | "retry" | "more" | "alone" | "one by one";

/** The limit that the port of read models documents. */
const rowsMax = 100;

/** The row to write. Throws if an event has changed the row and the row no longer matches its schema. */
const storable = (projection: AnyProjection, { stored, isEvolved }: WorkingRow): StoredRow => {
  const { key, row } = stored;
  // For rows without changes, only the checkpoint moves. Such rows may be older than the current schema.
  return row && isEvolved ? { ...stored, row: storableRow(projection, key, row) } : stored;
};

export const projectRound = async (
  projection: AnyProjection,
  { store, readModels, clock, log, park }: RoundPorts,
  { pending, commitsMax }: { readonly pending: Streams; readonly commitsMax: number },
): Promise<ReadonlyMap<StreamId, Next>> => {
  // Rows are loaded once per round, strongly consistent. Each stream starts from the rows that the previous streams
  // have left.
  let rows: Rows = new Map();
  const load = (keys: readonly string[]) => readModels.load(projection.name, keys);
  const following = { projection, store, load, clock, bounds: { rowsMax, commitsMax } };
  const next = new Map<StreamId, Next>();
  const followed = new Map<StreamId, Followed>();

  const mark = (streamIds: readonly StreamId[], what: Next) => {
    for (const streamId of streamIds) next.set(streamId, what);
  };

  const fail = (streamIds: readonly StreamId[], fault: unknown) => {
    log.write({
      kind: "problem",
      message: `${projection.name}: ${streamIds.join(", ")} failed and will be retried: ${fault}`,
    });
    mark(streamIds, "failed");
  };

  const followOne = async (streamId: StreamId, commits: readonly Commit[]) => {
    const one = await follow(following, { streamId, commits }, rows);
    rows = new Map([...rows, ...one.rows]);
    followed.set(streamId, one);
    if (one.poisoned) await park(streamId, one.poisoned);
    if (one.more) mark([streamId], "more");
    if ("fault" in one) fail([streamId], one.fault);
  };

  const refuse = async (members: readonly StreamId[], error: unknown) => {
    const [streamId, ...others] = members;
    const [commit, ...later] = streamId ? (followed.get(streamId)?.applied ?? []) : [];
    if (!streamId || !commit || others.length > 0) return mark(members, "alone");
    if (later.length > 0) return mark(members, "one by one");
    await park(streamId, poisonOf(commit, error));
    next.delete(streamId);
  };

  const write = async ({ members, items }: Group<StreamId>) => {
    if (items.length > rowsMax) return mark(members, "alone");
    const working = items.flatMap((key) => rows.get(key) ?? []);
    const checked = await attempted(() => working.map((row) => storable(projection, row)));
    if ("error" in checked) return refuse(members, checked.error);
    const changed = checked.value;
    try {
      if ((await readModels.write(projection.name, changed)) === "conflict") mark(members, "retry");
    } catch (error) {
      if (!(error instanceof PermanentError)) throw error;
      await refuse(members, error);
    }
  };

  const streamIds = [...pending.keys()];
  try {
    const keys = new Set(streamIds.map((streamId) => checkpointKeyOf(projection, streamId)));
    const loaded = await load([...keys]);
    rows = new Map(loaded.map((stored) => [stored.key, { stored, isEvolved: false }]));
  } catch (fault) {
    if (!(fault instanceof PermanentError)) {
      fail(streamIds, fault);
      return next;
    }
    // One of the keys is not a valid key. Each stream loads its own key, so only the stream with that key is
    // parked.
  }
  for (const [streamId, commits] of pending)
    await followOne(streamId, commits).catch((fault: unknown) => fail([streamId], fault));
  const changes = new Map([...followed].map(([streamId, { changed }]) => [streamId, changed] as const));
  const groups = groupsOf(changes).filter(({ items }) => items.length > 0);
  await Promise.all(
    groups.map((group) => write(group).catch((fault: unknown) => fail(group.members, fault))),
  );
  return next;
};
