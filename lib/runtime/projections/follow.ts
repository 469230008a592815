/**
 * One projection follows one stream. Commits at or below its checkpoint are skipped, the next commit is applied, and
 * a gap is filled from the store. Every commit that arrives advances the checkpoint, whether or not the projection
 * listens to its events. The checkpoint is in the row if all events of a stream go to one row. Otherwise it is an item
 * of its own.
 */

import type { RecordedEvent } from "../../model/message.ts";
import { type AnyProjection, evolveRow, isKeyedByStream, keyOf } from "../../model/projection.ts";
import { categoryOf, idOf, type StreamId } from "../../model/stream.ts";
import { type Commit, type EventStore, lastVersionOf, UnreadableCommit } from "../../ports/event-store.ts";
import { PermanentError } from "../../ports/permanent-error.ts";
import type { Checkpoint, StoredRow } from "../../ports/read-models.ts";
import { isContiguousAfter, newerThan } from "../streams/commits.ts";
import { businessVersionOf, recordedEvents } from "../streams/recorded.ts";

/** Rows under way, by key. `load` adds those that are missing. Events of the projection went into those of `evolved`. */
export type Rows = {
  readonly byKey: Map<string, StoredRow>;
  readonly evolved: Set<string>;
  readonly load: (keys: readonly string[]) => Promise<void>;
};

/** What the projection cannot take, or nobody can read; what came before it is applied. */
export type Poison = { readonly version: number; readonly payload: string; readonly error: unknown };

/** How much of a stream goes into one write. */
type Bounds = { readonly rowsMax: number; readonly commitsMax: number };

export type Followed = {
  /** The keys of the rows that the applied commits have changed. */
  readonly changed: ReadonlySet<string>;
  readonly applied: readonly Commit[];
  /** Why it stopped before the end: poison, the fault of a port, or commits that are `more` than one write holds. */
  readonly poisoned?: Poison;
  readonly fault?: unknown;
  readonly more?: true;
};

const none: Checkpoint = { version: 0, business: 0 };

/** The key of the item with a stream's checkpoint. If that is not a row, it begins with a dash: no stream id does. */
export const checkpointKeyOf = (projection: AnyProjection, streamId: StreamId): string => {
  const decider = projection.sources.find(({ name }) => name === categoryOf(streamId));
  if (!decider) throw new Error(`projection ${projection.name} does not listen to ${streamId}`);
  return isKeyedByStream(projection, decider) ? idOf(streamId) : `-${streamId}`;
};

const gaplessAfter = (version: number, commits: readonly Commit[]): readonly Commit[] =>
  commits.filter((_, index) => isContiguousAfter(version, commits.slice(0, index + 1)));

type Pending = { readonly commits: readonly Commit[]; readonly unreadable?: Poison };

/** Each commit once, in order, after the checkpoint, up to the first that is missing or cannot be read. */
const pendingOf = async (
  store: EventStore,
  streamId: StreamId,
  checkpoint: Checkpoint,
  given: readonly Commit[],
): Promise<Pending> => {
  const commits = newerThan(checkpoint.version, given);
  if (isContiguousAfter(checkpoint.version, commits)) return { commits };
  try {
    const stored = await store.read(streamId, { after: checkpoint.version, consistency: "strong" });
    const gapless = gaplessAfter(checkpoint.version, stored);
    const hole = stored[gapless.length];
    if (!hole) return { commits: stored };
    const error = `stream ${streamId} has a hole before ${hole.version}`;
    return { commits: gapless, unreadable: { version: hole.version, payload: JSON.stringify(hole), error } };
  } catch (error) {
    if (!(error instanceof UnreadableCommit)) throw error;
    return {
      commits: gaplessAfter(checkpoint.version, commits),
      unreadable: { version: error.version, payload: "", error },
    };
  }
};

const evolved = (projection: AnyProjection, before: StoredRow, event: RecordedEvent): StoredRow => ({
  ...before,
  row: evolveRow(projection, before.row, event),
});

