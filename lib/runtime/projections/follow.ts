/**
 * One projection follows one stream. Commits at or below its checkpoint are skipped, the next commit is applied,
 * and a gap is filled from the store. Every commit that arrives advances the checkpoint, whether or not the
 * projection listens to its events. The checkpoint is in the row if all events of a stream go to one row. Otherwise
 * it is a separate item.
 */
import { currentEvents, UnreadableEvent } from "../../model/events/current.ts";
import { isUnreadableForNow } from "../../model/events/unreadable-for-now.ts";
import type { RecordedEvent } from "../../model/message.ts";
import { type AnyProjection, evolveRow, isKeyedByStream, keyOf } from "../../model/projection.ts";
import { categoryOf, idOf, type StreamId } from "../../model/stream.ts";
import type { Clock } from "../../ports/clock.ts";
import { type Commit, type EventStore, lastVersionOf, UnreadableCommit } from "../../ports/event-store.ts";
import { PermanentError } from "../../ports/permanent-error.ts";
import type { Checkpoint, StoredRow } from "../../ports/read-models.ts";
import { isContiguousAfter, newerThan } from "../streams/commits.ts";
import { businessVersionOf, eventsOf } from "../streams/recorded.ts";

/** A row during a round. `isEvolved` is true if an event of the projection has changed it. */
export type WorkingRow = { readonly stored: StoredRow; readonly isEvolved: boolean };

export type Rows = ReadonlyMap<string, WorkingRow>;

/** A commit that the projection cannot apply, or that cannot be read. All commits before it are applied. */
export type Poison = { readonly version: number; readonly payload: string; readonly error: unknown };

/** The limits of one write for one stream. */
type Bounds = { readonly rowsMax: number; readonly commitsMax: number };

/** Why following stopped early: a poisonous commit, a fault of a port, or `more` commits than one write can hold. */
type Stop = { readonly poisoned?: Poison; readonly fault?: unknown; readonly more?: true };

/** The projection, and what it needs to follow a stream. `load` reads rows from the read models. */
type Following = {
  readonly projection: AnyProjection;
  readonly store: EventStore;
  readonly load: (keys: readonly string[]) => Promise<readonly StoredRow[]>;
  readonly clock: Clock;
  readonly bounds: Bounds;
};

export type Followed = {
  /** The rows that were loaded or changed. */
  readonly rows: Rows;
  /** The keys of the rows that the applied commits have changed. */
  readonly changed: ReadonlySet<string>;
  readonly applied: readonly Commit[];
} & Stop;

const none: Checkpoint = { version: 0, business: 0 };

/**
 * The key of the item that holds a stream's checkpoint. If this item is not a row, the key begins with a dash,
 * which no stream id does.
 */
export const checkpointKeyOf = (projection: AnyProjection, streamId: StreamId): string => {
  const decider = projection.sources.find(({ name }) => name === categoryOf(streamId));
  if (!decider) throw new Error(`projection ${projection.name} does not listen to ${streamId}`);
  return isKeyedByStream(projection, decider) ? idOf(streamId) : `-${streamId}`;
};

const gaplessAfter = (version: number, commits: readonly Commit[]): readonly Commit[] =>
  commits.filter((_, index) => isContiguousAfter(version, commits.slice(0, index + 1)));

type StreamCommits = { readonly streamId: StreamId; readonly commits: readonly Commit[] };
type Pending = { readonly commits: readonly Commit[]; readonly unreadable?: Poison };

/** Each commit after the checkpoint once, in order, up to the first commit that is missing or unreadable. */
const pendingOf = async (
  store: EventStore,
  { streamId, commits: given }: StreamCommits,
  checkpoint: Checkpoint,
): Promise<Pending> => {
  const commits = newerThan(checkpoint.version, given);
  if (isContiguousAfter(checkpoint.version, commits)) return { commits };
  try {
    const stored = await store.read(streamId, { after: checkpoint.version, consistency: "strong" });
    const gapless = gaplessAfter(checkpoint.version, stored);
    const hole = stored[gapless.length];
    if (!hole) return { commits: stored };
    const error = `stream ${streamId} has a gap before version ${hole.version}`;
    return { commits: gapless, unreadable: { version: hole.version, payload: JSON.stringify(hole), error } };
  } catch (error) {
    if (!(error instanceof UnreadableCommit)) throw error;
    return {
      commits: gaplessAfter(checkpoint.version, commits),
      unreadable: { version: error.version, payload: "", error },
    };
  }
};

/** Today's events of a commit. Throws `UnreadableEvent`. */
const currentOf = ({ sources }: AnyProjection, commit: Commit): readonly RecordedEvent[] =>
  eventsOf(currentEvents(sources))(commit);

