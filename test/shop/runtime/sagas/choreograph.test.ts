import { describe, expect, test } from "vitest";
import { memoryEventStore } from "../../../../lib/adapters/memory/event-store.ts";
import { memoryInstances } from "../../../../lib/adapters/memory/instances.ts";
import { memoryLog } from "../../../../lib/adapters/memory/log.ts";
import type { RecordedEvent } from "../../../../lib/model/message.ts";
import type { Deadlines } from "../../../../lib/ports/deadlines.ts";
import { type Delivery, retry } from "../../../../lib/ports/delivery.ts";
import { choreographer } from "../../../../lib/runtime/sagas/choreograph.ts";
import { commandHandler, type HandleCommand } from "../../../../lib/runtime/streams/handle-command.ts";
import { recordedEvents } from "../../../../lib/runtime/streams/recorded.ts";
import { checkout } from "../../../../lib/shop/sagas/checkout.ts";
import { approvedLending, approvedLibrary } from "../../../library/fixtures/approved-loans.ts";
import {
  expired,
  loanId,
  outside,
  own,
  rejected,
  resumed,
  sagaId,
  start,
} from "../../../library/fixtures/loan-history.ts";
import { recorded } from "../../../model/recorded.ts";
import { deliveryOf } from "../../../runtime/deliveries.ts";
import { storeEvents } from "../../../runtime/stored.ts";
import { unchanged } from "../../../runtime/unchanged.ts";

const held = own(2, "BookHeld", "hold");
const asked = own(3, "LibrarianAsked", "approval");
const approved = outside(4, "Approved");

const clock = () => new Date("2026-01-02T00:00:00.000Z");
const later = (seconds: number) => new Date(clock().getTime() + seconds * 1000).toISOString();

/** What the start leads to, until another party must decide. */
const row = [
  `wait hold#1 until ${later(60)}`,
  "send hold/loan-1#1",
  `wait approval#1 until ${later(86_400)}`,
  "send approval/loan-1#1",
  "end of hold#1",
];

/**
 * The loan with these events in its stream and history, and the function of its saga. It records the calls in
 * order.
 */
const fixture = async (
  events: readonly RecordedEvent[],
  history = events,
  interrupt: () => Promise<void> = async () => {},
) => {
  const store = memoryEventStore();
  await storeEvents(store, events);
  const instances = memoryInstances();
  await instances.append(sagaId, history);
  const log = memoryLog();
  const did: string[] = [];
  const handling = commandHandler(approvedLibrary, {
    store,
    clock,
    log,
    sleep: async () => {},
    random: () => 0,
  });
  const handle: HandleCommand = async (command) => {
    did.push(`send ${command.metadata.id.slice(`${sagaId}/`.length)}`);
    return handling(command);
  };
  const deadlines: Deadlines = {
    set: async (name, at, { task }) => {
      await interrupt();
      expect(name).toBe(`${sagaId}/${task}`);
      did.push(`wait ${task} until ${at.toISOString()}`);
    },
    delete: async (name) => void did.push(`end of ${name.slice(`${sagaId}/`.length)}`),
  };
  const react = choreographer(approvedLending, {
    current: unchanged,
    store,
    instances,
    handle,
    deadlines,
    clock,
    log,
  });
  return {
    did,
    log,
    instances,
    get: (...deliveries: readonly (RecordedEvent | string)[]) =>
      react(
        deliveries.map(
          (each): Delivery =>
            typeof each === "string"
              ? { id: each, receiveCount: 1, kind: "deadline", sagaId, task: each }
              : deliveryOf(each),
        ),
      ),
    stream: async () =>
      (await store.read(loanId, { consistency: "strong" })).flatMap(recordedEvents).map(({ type }) => type),
    history: async () => (await instances.read(sagaId)).history.map(({ type }) => type),
    steps: () =>
      log.entries().flatMap(({ kind, step, progress }) => (kind === "step" ? [`${step} ${progress}`] : [])),
  };
};

