/** What every bus promises. */
import { describe, expect, test } from "vitest";
import type { RecordedEvent } from "../../model/message.ts";
import type { Bus } from "../../ports/bus.ts";
import { recordedEvent } from "./samples/recorded-event.ts";

export type BusUnderTest = {
  readonly bus: Bus;
  /** What a subscriber has got so far. */
  readonly received: () => Promise<readonly RecordedEvent[]>;
  /** An event that this bus never takes. */
  readonly refused: RecordedEvent;
  /** From here on nobody reaches it. */
  readonly cutOff: () => void;
};

const manyEvents = Array.from({ length: 25 }, (_, index) => recordedEvent(index + 1));

const idsOf = (events: readonly RecordedEvent[]) => events.map(({ metadata }) => metadata.id);

export const busContract = (name: string, make: () => Promise<BusUnderTest>): void => {
  describe(`the bus ${name}`, () => {
    test("answers one outcome per event, in their order", async () => {
      const { bus, refused } = await make();
      const events = [...manyEvents.slice(0, 12), refused, ...manyEvents.slice(12)];
      const outcomes = await bus.publish(events);
      expect(outcomes.map(({ kind }) => kind)).toEqual(
        events.map((event) => (event === refused ? "refused" : "published")),
      );
    });

    test("says of an event that it never takes that it is refused, and why", async () => {
      const { bus, refused } = await make();
      expect(await bus.publish([refused])).toEqual([
        { kind: "refused", because: expect.stringMatching(/.+/) },
      ]);
    });

    test("has nothing to answer for no events", async () => {
      const { bus } = await make();
      expect(await bus.publish([])).toEqual([]);
    });

    test("gives subscribers a published event at least once, as it was", async () => {
      const { bus, received, refused } = await make();
      await bus.publish([...manyEvents, refused]);
      const got = await received();
      expect(new Set(idsOf(got))).toEqual(new Set(idsOf(manyEvents)));
      expect(got.find(({ metadata }) => metadata.id === "order-1@1")).toEqual(manyEvents[0]);
    });

    test("throws where it is out of reach", async () => {
      const { bus, cutOff } = await make();
      cutOff();
      await expect(bus.publish([recordedEvent()])).rejects.toThrow();
    });
  });
};
