/** What every store of saga instances promises. */
import { describe, expect, test } from "vitest";
import type { InstanceItem, Instances } from "../../lib/ports/instances.ts";
import { oddTexts } from "./odd-texts.ts";
import { recordedEvent } from "./recorded-event.ts";

let names = 0;
const newId = () => `checkout/${process.pid}-${++names}`;

const versionsOf = ({ notes }: InstanceItem) => notes.map(({ metadata }) => metadata.version);

const numbers = (count: number) => Array.from({ length: count }, (_, index) => index + 1);

export const instancesContract = (name: string, make: () => Promise<Instances>): void => {
  describe(`the instances ${name}: read`, () => {
    test("an unknown instance has no notes", async () => {
      const instances = await make();
      const id = newId();
      expect(await instances.read(id)).toStrictEqual({ id, notes: [], restarts: 0 });
    });

    test("gives what was noted, strongly consistent", async () => {
      const instances = await make();
      const id = newId();
      for (const version of numbers(10)) {
        const noted = await instances.note(id, [recordedEvent(version)]);
        expect(await instances.read(id)).toEqual(noted);
        expect(versionsOf(noted)).toEqual(numbers(version));
      }
    });
  });

  describe(`the instances ${name}: note`, () => {
    test("adds the events whole, at the end and in their order, and answers all notes", async () => {
      const instances = await make();
      const id = newId();
      const whole = recordedEvent(3, { "": "☕", lines: [{ sku: null }] }, { sagaId: id, schemaVersion: 2 });
      await instances.note(id, [recordedEvent(7), whole]);
      const item = await instances.note(id, [recordedEvent(1)]);
      expect(item).toEqual({ id, notes: [recordedEvent(7), whole, recordedEvent(1)], restarts: 0 });
    });

    test("adds those of the events that are not noted yet, each once", async () => {
      const instances = await make();
      const id = newId();
      await instances.note(id, [recordedEvent(1), recordedEvent(2)]);
      const events = [5, 2, 4, 5, 1].map((version) => recordedEvent(version));
      expect(versionsOf(await instances.note(id, events))).toEqual([1, 2, 5, 4]);
      expect(versionsOf(await instances.read(id))).toEqual([1, 2, 5, 4]);
    });

    test("what was noted first stays as it was", async () => {
      const instances = await make();
      const id = newId();
      await instances.note(id, [recordedEvent(1, { orderId: "first" })]);
      const item = await instances.note(id, [recordedEvent(1, { orderId: "second" })]);
      expect(item.notes).toEqual([recordedEvent(1, { orderId: "first" })]);
    });

    test("nothing new changes nothing and answers what is noted", async () => {
      const instances = await make();
      const id = newId();
      const noted = await instances.note(id, [recordedEvent(1)], { step: "pay", token: "1" });
      expect(await instances.note(id, [recordedEvent(1)])).toEqual(noted);
      expect(await instances.note(id, [])).toEqual(noted);
    });

    test("stores the token with the events", async () => {
      const instances = await make();
      const id = newId();
      const waiting = { step: "pay", token: "token-1 ☕" };
      const item = await instances.note(id, [recordedEvent(1)], waiting);
      expect(item).toEqual({ id, notes: [recordedEvent(1)], waiting, restarts: 0 });
      expect(await instances.read(id)).toEqual(item);
    });

    test("stores the token where there is nothing new to note, and answers all notes", async () => {
      const instances = await make();
      const id = newId();
      await instances.note(id, [recordedEvent(1)], { step: "pay", token: "1" });
      const again = await instances.note(id, [recordedEvent(1)], { step: "pay", token: "2" });
      expect(again).toEqual({ ...(await instances.read(id)), waiting: { step: "pay", token: "2" } });
      const alone = await instances.note(id, [], { step: "ship", token: "3" });
      expect(alone).toMatchObject({ notes: [recordedEvent(1)], waiting: { step: "ship", token: "3" } });
    });

    test("stores the token of an instance without notes", async () => {
      const instances = await make();
      const id = newId();
      const waiting = { step: "pay", token: "1" };
      expect(await instances.note(id, [], waiting)).toEqual({ id, notes: [], waiting, restarts: 0 });
    });

    test("events without a token leave the token", async () => {
      const instances = await make();
      const id = newId();
      const waiting = { step: "pay", token: "1" };
      await instances.note(id, [], waiting);
      expect((await instances.note(id, [recordedEvent(1)])).waiting).toEqual(waiting);
    });

    test("of two that note at once, the later one sees what both have noted", async () => {
      const instances = await make();
      for (const _ of numbers(20)) {
        const id = newId();
        const both = await Promise.all([
          instances.note(id, [recordedEvent(1)]),
          instances.note(id, [recordedEvent(2)]),
        ]);
        expect(both.map(({ notes }) => notes.length).toSorted()).toEqual([1, 2]);
      }
    });

    test("of two that note the same at once, both see it once", async () => {
      const instances = await make();
      for (const _ of numbers(20)) {
        const id = newId();
        const events = [recordedEvent(1), recordedEvent(2)];
        const answers = await Promise.all([instances.note(id, events), instances.note(id, events)]);
        expect(answers.map(versionsOf)).toEqual([
          [1, 2],
          [1, 2],
        ]);
      }
    });

    test("of a token and an outcome stored at once, one answer has both", async () => {
      const instances = await make();
      for (const _ of numbers(20)) {
        const id = newId();
        const answers = await Promise.all([
          instances.note(id, [], { step: "pay", token: "1" }),
          instances.note(id, [recordedEvent(1)]),
        ]);
        expect(answers.filter(({ notes, waiting }) => notes.length === 1 && waiting)).not.toEqual([]);
      }
    });

    test("of many that note at once none is lost or doubled", async () => {
      const instances = await make();
      const id = newId();
      const answers = await Promise.all(
        numbers(25).flatMap((version) =>
          [1, 2].map(() => instances.note(id, [recordedEvent(version), recordedEvent(version + 1)])),
        ),
      );
      expect(versionsOf(await instances.read(id)).toSorted((one, other) => one - other)).toEqual(numbers(26));
      expect(Math.max(...answers.map(({ notes }) => notes.length))).toBe(26);
    });

    test("takes as many events as the widest fan-out can bring, with the token", async () => {
      const instances = await make();
      const id = newId();
      await instances.note(
        id,
        [3, 150].map((version) => recordedEvent(version)),
      );
      const all = numbers(250).map((version) => recordedEvent(version));
      const item = await instances.note(id, all, { step: "reserve", token: "1" });
      const others = numbers(250).filter((version) => version !== 3 && version !== 150);
      expect(versionsOf(item)).toEqual([3, 150, ...others]);
      expect(item.waiting).toEqual({ step: "reserve", token: "1" });
    });

    test("takes whatever characters stand in the ids of instances and events", async () => {
      const instances = await make();
      const ids = oddTexts.map((odd) => `${newId()}${odd}`);
      const noted = await Promise.all(
        ids.map((id) => instances.note(id, [recordedEvent(1, {}, { id: `order-${id}@1` })])),
      );
      expect(noted.map(({ id, notes }) => [id, notes.length])).toEqual(ids.map((id) => [id, 1]));
      const together = newId();
      const all = noted.flatMap(({ notes }) => notes);
      await instances.note(together, all);
      expect((await instances.note(together, all.toReversed())).notes).toEqual(all);
    });

    test("instances do not meet", async () => {
      const instances = await make();
      const [one, other] = [newId(), newId()];
      await instances.note(one, [recordedEvent(1)]);
      expect(versionsOf(await instances.note(other, [recordedEvent(1), recordedEvent(2)]))).toEqual([1, 2]);
      expect(versionsOf(await instances.read(one))).toEqual([1]);
    });
  });

  describe(`the instances ${name}: park and restart`, () => {
    test("marks it as parked, and unmarks it, beside its notes", async () => {
      const instances = await make();
      const id = newId();
      const noted = await instances.note(id, [recordedEvent(1)], { step: "pay", token: "1" });
      const parked = { because: "it failed ☕", at: "2026-02-03T04:05:06.789Z" };
      await instances.park(id, parked);
      expect(await instances.read(id)).toEqual({ ...noted, parked });
      expect((await instances.note(id, [recordedEvent(2)])).parked).toEqual(parked);
      await instances.park(id, undefined);
      expect(await instances.read(id)).toEqual({ ...noted, notes: [recordedEvent(1), recordedEvent(2)] });
    });

    test("an unknown instance is marked and unmarked too", async () => {
      const instances = await make();
      const [one, other] = [newId(), newId()];
      await instances.park(one, { because: "it failed", at: "2026-02-03T04:05:06.789Z" });
      expect((await instances.read(one)).parked?.because).toBe("it failed");
      await instances.park(other, undefined);
      expect(await instances.read(other)).toEqual({ id: other, notes: [], restarts: 0 });
    });

    test("counts one more execution, keeps the decision, and answers how many there are beyond the first", async () => {
      const instances = await make();
      const id = newId();
      await instances.note(id, [recordedEvent(1)]);
      const first = { how: "retry", at: "2026-02-03T04:05:06.789Z" } as const;
      const second = { how: "skip", actor: "ada ☕", requestId: "http/1", at: first.at } as const;
      expect([await instances.restart(id, first), await instances.restart(id, second)]).toEqual([1, 2]);
      expect(await instances.read(id)).toEqual({
        id,
        notes: [recordedEvent(1)],
        restarts: 2,
        resumed: second,
      });
    });

    test("of many restarts at once each has a number of its own", async () => {
      const instances = await make();
      const id = newId();
      const given = await Promise.all(
        numbers(10).map(() => instances.restart(id, { how: "retry", at: "now" })),
      );
      expect(given.toSorted((one, other) => one - other)).toEqual(numbers(10));
    });
  });
};
