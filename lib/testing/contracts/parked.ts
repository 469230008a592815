/** The contract of every store of parked streams. */
import { describe, expect, test } from "vitest";
import type { Parked, ParkedStream } from "../../ports/parked.ts";
import { oddTexts } from "./samples/odd-texts.ts";

let names = 0;

const stream = (given: Partial<ParkedStream> = {}): ParkedStream => ({
  consumer: "order-summary",
  streamId: `order-${process.pid}-${++names}`,
  version: 3,
  payload: '{"type":"OrderPlaced","data":{"":"☕"}}',
  error: "Error: it cannot be read",
  at: "2026-02-03T04:05:06.789Z",
  ...given,
});

/** The entries of these streams. Other tests have other streams. */
const parkedOf = async (parked: Parked, streams: readonly ParkedStream[]) => {
  const ids = new Set(streams.map(({ streamId }) => streamId));
  const own = (await parked.list()).filter(({ streamId }) => ids.has(streamId));
  return own.toSorted((one, other) => (one.at < other.at ? -1 : 1));
};

/** Tests a store of parked streams. `make` returns a new one, or one that other tests use as well. */
export const parkedContract = (name: string, make: () => Promise<Parked>): void => {
  describe(`the parked streams ${name}`, () => {
    test("are stored with payload and error", async () => {
      const parked = await make();
      const kept = stream();
      await parked.park(kept);
      expect(await parkedOf(parked, [kept])).toEqual([kept]);
    });

    test("parking again replaces the entry of this consumer and stream", async () => {
      const parked = await make();
      const first = stream();
      const second = { ...first, version: 4, error: "Error: another" };
      await parked.park(first);
      await parked.park(second);
      expect(await parkedOf(parked, [first])).toEqual([second]);
    });

    test("consumers and streams are independent", async () => {
      const parked = await make();
      const one = stream({ at: "2026-01-01T00:00:00.000Z" });
      const other = { ...one, consumer: "stock-level", at: "2026-01-02T00:00:00.000Z" };
      const third = stream({ at: "2026-01-03T00:00:00.000Z" });
      for (const each of [one, other, third]) await parked.park(each);
      expect(await parkedOf(parked, [one, third])).toEqual([one, other, third]);
      await parked.release(one.consumer, one.streamId);
      expect(await parkedOf(parked, [one, third])).toEqual([other, third]);
    });

    test("release removes an entry, and an unknown one is not an error", async () => {
      const parked = await make();
      const kept = stream();
      await parked.park(kept);
      await parked.release(kept.consumer, kept.streamId);
      await parked.release(kept.consumer, kept.streamId);
      expect(await parkedOf(parked, [kept])).toEqual([]);
    });

    test("are stored and removed with any characters in their ids", async () => {
      const parked = await make();
      const streams = oddTexts.map((odd) => stream({ streamId: `order-${process.pid}-odd-${odd}` }));
      for (const each of streams) await parked.park(each);
      expect(new Set(await parkedOf(parked, streams))).toEqual(new Set(streams));
      for (const { consumer, streamId } of streams) await parked.release(consumer, streamId);
      expect(await parkedOf(parked, streams)).toEqual([]);
    });

    test("are stored and removed with ids of any length, and with strings that are not valid UTF-8", async () => {
      const parked = await make();
      const name = "x".repeat(2100);
      const streams = ["1", "2"].map((last) =>
        stream({ streamId: `order-${process.pid}-${name}-${last}`, at: `2026-01-0${last}T00:00:00.000Z` }),
      );
      for (const each of streams) await parked.park(each);
      await parked.park(stream({ error: "Error: \ud800", payload: "\udc00" }));
      expect(await parkedOf(parked, streams)).toEqual(streams);
      for (const { consumer, streamId } of streams) await parked.release(consumer, streamId);
      expect(await parkedOf(parked, streams)).toEqual([]);
    });

    test("are all listed, even if there are many", async () => {
      const parked = await make();
      const streams = Array.from({ length: 30 }, () => stream({ payload: "x".repeat(50_000) }));
      await Promise.all(streams.map(parked.park));
      expect(new Set(await parkedOf(parked, streams))).toEqual(new Set(streams));
    });

    test("a huge payload is parked too, because otherwise it would block others", async () => {
      const parked = await make();
      const huge = stream({ payload: "☕".repeat(500_000), error: "x".repeat(500_000) });
      await parked.park(huge);
      const [kept] = await parkedOf(parked, [huge]);
      expect(kept).toMatchObject({ consumer: huge.consumer, version: huge.version });
      expect(kept?.payload.slice(0, 100_000)).toEqual(huge.payload.slice(0, 100_000));
      expect(kept?.error.slice(0, 10_000)).toEqual(huge.error.slice(0, 10_000));
    });
  });
};
