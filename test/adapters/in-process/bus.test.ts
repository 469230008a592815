/**
 * The behaviour of handlers on the in-process bus. The contracts test what every bus and all dead letters
 * guarantee.
 */
import { describe, expect, test } from "vitest";
import * as z from "zod";
import { activity } from "../../../lib/adapters/in-process/activity.ts";
import { inProcessBus } from "../../../lib/adapters/in-process/bus.ts";
import { memoryLog } from "../../../lib/adapters/memory/log.ts";
import type { DeliveryPolicy } from "../../../lib/model/delivery/delivery-policy.ts";
import { command } from "../../../lib/model/reference.ts";
import { sending } from "../../../lib/model/saga.ts";
import type { AnyTranslator } from "../../../lib/model/translator.ts";
import {
  type Delivery,
  dead,
  type ForeignDelivery,
  type Handle,
  retry,
} from "../../../lib/ports/delivery.ts";
import { recordedEvent } from "../../../lib/testing/contracts/samples/recorded-event.ts";

const interest = { categories: ["order"], eventTypes: [recordedEvent().type] };

const place = (handle: Handle, delivery?: DeliveryPolicy) => {
  const [log, underWay] = [memoryLog(), activity()];
  const waits: number[] = [];
  const sleep = async (milliseconds: number) => void waits.push(milliseconds);
  const clock = () => new Date(0);
  const bus = inProcessBus({ log, sleep, clock, random: () => 1, activity: underWay, source: "shop" });
  bus.subscribe({ handler: "tell", interest, handle, ...(delivery && { delivery }) });
  return { bus, log, waits, idle: underWay.idle };
};

const many = Array.from({ length: 25 }, (_, index) => recordedEvent(index + 1));

const versionsOf = (deliveries: readonly Delivery[]) =>
  deliveries.map((each) => (each.kind === "event" ? each.event.metadata.version : 0));

