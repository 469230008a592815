/** What operators get out of the store again: for the bus, and for projections that nobody could bring a record. */
import { expect, test } from "vitest";
import { memoryBus } from "../../../lib/adapters/memory/bus.ts";
import { memoryDeadLetters } from "../../../lib/adapters/memory/dead-letters.ts";
import { memoryInstances } from "../../../lib/adapters/memory/instances.ts";
import { memoryLedger } from "../../../lib/adapters/memory/ledger.ts";
import type { Bus, PublishOutcome } from "../../../lib/ports/bus.ts";
import { type EventStore, UnreadableCommit } from "../../../lib/ports/event-store.ts";
import { operator } from "../../../lib/runtime/operations/operate.ts";
import { cartIn, demandIn, history, place, projections } from "../carts.ts";
import { waitingEngine } from "../waiting-engine.ts";

const day = 24 * 3600 * 1000;
const recordedAt = Date.parse("2026-01-01T00:00:00.000Z");

type Circumstances = {
  readonly days?: number;
  readonly outcome?: PublishOutcome;
  readonly read?: EventStore["read"];
};

const fixture = async ({ days = 1, outcome, read }: Circumstances = {}) => {
  const carts = await place(history);
  const { readModels, parked, log } = carts;
  const store = { ...carts.store, ...(read && { read }) };
  const taken = memoryBus();
  const publish: Bus["publish"] = async (events) =>
    outcome ? events.map(() => outcome) : taken.publish(events);
  const bus = { ...taken, publish };
  const clock = () => new Date(recordedAt + days * day);
  const ports = { store, readModels, parked, log, clock, bus, sleep: async () => {}, random: () => 0 };
  const { engine } = waitingEngine();
  const nobody = { ledger: memoryLedger(), deadLetters: memoryDeadLetters(), instances: memoryInstances() };
  const operate = operator({ sagas: [], effects: [], projections }, { ...ports, ...nobody, engine });
  const parkedBy = (consumer: string) =>
    parked.park({ consumer, streamId: "cart-1", version: 3, payload: "", error: "no JSON", at: "" });
  return { ...carts, bus, operate, parkedBy };
};

const republish = { action: "republish", streamId: "cart-1", after: 0 } as const;

test("a stream is published again, and the relay has it no longer parked", async () => {
  const { operate, bus, parkedBy, parked } = await fixture();
  await parkedBy("relay");
  expect(await operate(republish)).toEqual({ kind: "republished", events: 5 });
  expect(bus.published().map(({ metadata }) => metadata.version)).toEqual([1, 2, 3, 4, 5]);
  expect(await parked.list()).toEqual([]);
});

test("commits that end after a version are", async () => {
  const { operate, bus } = await fixture();
  expect(await operate({ ...republish, after: 1 })).toEqual({ kind: "republished", events: 5 });
  expect(await operate({ ...republish, after: 4 })).toEqual({ kind: "republished", events: 1 });
  expect(bus.published().map(({ metadata }) => metadata.version)).toEqual([1, 2, 3, 4, 5, 5]);
});

test("what the bus does not take has failed, and stays parked", async () => {
  const { operate, parkedBy, parked } = await fixture({
    outcome: { kind: "failed", because: "InternalFailure" },
  });
  await parkedBy("relay");
  expect(await operate(republish)).toEqual({ kind: "failed" });
  expect(await parked.list()).toHaveLength(1);
});

test("what the bus refuses permanently is parked again, from its first event on", async () => {
  const { operate, parkedBy, parked } = await fixture({ outcome: { kind: "refused", because: "too large" } });
  await parkedBy("relay");
  expect(await operate(republish)).toEqual({ kind: "parked-again" });
  expect(await parked.list()).toMatchObject([{ consumer: "relay", version: 1, error: "too large" }]);
});

test("what is so old that the ledger of effects may have forgotten it is refused", async () => {
  const { operate, bus } = await fixture({ days: 31 });
  expect(await operate(republish)).toEqual({
    kind: "refused",
    because: "cart-1 up to 5 is older than 30 days: its effects would run again",
  });
  expect(bus.published()).toEqual([]);
});

test.each([
  ["cart", "cart is no stream"],
  ["cart-2", "cart-2 has nothing after 0"],
])("%s: there is nothing to publish", async (streamId, because) => {
  const { operate } = await fixture();
  expect(await operate({ ...republish, streamId })).toEqual({ kind: "refused", because });
});

test("a record that no projection could be brought is redriven into all that follow its stream", async () => {
  const carts = await fixture();
  await carts.parkedBy("project");
  expect(await carts.operate({ action: "redrive", projection: "project", streamId: "cart-1" })).toEqual({
    kind: "redriven",
  });
  expect(await cartIn(carts, "1")).toEqual({ cartId: "1", quantities: [1, 2, 3] });
  expect(await demandIn(carts)).toEqual({ sku: "pear", quantity: 6 });
  expect(await carts.parked.list()).toEqual([]);
});

test.each([republish, { action: "redrive", projection: "project", streamId: "cart-1" } as const])(
  "of a stream that nobody can read nothing is done: $action",
  async (operation) => {
    const { operate, parkedBy, parked, bus } = await fixture({
      read: async () => {
        throw new UnreadableCommit("cart-1", 3, "no JSON");
      },
    });
    await parkedBy("relay");
    expect(await operate(operation)).toEqual({ kind: "refused", because: "stream cart-1 at 3: no JSON" });
    expect(await parked.list()).toHaveLength(1);
    expect(bus.published()).toEqual([]);
  },
);
