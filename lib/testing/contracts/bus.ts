/** The contract of every bus. */
import { describe, expect, test } from "vitest";
import type { RecordedEvent } from "../../model/message.ts";
import type { Bus } from "../../ports/bus.ts";
import { recordedEvent } from "./samples/recorded-event.ts";

/** A bus, and what the contract needs to test it. */
export type BusUnderTest = {
  readonly bus: Bus;
  /** The events that a subscriber has received so far. */
  readonly received: () => Promise<readonly RecordedEvent[]>;
  /** An event that this bus never accepts. */
  readonly refused: RecordedEvent;
  /** Makes the bus unreachable. */
  readonly cutOff: () => void;
};

const manyEvents = Array.from({ length: 25 }, (_, index) => recordedEvent(index + 1));

const idsOf = (events: readonly RecordedEvent[]) => events.map(({ metadata }) => metadata.id);

/** Tests a bus. `make` returns a new one for each test. */
export const busContract = (name: string, make: () => Promise<BusUnderTest>): void => {
  describe(`the bus ${name}`, () => {
    test("answers one outcome per event, in the same order", async () => {
      const { bus, refused } = await make();
      const events = [...manyEvents.slice(0, 12), refused, ...manyEvents.slice(12)];
      const outcomes = await bus.publish(events);
      expect(outcomes.map(({ kind }) => kind)).toEqual(
        events.map((event) => (event === refused ? "refused" : "published")),
      );
    });

    test("refuses an event that it never accepts, with the reason", async () => {
      const { bus, refused } = await make();
      expect(await bus.publish([refused])).toEqual([
        { kind: "refused", because: expect.stringMatching(/.+/) },
      ]);
    });

    test("answers no outcomes for no events", async () => {
      const { bus } = await make();
      expect(await bus.publish([])).toEqual([]);
    });

    test("delivers a published event to subscribers at least once, unchanged", async () => {
      const { bus, received, refused } = await make();
      await bus.publish([...manyEvents, refused]);
      const got = await received();
      expect(new Set(idsOf(got))).toEqual(new Set(idsOf(manyEvents)));
      expect(got.find(({ metadata }) => metadata.id === "order-1@1")).toEqual(manyEvents[0]);
    });

    test("throws if it cannot be reached", async () => {
      const { bus, cutOff } = await make();
      cutOff();
      await expect(bus.publish([recordedEvent()])).rejects.toThrow();
    });
  });
};