describe("an event", () => {
  test("that starts the saga has the commands of a row sent, each after its deadline is set", async () => {
    const { get, did, history, steps } = await fixture([start], []);
    expect(await get(start)).toEqual([]);
    expect(did).toEqual(row);
    expect(await history()).toEqual(["LoanRequested", "BookHeld", "LibrarianAsked"]);
    expect(steps()).toEqual(["hold succeeded", "approval pending"]);
  });

  test("that decides a step leads to the next one", async () => {
    const { get, did, steps } = await fixture([start, held], [start]);
    await get(held);
    expect(did).toEqual([...row.slice(2, 4), "end of hold#1"]);
    expect(steps()).toEqual(["hold succeeded", "approval pending"]);
  });

  test("that is redelivered has nothing sent", async () => {
    const { get, did, stream } = await fixture([start], []);
    await get(start);
    await get(start);
    expect(did).toEqual(row);
    expect(await stream()).toEqual(["LoanRequested", "BookHeld", "LibrarianAsked"]);
  });

  test("whose row was not stored finds its outcomes in the streams", async () => {
    const { get, did, stream } = await fixture([start, held, asked], [start]);
    await get(start);
    expect(did).toEqual([...row.slice(0, 2), "end of hold#1"]);
    expect(await stream()).toEqual(["LoanRequested", "BookHeld", "LibrarianAsked"]);
  });

  test("that arrives before the start waits for it", async () => {
    const { get, did, history } = await fixture([start, held], []);
    await get(held);
    expect([did, await history()]).toEqual([[], ["BookHeld"]]);
    await get(start);
    expect(did).toEqual([`wait approval#1 until ${later(86_400)}`, "send approval/loan-1#1"]);
  });

  test("of an answered command that waits for others sends nothing more", async () => {
    const { get, did, log } = await fixture([start, held, asked], [start, held]);
    await get(asked);
    expect(did).toEqual([]);
    const told = { kind: "step", message: "lending/1 approval pending for 86400 s at most" };
    expect(log.entries()).toMatchObject([told]);
  });

  test("that decides the last wait leads to the end of the saga", async () => {
    const { get, did } = await fixture([start, held, asked, approved], [start, held, asked]);
    await get(approved);
    const sent = did.filter((each) => each.startsWith("send"));
    expect(sent).toEqual(["send hand-over/loan-1#1", "send complete/loan-1#1"]);
    expect(did.slice(-2)).toEqual(["end of hand-over#1", "end of approval#1"]);
  });

  test("whose reaction fails is redelivered", async () => {
    const { get, log } = await fixture([start], [], () => Promise.reject(new Error("out of reach")));
    expect(await get(start)).toEqual([retry(start.metadata.id)]);
    expect(log.entries()).toMatchObject([
      { kind: "problem", message: `${sagaId} react failed: Error: out of reach` },
    ]);
  });
});

describe("a deadline", () => {
  test("ends the wait by an event in the stream, before anything is sent again", async () => {
    const { get, stream, did } = await fixture([start, held, asked]);
    await get("approval#1");
    expect((await stream()).slice(0, 4)).toEqual([
      "LoanRequested",
      "BookHeld",
      "LibrarianAsked",
      "CommandExpired",
    ]);
    expect(did).toEqual(["send undo-hold/loan-1#1", "send abandon/loan-1#1"]);
  });

  test("of a command that was never sent leaves nothing to send", async () => {
    const { get, stream } = await fixture([start]);
    await get("hold#1");
    expect(await stream()).toEqual(["LoanRequested", "CommandExpired", "CommandIgnored", "LoanDeclined"]);
  });

  test("of a step that is over is ignored", async () => {
    const { get, stream } = await fixture([start, held, asked]);
    await get("hold#1");
    expect(await stream()).toEqual(["LoanRequested", "BookHeld", "LibrarianAsked"]);
  });

  test("of an attempt that is over is ignored for the next one", async () => {
    const events = [start, held, rejected(3, "approval"), resumed(4, "approval", "retry")];
    const { get, stream } = await fixture(events);
    const before = await stream();
    await get("approval#7");
    expect((await stream()).filter((type) => type === "CommandExpired")).toEqual([]);
    expect(before).toHaveLength(4);
  });

  test("that was expired makes the saga compensate", async () => {
    const gone = expired(4, "approval");
    const { get, did } = await fixture([start, held, asked, gone], [start, held, asked]);
    await get(gone);
    expect(did.slice(0, 2)).toEqual(["send undo-hold/loan-1#1", "send abandon/loan-1#1"]);
  });
});