/** The rows that a commit changes, with its checkpoint. Throws what the projection throws. */
const apply = (
  projection: AnyProjection,
  rows: ReadonlyMap<string, StoredRow>,
  checkpointKey: string,
  commit: Commit,
): ReadonlyMap<string, StoredRow> => {
  const changed = new Map<string, StoredRow>();
  const at = (key: string): StoredRow => {
    const row = changed.get(key) ?? rows.get(key);
    if (!row) throw new Error(`projection ${projection.name}: row ${key} was not loaded`);
    return row;
  };
  const events = recordedEvents(commit);
  for (const event of events) {
    const key = keyOf(projection, event);
    if (key !== undefined) changed.set(key, evolved(projection, at(key), event));
  }
  const before = at(checkpointKey);
  const business = businessVersionOf(events) || (before.checkpoints[commit.streamId] ?? none).business;
  const checkpoint = { version: lastVersionOf(commit), business };
  changed.set(checkpointKey, {
    ...before,
    checkpoints: { ...before.checkpoints, [commit.streamId]: checkpoint },
  });
  return changed;
};

const keysOf = (projection: AnyProjection, commit: Commit): readonly string[] =>
  recordedEvents(commit).flatMap((event) => keyOf(projection, event) ?? []);

/** What a projection throws is poison. What a port throws is poison only if it is permanent. */
export const attempted = async <Value>(
  run: () => Value | Promise<Value>,
): Promise<{ readonly value: Value } | { readonly error: unknown }> => {
  try {
    return { value: await run() };
  } catch (error) {
    return { error };
  }
};

export const poisonOf = (commit: Commit, error: unknown): Poison => ({
  version: commit.version,
  payload: JSON.stringify(commit),
  error,
});

export const follow = async (
  projection: AnyProjection,
  store: EventStore,
  rows: Rows,
  streamId: StreamId,
  commits: readonly Commit[],
  { rowsMax, commitsMax }: Bounds,
): Promise<Followed> => {
  const checkpointKey = checkpointKeyOf(projection, streamId);
  const changed = new Set<string>();
  const applied: Commit[] = [];
  const poisonedBy = (commit: Commit, error: unknown): Followed => ({
    changed,
    applied,
    poisoned: poisonOf(commit, error),
  });
  /** A stream whose checkpoint has no key is parked at the first commit that is known. */
  const ofPort = (commit: Commit | undefined, error: unknown): Followed =>
    commit && error instanceof PermanentError
      ? poisonedBy(commit, error)
      : { changed, applied, fault: error };

  const checkpointLoaded = await attempted(() => rows.load([checkpointKey]));
  if ("error" in checkpointLoaded) return ofPort(commits[0], checkpointLoaded.error);
  const checkpoint = rows.byKey.get(checkpointKey)?.checkpoints[streamId] ?? none;
  const pending = await pendingOf(store, streamId, checkpoint, commits);
  for (const commit of pending.commits) {
    const keys = await attempted(() => keysOf(projection, commit));
    if ("error" in keys) return poisonedBy(commit, keys.error);
    const touched = new Set([...keys.value, checkpointKey]);
    if (touched.size > rowsMax) return poisonedBy(commit, `${touched.size} rows cannot be written at once`);
    if (applied.length === commitsMax || new Set([...changed, ...touched]).size > rowsMax)
      return { changed, applied, more: true };
    const loaded = await attempted(() => rows.load(keys.value));
    if ("error" in loaded) return ofPort(commit, loaded.error);
    const evolvedRows = await attempted(() => apply(projection, rows.byKey, checkpointKey, commit));
    if ("error" in evolvedRows) return poisonedBy(commit, evolvedRows.error);
    for (const [key, row] of evolvedRows.value) {
      rows.byKey.set(key, row);
      changed.add(key);
    }
    for (const key of keys.value) rows.evolved.add(key);
    applied.push(commit);
  }
  return { changed, applied, ...(pending.unreadable && { poisoned: pending.unreadable }) };
};
