/** What every store of parked streams promises. */
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

/** What stands there of these streams; other tests have theirs. */
const parkedOf = async (parked: Parked, streams: readonly ParkedStream[]) => {
  const ids = new Set(streams.map(({ streamId }) => streamId));
  const own = (await parked.list()).filter(({ streamId }) => ids.has(streamId));
  return own.toSorted((one, other) => (one.at < other.at ? -1 : 1));
};

export const parkedContract = (name: string, make: () => Promise<Parked>): void => {
  describe(`the parked streams ${name}`, () => {
    test("are kept with payload and error", async () => {
      const parked = await make();
      const kept = stream();
      await parked.park(kept);
      expect(await parkedOf(parked, [kept])).toEqual([kept]);
    });

    test("parking again replaces what stood under consumer and stream", async () => {
      const parked = await make();
      const first = stream();
      const second = { ...first, version: 4, error: "Error: another" };
      await parked.park(first);
      await parked.park(second);
      expect(await parkedOf(parked, [first])).toEqual([second]);
    });

    test("consumers do not meet, nor do streams", async () => {
      const parked = await make();
      const one = stream({ at: "2026-01-01T00:00:00.000Z" });
      const other = { ...one, consumer: "stock-level", at: "2026-01-02T00:00:00.000Z" };
      const third = stream({ at: "2026-01-03T00:00:00.000Z" });
      for (const each of [one, other, third]) await parked.park(each);
      expect(await parkedOf(parked, [one, third])).toEqual([one, other, third]);
      await parked.release(one.consumer, one.streamId);
      expect(await parkedOf(parked, [one, third])).toEqual([other, third]);
    });

    test("release forgets it, and an unknown one is no error", async () => {
      const parked = await make();
      const kept = stream();
      await parked.park(kept);
      await parked.release(kept.consumer, kept.streamId);
      await parked.release(kept.consumer, kept.streamId);
      expect(await parkedOf(parked, [kept])).toEqual([]);
    });

    test("are kept and forgotten whatever characters stand in their ids", async () => {
      const parked = await make();
      const streams = oddTexts.map((odd) => stream({ streamId: `order-${process.pid}-odd-${odd}` }));
      for (const each of streams) await parked.park(each);
      expect(new Set(await parkedOf(parked, streams))).toEqual(new Set(streams));
      for (const { consumer, streamId } of streams) await parked.release(consumer, streamId);
      expect(await parkedOf(parked, streams)).toEqual([]);
    });

    test("are kept and forgotten whatever their length, and with texts that UTF-8 cannot write", async () => {
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

    test("all are listed, however many", async () => {
      const parked = await make();
      const streams = Array.from({ length: 30 }, () => stream({ payload: "x".repeat(50_000) }));
      await Promise.all(streams.map(parked.park));
      expect(new Set(await parkedOf(parked, streams))).toEqual(new Set(streams));
    });

    test("what could not be parked would block others: a huge payload is parked too", async () => {
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
