/** The state of a stream, folded once as long as its commits are cached. */

import { expect, test } from "vitest";
import type { AnyDecider } from "../../../lib/model/decider.ts";
import { streamId } from "../../../lib/model/stream.ts";
import type { Commit } from "../../../lib/ports/event-store.ts";
import { eventsOf } from "../../../lib/runtime/streams/recorded.ts";
import { streamState } from "../../../lib/runtime/streams/stream-state.ts";

/** Adds the amounts of its events, counts its calls, and throws on request. No decider of the library may do that. */
const adder = () => {
  let asked = 0;
  const evolve = {
    Added: (sum: number, { data }: { readonly data: { readonly amount: number } }) => {
      asked += 1;
      if (data.amount < 0) throw new Error("cannot add less than nothing");
      return sum + data.amount;
    },
  };
  const decider: AnyDecider = {
    name: "sum",
    identifiedBy: "sumId",
    commands: {},
    events: {},
    rejections: [],
    initialState: 0,
    decide: {},
    evolve,
  };
  return { decider, asked: () => asked };
};

const added = (version: number, amount: number, type = "Added"): Commit => ({
  streamId: streamId("sum", "1"),
  version,
  id: `c${version}`,
  at: "2026-01-01T00:00:00.000Z",
  events: [{ type, data: { amount, command: "Add", commandId: `c${version}` } }],
  metadata: { causationId: "c", correlationId: "c", issuedAt: "2026-01-01T00:00:00.000Z" },
});

const commits = [1, 2, 3, 4].map((version) => added(version, 10 ** version));

test("every event is folded once, however often the stream grows", () => {
  const { decider, asked } = adder();
  const stateOf = streamState(eventsOf((stored) => [stored]));
  const states = [0, 1, 2, 3, 4, 4].map((count) => stateOf(decider, commits.slice(0, count)));
  expect(states).toEqual([0, 10, 110, 1110, 11_110, 11_110]);
  expect(asked()).toBe(4);
});

test("a shorter stream has its own state, not that of the longer one", () => {
  const { decider } = adder();
  const stateOf = streamState(eventsOf((stored) => [stored]));
  expect([4, 2, 3, 4].map((count) => stateOf(decider, commits.slice(0, count)))).toEqual([
    11_110, 110, 1110, 11_110,
  ]);
});

test("a commit of the same version by another writer is a different one", () => {
  const { decider } = adder();
  const stateOf = streamState(eventsOf((stored) => [stored]));
  stateOf(decider, commits.slice(0, 2));
  expect(stateOf(decider, [...commits.slice(0, 1), added(2, 5)])).toBe(15);
});

test("receipts change no state", () => {
  const { decider, asked } = adder();
  const stateOf = streamState(eventsOf((stored) => [stored]));
  expect(stateOf(decider, [...commits.slice(0, 1), added(2, 7, "CommandIgnored")])).toBe(10);
  expect(asked()).toBe(1);
});

test("events that cannot be folded throw each time", () => {
  const { decider } = adder();
  const stateOf = streamState(eventsOf((stored) => [stored]));
  const broken = [...commits.slice(0, 1), added(2, -1)];
  for (const _ of [1, 2]) expect(() => stateOf(decider, broken)).toThrow("less than nothing");
});