/** The rows that a commit changes, including its checkpoint. Throws any error that the projection throws. */
const changesOf = (
  { projection, checkpointKey }: { readonly projection: AnyProjection; readonly checkpointKey: string },
  rowAt: (key: string) => WorkingRow | undefined,
  commit: Commit,
): Rows => {
  const changes = new Map<string, WorkingRow>();
  const at = (key: string): WorkingRow => {
    const row = changes.get(key) ?? rowAt(key);
    if (!row) throw new Error(`projection ${projection.name}: row ${key} was not loaded`);
    return row;
  };
  for (const event of currentOf(projection, commit)) {
    const key = keyOf(projection, event);
    if (key === undefined) continue;
    const { stored } = at(key);
    const row = evolveRow(projection, stored.row, event);
    changes.set(key, { stored: { ...stored, row }, isEvolved: true });
  }
  const { stored, isEvolved } = at(checkpointKey);
  const business = businessVersionOf([commit]) || (stored.checkpoints[commit.streamId] ?? none).business;
  const checkpoint = { version: lastVersionOf(commit), business };
  const checkpoints = { ...stored.checkpoints, [commit.streamId]: checkpoint };
  changes.set(checkpointKey, { stored: { ...stored, checkpoints }, isEvolved });
  return changes;
};

const keysOf = (projection: AnyProjection, commit: Commit): readonly string[] =>
  currentOf(projection, commit).flatMap((event) => keyOf(projection, event) ?? []);

/** An error thrown by a projection is poison. An error thrown by a port is poison only if it is permanent. */
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

/** An event that may be readable soon is redelivered. Any other error of a projection is poison. */
const ofProjection = (commit: Commit, error: unknown, now: Date): Stop =>
  error instanceof UnreadableEvent && isUnreadableForNow(error, now)
    ? { fault: error }
    : { poisoned: poisonOf(commit, error) };

/** If the checkpoint has no valid key, the stream is parked at the first known commit. */
const ofPort = (commit: Commit | undefined, error: unknown): Stop =>
  commit && error instanceof PermanentError ? { poisoned: poisonOf(commit, error) } : { fault: error };

/**
 * Follows one stream as far as possible. `known` are rows that the round has already loaded or changed. They are
 * not modified.
 */
export const follow = async (
  { projection, store, load, clock, bounds }: Following,
  { streamId, commits }: StreamCommits,
  known: Rows,
): Promise<Followed> => {
  const checkpointKey = checkpointKeyOf(projection, streamId);
  const rows = new Map<string, WorkingRow>();
  const changed = new Set<string>();
  const applied: Commit[] = [];
  const rowAt = (key: string) => rows.get(key) ?? known.get(key);
  const loadMissing = async (keys: readonly string[]) => {
    const missing = [...new Set(keys)].filter((key) => !rowAt(key));
    if (missing.length === 0) return;
    for (const stored of await load(missing)) rows.set(stored.key, { stored, isEvolved: false });
  };
  const stopped = (why: Stop = {}): Followed => ({ rows, changed, applied, ...why });

  const checkpointLoaded = await attempted(() => loadMissing([checkpointKey]));
  if ("error" in checkpointLoaded) return stopped(ofPort(commits[0], checkpointLoaded.error));
  const checkpoint = rowAt(checkpointKey)?.stored.checkpoints[streamId] ?? none;
  const pending = await pendingOf(store, { streamId, commits }, checkpoint);
  for (const commit of pending.commits) {
    const keys = await attempted(() => keysOf(projection, commit));
    if ("error" in keys) return stopped(ofProjection(commit, keys.error, clock()));
    const touched = new Set([...keys.value, checkpointKey]);
    if (touched.size > bounds.rowsMax)
      return stopped({ poisoned: poisonOf(commit, `${touched.size} rows cannot be written at once`) });
    if (applied.length === bounds.commitsMax || new Set([...changed, ...touched]).size > bounds.rowsMax)
      return stopped({ more: true });
    const loaded = await attempted(() => loadMissing(keys.value));
    if ("error" in loaded) return stopped(ofPort(commit, loaded.error));
    const changes = await attempted(() => changesOf({ projection, checkpointKey }, rowAt, commit));
    if ("error" in changes) return stopped({ poisoned: poisonOf(commit, changes.error) });
    for (const [key, row] of changes.value) {
      rows.set(key, row);
      changed.add(key);
    }
    applied.push(commit);
  }
  return stopped(pending.unreadable && { poisoned: pending.unreadable });
};
