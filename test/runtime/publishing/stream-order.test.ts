/** Commits on their way to a bus that keeps the order of a stream. */
import { expect, test } from "vitest";
import { memoryEventStore } from "../../../lib/adapters/memory/event-store.ts";
import { memoryLog } from "../../../lib/adapters/memory/log.ts";
import { memoryParked } from "../../../lib/adapters/memory/parked.ts";
import type { Commit } from "../../../lib/ports/event-store.ts";
import { UnreadableCommit } from "../../../lib/ports/event-store.ts";
import type { StreamRecord } from "../../../lib/ports/stream-record.ts";
import { relay } from "../../../lib/runtime/publishing/relay.ts";
import { inOrder, rememberedStreamsMax } from "../../../lib/runtime/publishing/stream-order.ts";
import { outside } from "../../library/fixtures/loan-history.ts";
import { commitOf } from "../stored.ts";

const at = (version: number): Commit => commitOf(outside(version, "LoanRequested"));
const record = (version: number): StreamRecord => ({
  id: `r${version}`,
  kind: "commit",
  commit: at(version),
});

/**
 * A store with this number of commits, and a bus that refuses a version and the later ones a given number of times.
 */
const place = async (stored: number, refusals: Readonly<Record<number, number>> = {}) => {
  const memory = memoryEventStore();
  for (let version = 1; version <= stored; version += 1) await memory.append(at(version));
  const reads: number[] = [];
  const store = {
    read: (...[streamId, options]: Parameters<typeof memory.read>) => {
      reads.push(options.after ?? 0);
      return memory.read(streamId, options);
    },
  };
  const left = new Map(Object.entries(refusals).map(([version, count]) => [Number(version), count]));
  const taken: number[] = [];
  const publish = async (events: readonly { readonly metadata: { readonly version: number } }[]) => {
    let refused = false;
    return events.map(({ metadata: { version } }) => {
      const count = left.get(version) ?? 0;
      left.set(version, count - 1);
      refused ||= count > 0;
      if (!refused) taken.push(version);
      return refused ? ({ kind: "failed", because: "no" } as const) : ({ kind: "published" } as const);
    });
  };
  const system = { clock: () => new Date(0), sleep: async () => {}, random: () => 0, log: memoryLog() };
  const run = relay({
    current: (stored) => [stored],
    bus: { publish },
    order: inOrder(() => store),
    parked: memoryParked(),
    ...system,
  });
  return { reads, taken, run };
};

test("commits that arrive out of order are published in order", async () => {
  const { taken, run } = await place(3);
  expect(await run([record(2), record(1), record(3)])).toEqual([]);
  expect(taken).toEqual([1, 2, 3]);
});

test("an early commit is published after the missing ones before it, and a late one is not published again", async () => {
  const { taken, reads, run } = await place(3);
  await run([record(1)]);
  expect(await run([record(3)])).toEqual([]);
  expect(await run([record(2)])).toEqual([]);
  expect([taken, reads]).toEqual([[1, 2, 3], [1]]);
});

test("after a failure that commit and all later ones of its stream are published again, in order, and no earlier ones", async () => {
  const { taken, run } = await place(4, { 2: 3 });
  expect(await run([record(1), record(2), record(3)])).toEqual(["r2", "r3"]);
  expect(await run([record(2), record(3), record(4)])).toEqual([]);
  expect(taken).toEqual([1, 2, 3, 4]);
});

test("a commit that failed between two deliveries is published before new ones, even if its record is late", async () => {
  const { taken, run } = await place(3, { 2: 3 });
  expect(await run([record(1), record(2)])).toEqual(["r2"]);
  expect(await run([record(3)])).toEqual([]);
  expect(await run([record(2)])).toEqual([]);
  expect(taken).toEqual([1, 2, 3]);
});

test("a new container starts with the first commit that it sees", async () => {
  const { taken, reads, run } = await place(9);
  await run([record(7)]);
  await run([record(8)]);
  expect([taken, reads]).toEqual([[7, 8], []]);
});

test("an unreadable commit delays no other", async () => {
  const order = inOrder(() => ({
    read: async () => {
      throw new UnreadableCommit("loan-1", 2, "no JSON");
    },
  }));
  order.published([at(1)]);
  expect(await order.next([at(3)])).toEqual([at(3)]);
});

test("a fault of the store is thrown", async () => {
  const order = inOrder(() => ({ read: () => Promise.reject(new Error("throttled")) }));
  order.published([at(1)]);
  await expect(order.next([at(3)])).rejects.toThrow("throttled");
});

test("the least recently used stream is evicted first", async () => {
  const reads: string[] = [];
  const store = {
    read: async (streamId: string) => {
      reads.push(streamId);
      return [];
    },
  };
  const order = inOrder(() => store);
  const first = { ...at(1), streamId: "loan-0" } as const;
  order.published([
    first,
    ...Array.from({ length: rememberedStreamsMax }, (_, index) => ({
      ...at(1),
      streamId: `loan-${index + 1}` as const,
    })),
  ]);
  await order.next([{ ...first, version: 3 }]);
  await order.next([{ ...at(3), streamId: "loan-2" }]);
  expect(reads).toEqual(["loan-2"]);
});
