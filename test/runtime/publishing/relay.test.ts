import { describe, expect, test } from "vitest";
import { memoryLog } from "../../../lib/adapters/memory/log.ts";
import { memoryParked } from "../../../lib/adapters/memory/parked.ts";
import type { Bus } from "../../../lib/ports/bus.ts";
import type { StreamRecord } from "../../../lib/ports/stream-record.ts";
import { relay } from "../../../lib/runtime/publishing/relay.ts";
import { outside } from "../../library/fixtures/loan-history.ts";
import { commitOf } from "../stored.ts";

const record = (version: number, types: readonly [string, ...string[]] = ["LoanRequested"]): StreamRecord => {
  const [first, ...others] = types.map((type) => ({ type, data: {} }));
  const commit = commitOf(outside(version, "LoanRequested"));
  return {
    id: `r${version}`,
    kind: "commit",
    commit: first ? { ...commit, events: [first, ...others] } : commit,
  };
};

/** A bus that refuses an event a given number of times. */
const place = (refusals: Readonly<Record<string, number>> = {}) => {
  const requests: (readonly string[])[] = [];
  const left = new Map(Object.entries(refusals));
  const bus: Bus = {
    publish: async (events) => {
      requests.push(events.map(({ metadata }) => metadata.id));
      return events.map(({ metadata: { id } }) => {
        const count = left.get(id) ?? 0;
        left.set(id, count - 1);
        return count > 0 ? { kind: "failed", because: "throttled" } : { kind: "published" };
      });
    },
  };
  const log = memoryLog();
  const parked = memoryParked();
  const system = { clock: () => new Date(0), sleep: async () => {}, random: () => 0, log };
  return {
    requests,
    log,
    parked,
    run: (over: Partial<Bus> = {}) =>
      relay({ current: (stored) => [stored], bus: { ...bus, ...over }, parked, ...system }),
  };
};

test("all events of all records are published together, in order", async () => {
  const { requests, run } = place();
  expect(await run()([record(1, ["LoanRequested", "BookHeld"]), record(3)])).toEqual([]);
  expect(requests).toEqual([["loan-1@1", "loan-1@2", "loan-1@3"]]);
});

test("only the events that the bus did not accept are sent again", async () => {
  const { requests, run } = place({ "loan-1@2": 1 });
  expect(await run()([record(1), record(2), record(3)])).toEqual([]);
  expect(requests).toEqual([["loan-1@1", "loan-1@2", "loan-1@3"], ["loan-1@2"]]);
});

test("only a record with an event that is left over is redelivered", async () => {
  const { run, log } = place({ "loan-1@2": 9 });
  expect(await run()([record(1, ["LoanRequested", "BookHeld"]), record(3)])).toEqual(["r1"]);
  expect(log.entries()).toMatchObject([{ kind: "problem", message: "the bus did not accept loan-1@2" }]);
});

test("an event without an outcome was not accepted", async () => {
  const { run } = place();
  const offered: number[] = [];
  const publish: Bus["publish"] = async (events) => {
    offered.push(events.length);
    return [{ kind: "published" }];
  };
  expect(await run({ publish })([record(1), record(2)])).toEqual([]);
  expect(offered).toEqual([2, 1]);
});

test("a bus that cannot be reached is a fault of all records", async () => {
  const { run } = place();
  const publish = async () => {
    throw new Error("out of reach");
  };
  await expect(run({ publish })([record(1)])).rejects.toThrow("out of reach");
});

test("an event that was changed raises an alarm and is not published", async () => {
  const { requests, run, log } = place();
  const changed = { id: "r9", kind: "changed", how: "MODIFY", streamId: "loan-1", version: 1 } as const;
  expect(await run()([changed])).toEqual([]);
  expect(requests).toEqual([]);
  expect(log.counted()).toEqual(["EventChanged"]);
});

test("an unreadable record is parked, and the others are published", async () => {
  const { requests, run, parked } = place();
  const unreadable = {
    kind: "unreadable",
    streamId: "loan-2",
    version: 1,
    payload: "?",
    error: "no JSON",
  } as const;
  expect(await run()([{ id: "r9", ...unreadable }, record(1)])).toEqual([]);
  expect(requests).toEqual([["loan-1@1"]]);
  expect(await parked.list()).toMatchObject([{ consumer: "relay", streamId: "loan-2", payload: "?" }]);
});

describe("an event that the bus refuses permanently", () => {
  const refusing =
    (...ids: readonly string[]): Bus["publish"] =>
    async (events) =>
      events.map(({ metadata: { id } }) =>
        ids.includes(id) ? { kind: "refused", because: "too large" } : { kind: "published" },
      );

  test("is parked for the relay with payload and reason, and no record is redelivered", async () => {
    const { run, parked, log } = place();
    const publish = refusing("loan-1@2");
    expect(await run({ publish })([record(1, ["LoanRequested", "BookHeld"]), record(3)])).toEqual([]);
    const [entry] = await parked.list();
    expect(entry).toMatchObject({ consumer: "relay", streamId: "loan-1", version: 2, error: "too large" });
    expect(JSON.parse(entry?.payload ?? "")).toMatchObject({
      type: "BookHeld",
      metadata: { id: "loan-1@2" },
    });
    expect(log.counted()).toEqual(["StreamParked"]);
  });

  test("is offered once, and events that the bus did not accept this time are offered again without it", async () => {
    const { run } = place();
    const offered: (readonly string[])[] = [];
    const publish: Bus["publish"] = async (events) => {
      offered.push(events.map(({ metadata }) => metadata.id));
      return events.map(({ metadata: { version } }) => {
        if (version === 1) return { kind: "refused", because: "too large" };
        return offered.length === 1 ? { kind: "failed", because: "throttled" } : { kind: "published" };
      });
    };
    expect(await run({ publish })([record(1), record(2)])).toEqual([]);
    expect(offered).toEqual([["loan-1@1", "loan-1@2"], ["loan-1@2"]]);
  });

  test("of two in a stream the first is listed: the stream is republished from it", async () => {
    const { run, parked } = place();
    await run({ publish: refusing("loan-1@1", "loan-1@3") })([record(1), record(2), record(3)]);
    expect(await parked.list()).toMatchObject([{ version: 1 }]);
  });

  test("is redelivered if it cannot be parked, and no other record is", async () => {
    const { parked, log } = place();
    const unavailable = { ...parked, park: () => Promise.reject(new Error("out of reach")) };
    const system = { clock: () => new Date(0), sleep: async () => {}, random: () => 0, log };
    const run = relay({
      current: (stored) => [stored],
      bus: { publish: refusing("loan-1@1") },
      parked: unavailable,
      ...system,
    });
    expect(await run([record(1), record(2)])).toEqual(["r1"]);
  });
});