describe("a handler", () => {
  test("gets only the events that it subscribes to, in batches of ten", async () => {
    const batches: (readonly number[])[] = [];
    const { bus, idle } = place(async (deliveries) => {
      batches.push(versionsOf(deliveries));
      return [];
    });
    await bus.publish([{ ...recordedEvent(99), type: "SomethingElse" }, ...many]);
    await idle();
    expect(batches.map(({ length }) => length)).toEqual([10, 10, 5]);
    expect(batches.flat()).toEqual(many.map(({ metadata }) => metadata.version));
  });

  test("gets failed events again, later each time, without the others of the batch", async () => {
    const got: (readonly [version: number, receiveCount: number])[] = [];
    const { bus, idle, waits } = place(async (deliveries) => {
      const [first] = deliveries;
      for (const each of deliveries) got.push([versionsOf([each])[0] ?? 0, each.receiveCount]);
      return first && first.receiveCount < 4 && got.length < 6 ? [retry(first.id)] : [];
    });
    await bus.publish([recordedEvent(1), recordedEvent(2)]);
    await idle();
    expect(got).toEqual([
      [1, 1],
      [2, 1],
      [1, 2],
      [1, 3],
      [1, 4],
    ]);
    expect(waits).toEqual([1000, 2000, 4000]);
  });

  test("that throws gets the whole batch again", async () => {
    let calls = 0;
    const { bus, idle, log } = place(async () => {
      calls += 1;
      if (calls === 1) throw new Error("out of order");
      return [];
    });
    await bus.publish([recordedEvent(1), recordedEvent(2)]);
    await idle();
    expect(calls).toBe(2);
    expect(log.entries()).toMatchObject([{ kind: "problem", message: "Error: out of order" }]);
  });

  test("has no more batches in progress at once than its policy allows", async () => {
    let [atWork, most] = [0, 0];
    const { bus, idle } = place(
      async () => {
        atWork += 1;
        most = Math.max(most, atWork);
        for (let turn = 0; turn < 5; turn += 1) await new Promise(setImmediate);
        atWork -= 1;
        return [];
      },
      { concurrency: 2 },
    );
    await bus.publish([...many, ...many]);
    await idle();
    expect(most).toBe(2);
  });

  test("has the attempts of its policy, then a dead letter that an alarm counts", async () => {
    let calls = 0;
    const { bus, idle, log } = place(
      async (deliveries) => {
        calls += 1;
        return deliveries.map(({ id }) => retry(id));
      },
      { attempts: 5 },
    );
    await bus.publish([recordedEvent(1)]);
    await idle();
    expect(calls).toBe(5);
    expect(log.counted()).toEqual(["DeliveryFailing"]);
    expect(await bus.deadLetters.list("tell", 10)).toMatchObject([{ because: "failed 5 times" }]);
  });

  test("has an event that it calls dead as a dead letter at the first attempt, with the reason", async () => {
    let calls = 0;
    const { bus, idle, waits, log } = place(async (deliveries) => {
      calls += 1;
      return deliveries.map(({ id }) => dead(id, "unreadable: no"));
    });
    await bus.publish([recordedEvent(1)]);
    await idle();
    expect([calls, waits]).toEqual([1, []]);
    expect(await bus.deadLetters.list("tell", 10)).toMatchObject([{ because: "unreadable: no" }]);
    expect(log.counted()).toEqual(["DeliveryFailing"]);
  });

  test("cannot change the events that another handler gets", async () => {
    const seen: unknown[] = [];
    const { bus, idle } = place(async ([delivery]) => {
      if (delivery?.kind === "event") Reflect.set(delivery.event.data, "amount", -1);
      return [];
    });
    bus.subscribe({
      handler: "other",
      interest,
      handle: async ([delivery]) => {
        if (delivery?.kind === "event") seen.push(delivery.event.data);
        return [];
      },
    });
    const event = recordedEvent(1, { amount: 5 });
    await bus.publish([event]);
    await idle();
    expect([event.data, ...seen]).toEqual([{ amount: 5 }, { amount: 5 }]);
  });

  test("of a saga gets its deadlines", async () => {
    const got: Delivery[] = [];
    const { bus, idle } = place(async (deliveries) => {
      got.push(...deliveries);
      return [];
    });
    bus.remind("tell", { sagaId: "tell/1", task: "one#1" });
    await idle();
    expect(got).toMatchObject([{ kind: "deadline", sagaId: "tell/1", task: "one#1", receiveCount: 1 }]);
  });
});

describe("a translator", () => {
  const translator: AnyTranslator = {
    name: "parcels",
    source: "publisher",
    channel: "parcels",
    type: "ParcelDelivered",
    schema: z.object({}),
    send: sending(
      command({ name: "book", identifiedBy: "id", commands: { Add: z.object({}) } }, "Add"),
      () => [],
    ),
  };
  const parcel = { specversion: "1.0", id: "1", source: "publisher", type: "ParcelDelivered", data: {} };

  test("gets only the events of its source and its type", async () => {
    const { bus, idle } = place(async () => []);
    const got: string[] = [];
    const handle: Handle<ForeignDelivery> = async (deliveries) => {
      got.push(...deliveries.map(({ event }) => event.id));
      return [];
    };
    bus.subscribeForeign({ translator, handle });
    for (const [id, other] of [
      ["1", {}],
      ["2", { source: "bakery" }],
      ["3", { type: "ParcelLost" }],
    ] as const)
      bus.publishForeign({ ...parcel, id, ...other });
    await idle();
    expect(got).toEqual(["1"]);
  });

  test("that cannot handle an event leaves a dead letter, which can be redriven", async () => {
    const { bus, idle } = place(async () => []);
    let isBroken = true;
    bus.subscribeForeign({
      translator,
      handle: async (deliveries) => (isBroken ? deliveries.map(({ id }) => dead(id, "broken")) : []),
    });
    bus.publishForeign(parcel);
    await idle();
    expect(await bus.deadLetters.list("parcels", 10)).toMatchObject([
      { because: "broken", foreign: { id: "1", source: "publisher" } },
    ]);
    isBroken = false;
    expect(await bus.deadLetters.redrive("parcels", (letters) => letters)).toEqual({ count: 1, more: false });
    await idle();
    expect(await bus.deadLetters.list("parcels", 10)).toEqual([]);
  });
});
