/**
 * One projection follows one stream: what its rows have is skipped, the next commit is applied, a gap is filled
 * from the store. Every commit that arrives advances the gate, whether or not the projection listens to its
 * events. The gate stands in the row where all events of a stream go to one row, else in a checkpoint of its own.
 */

import type { RecordedEvent } from "../model/message.ts";
import { type AnyProjection, evolveRow, isKeyedByStream, keyOf } from "../model/projection.ts";
import { categoryOf, idOf, type StreamId } from "../model/stream.ts";
import { type Commit, type EventStore, lastVersionOf } from "../ports/event-store.ts";
import type { Gate, StoredRow } from "../ports/read-models.ts";
import { businessVersionOf, recordedEvents } from "./recorded.ts";

/** Rows under way, by key. `load` adds those that are missing. */
export type Rows = {
  readonly byKey: Map<string, StoredRow>;
  readonly load: (keys: readonly string[]) => Promise<void>;
};

/** `poisoned` names the event that the projection cannot take; what came before it is applied. */
export type Followed = {
  readonly changed: ReadonlySet<string>;
  readonly poisoned?: { readonly commit: Commit; readonly error: unknown };
};

const closed: Gate = { version: 0, business: 0 };

/** The key under which the gate of a stream stands. A checkpoint's begins with what no stream id begins with. */
export const gateKeyOf = (projection: AnyProjection, streamId: StreamId): string => {
  const decider = projection.sources.find(({ name }) => name === categoryOf(streamId));
  if (!decider) throw new Error(`projection ${projection.name} does not listen to ${streamId}`);
  return isKeyedByStream(projection, decider) ? idOf(streamId) : `-${streamId}`;
};

const isContiguousFrom = (first: number, commits: readonly Commit[]): boolean =>
  commits.every((commit, index) => {
    const before = commits[index - 1];
    return commit.version === (before ? lastVersionOf(before) + 1 : first);
  });

/** Each commit once, in order, from the gate on. Throws where the store itself has a hole. */
const pendingOf = async (store: EventStore, streamId: StreamId, gate: Gate, commits: readonly Commit[]) => {
  const newer = new Map(commits.filter(({ version }) => version > gate.version).map((c) => [c.version, c]));
  const pending = [...newer.values()].sort((one, other) => one.version - other.version);
  if (isContiguousFrom(gate.version + 1, pending)) return pending;
  const stored = await store.read(streamId, { after: gate.version, consistency: "strong" });
  if (!isContiguousFrom(gate.version + 1, stored)) throw new Error(`stream ${streamId} has a hole`);
  return stored;
};

const evolved = (projection: AnyProjection, before: StoredRow, event: RecordedEvent): StoredRow => ({
  ...before,
  row: evolveRow(projection, before.row, event),
});

/** The rows that a commit changes, its gate included; throws what the projection throws. */
const apply = (
  projection: AnyProjection,
  rows: ReadonlyMap<string, StoredRow>,
  gateKey: string,
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
  const before = at(gateKey);
  const business = businessVersionOf(events) || (before.gates[commit.streamId] ?? closed).business;
  const gate = { version: lastVersionOf(commit), business };
  changed.set(gateKey, { ...before, gates: { ...before.gates, [commit.streamId]: gate } });
  return changed;
};

const keysOf = (projection: AnyProjection, commit: Commit): readonly string[] =>
  recordedEvents(commit).flatMap((event) => keyOf(projection, event) ?? []);

/** What a projection throws is poison; what a port throws is not, and passes through. */
const attempted = <Value>(run: () => Value): { readonly value: Value } | { readonly error: unknown } => {
  try {
    return { value: run() };
  } catch (error) {
    return { error };
  }
};

export const follow = async (
  projection: AnyProjection,
  store: EventStore,
  rows: Rows,
  streamId: StreamId,
  commits: readonly Commit[],
): Promise<Followed> => {
  const gateKey = gateKeyOf(projection, streamId);
  await rows.load([gateKey]);
  const gate = rows.byKey.get(gateKey)?.gates[streamId] ?? closed;
  const changed = new Set<string>();
  for (const commit of await pendingOf(store, streamId, gate, commits)) {
    const keys = attempted(() => keysOf(projection, commit));
    if ("error" in keys) return { changed, poisoned: { commit, error: keys.error } };
    await rows.load(keys.value);
    const applied = attempted(() => apply(projection, rows.byKey, gateKey, commit));
    if ("error" in applied) return { changed, poisoned: { commit, error: applied.error } };
    for (const [key, row] of applied.value) {
      rows.byKey.set(key, row);
      changed.add(key);
    }
  }
  return { changed };
};