test("a parked saga does nothing, and notifies an operator once", async () => {
  const events = [start, held, asked, expired(4, "approval")];
  const failed = rejected(5, "undo-hold");
  const { get, did, log } = await fixture([...events, failed], events);
  await get(failed);
  await get("undo-hold#1");
  expect(did.filter((each) => each.startsWith("send"))).toEqual([]);
  expect(log.counted().filter((metric) => metric === "SagaParked")).toHaveLength(1);
});

test("an operator's decision arrives like any other event", async () => {
  const events = [start, held, asked, expired(4, "approval"), rejected(5, "undo-hold")];
  const decided = resumed(6, "undo-hold", "retry");
  const { get, did } = await fixture([...events, decided], events);
  await get(decided);
  expect(did.slice(0, 2)).toEqual(["send undo-hold/loan-1#2", "send abandon/loan-1#1"]);
});

describe("an event that the history already has", () => {
  const compensating = [start, held, asked, expired(4, "approval")];

  test("is not reported again if a row of this saga has caused it, and no deadline is deleted", async () => {
    const declined = own(6, "LoanDeclined", "abandon");
    const { get, did, steps } = await fixture([...compensating, own(5, "BookFreed", "undo-hold"), declined]);
    await get(declined);
    expect([did, steps()]).toEqual([[], []]);
  });

  test("is reported if it is the decision of an operator", async () => {
    const skipped = resumed(6, "undo-hold", "skip");
    const { get, steps } = await fixture([...compensating, rejected(5, "undo-hold"), skipped]);
    await get(skipped);
    expect(steps()).toEqual(["undo-hold succeeded", "abandon succeeded"]);
  });
});

test("if one command fails, its siblings expire: they can no longer take effect", async () => {
  const sku = (name: string) => ({ sku: name, quantity: 1, unitPrice: 1 });
  const data = { orderId: "1", lines: [sku("apple"), sku("pear")] };
  const placed = recorded("order-1", { type: "OrderPlaced", data }, { version: 1 });
  const commandId = "checkout/1/reserve-stock/inventory-apple#1";
  const refusal = { command: "ReserveStock", commandId, code: "unknown-sku", because: "nobody knows it" };
  const apple = recorded(
    "inventory-apple",
    { type: "CommandRejected", data: refusal },
    { version: 1, sagaId: "checkout/1", commandId },
  );
  const store = memoryEventStore();
  const instances = memoryInstances();
  const handle = () => Promise.reject(new Error("out of reach"));
  const deadlines = { set: async () => {}, delete: async () => {} };
  const react = choreographer(checkout, {
    current: unchanged,
    store,
    instances,
    handle,
    deadlines,
    clock,
    log: memoryLog(),
  });
  await react([deliveryOf(placed), deliveryOf(apple)]);
  const pear = (await store.read("inventory-pear", { consistency: "strong" })).flatMap(recordedEvents);
  expect(pear).toMatchObject([
    {
      type: "CommandExpired",
      data: { commandId: "checkout/1/reserve-stock/inventory-pear#1" },
      metadata: { sagaId: "checkout/1" },
    },
  ]);
});
