/**
 * The code cannot read an event that is stored, or that waits in a queue. Operators redrive it after a correction of
 * the code. The stores stay the same.
 */
import { expect, test } from "vitest";
import * as z from "zod";
import { activity } from "../../../lib/adapters/in-process/activity.ts";
import { inProcessBus } from "../../../lib/adapters/in-process/bus.ts";
import { memoryInstances } from "../../../lib/adapters/memory/instances.ts";
import type { AnyDecider } from "../../../lib/model/decider.ts";
import { interestOfEffect } from "../../../lib/model/delivery/interest.ts";
import type { AnyEffect } from "../../../lib/model/effect.ts";
import type { RecordedEvent } from "../../../lib/model/message.ts";
import { event } from "../../../lib/model/reference.ts";
import type { Handle } from "../../../lib/ports/delivery.ts";
import { performer } from "../../../lib/runtime/handlers/perform.ts";
import { operator } from "../../../lib/runtime/operations/operate.ts";
import { recordedEvents } from "../../../lib/runtime/streams/recorded.ts";
import { waitingEngine } from "../waiting-engine.ts";
import { codeOver, commitOf, parcel, storesWith } from "./parcels.ts";

const parcelId = "1";
const packed = { type: "ParcelPacked", data: { parcelId, note: "none" } };
const refused = { type: "ParcelCancelled", data: { parcelId, reason: 7 } };
const stored = [commitOf(packed), { ...commitOf(refused), version: 2, id: "http/2" }];

/** The reason may be the number of a reason. */
const corrected: AnyDecider = {
  ...parcel,
  events: {
    ...parcel.events,
    ParcelCancelled: z.object({ parcelId: z.string(), reason: z.union([z.string(), z.int()]) }),
  },
};

const onCancelled = event(parcel, "ParcelCancelled");

const world = async () => {
  const stores = await storesWith(stored);
  const performed: RecordedEvent[] = [];
  const effect: AnyEffect<object> = {
    name: "apologize",
    on: onCancelled,
    answers: [],
    uses: {},
    perform: async (each: RecordedEvent) => void performed.push(each),
  };

  const codeWith = (decider: AnyDecider) => {
    const code = codeOver(stores, decider);
    const operate = operator(
      { effects: [effect], sagas: [], projections: code.projections },
      { ...code, deadLetters: bus.deadLetters, instances: memoryInstances(), engine: waitingEngine().engine },
    );
    const perform = performer(effect, { ...code, handle: code.send, services: {} });
    return { ...code, operate, perform };
  };

  /** The queue of the effect outlives the code. */
  let perform: Handle = async () => [];
  const running = activity();
  const { clock, log, sleep, random } = codeOver(stores);
  const bus = inProcessBus({ clock, log, sleep, random, source: "post", activity: running });
  const interest = interestOfEffect(effect, [parcel]);
  bus.subscribe({ handler: effect.name, interest, handle: (deliveries) => perform(deliveries) });

  const run = (decider: AnyDecider) => {
    const code = codeWith(decider);
    perform = code.perform;
    return code;
  };
  const deliver = async () => {
    await bus.publish(stored.flatMap(recordedEvents));
    await running.idle();
  };
  return { run, deliver, performed };
};

test("a stream that is parked for a projection continues from its checkpoint", async () => {
  const { run } = await world();
  const before = run(parcel);
  const redrive = { action: "redrive", projection: "seen", streamId: "parcel-1" } as const;
  await before.project();
  expect((await before.row())?.row).toEqual({ seen: [packed] });
  expect(await before.parked.list()).toMatchObject([{ consumer: "seen", streamId: "parcel-1", version: 2 }]);
  expect(await before.operate(redrive)).toEqual({ kind: "parked-again" });

  const after = run(corrected);
  expect(await after.operate(redrive)).toEqual({ kind: "redriven" });
  expect(await after.row()).toMatchObject({
    row: { seen: [packed, refused] },
    checkpoints: { "parcel-1": { version: 2, business: 2 } },
  });
  expect(await after.parked.list()).toEqual([]);
});

test("a stream that is parked by the relay is republished", async () => {
  const { run } = await world();
  const before = run(parcel);
  const republish = { action: "republish", streamId: "parcel-1", after: 1 } as const;
  await before.relay();
  expect(before.bus.published()).toMatchObject([packed]);
  expect(await before.parked.list()).toMatchObject([{ consumer: "relay", streamId: "parcel-1", version: 2 }]);
  expect(await before.operate(republish)).toEqual({ kind: "parked-again" });

  const after = run(corrected);
  expect(await after.operate(republish)).toEqual({ kind: "republished", events: 1 });
  expect(after.bus.published()).toMatchObject([packed, refused]);
  expect(await after.parked.list()).toEqual([]);
});

test("a dead letter of an effect is redriven, and performed once", async () => {
  const { run, deliver, performed } = await world();
  const before = run(parcel);
  const letters = { action: "dead-letters", handler: "apologize" } as const;
  const redrive = { action: "redrive-handler", handler: "apologize" } as const;
  await deliver();
  expect(await before.operate(letters)).toMatchObject({
    letters: [
      { streamId: "parcel-1", version: 2, because: expect.stringContaining("ParcelCancelled@1: /reason") },
    ],
  });
  expect(performed).toEqual([]);

  const after = run(corrected);
  expect(await after.operate(redrive)).toMatchObject({ count: 1 });
  await deliver();
  expect(await after.operate(letters)).toMatchObject({ letters: [] });
  expect(performed).toMatchObject([refused]);
});
