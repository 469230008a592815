/** What every store of saga instances promises. */
import { describe, expect, test } from "vitest";
import type { InstanceItem, Instances, ListedStatus, Page } from "../../ports/instances.ts";
import { PermanentError } from "../../ports/permanent-error.ts";
import { oddTexts } from "./samples/odd-texts.ts";
import { recordedEvent } from "./samples/recorded-event.ts";

let names = 0;
const newId = () => `checkout/${process.pid}-${++names}`;

const versionsOf = ({ history }: InstanceItem) => history.map(({ metadata }) => metadata.version);

const numbers = (count: number) => Array.from({ length: count }, (_, index) => index + 1);

export const instancesContract = (name: string, make: () => Promise<Instances>): void => {
  describe(`the instances ${name}: read`, () => {
    test("an unknown instance has no notes", async () => {
      const instances = await make();
      const id = newId();
      expect(await instances.read(id)).toStrictEqual({ id, history: [], restarts: 0 });
    });

    test("gives what was noted, strongly consistent", async () => {
      const instances = await make();
      const id = newId();
      for (const version of numbers(10)) {
        const stored = await instances.append(id, [recordedEvent(version)]);
        expect(await instances.read(id)).toEqual(stored);
        expect(versionsOf(stored)).toEqual(numbers(version));
      }
    });
  });

  describe(`the instances ${name}: note`, () => {
    test("adds the events whole, at the end and in their order, and answers all notes", async () => {
      const instances = await make();
      const id = newId();
      const whole = recordedEvent(3, { "": "☕", lines: [{ sku: null }] }, { sagaId: id, schemaVersion: 2 });
      await instances.append(id, [recordedEvent(7), whole]);
      const item = await instances.append(id, [recordedEvent(1)]);
      expect(item).toEqual({ id, history: [recordedEvent(7), whole, recordedEvent(1)], restarts: 0 });
    });

    test("adds those of the events that are not noted yet, each once", async () => {
      const instances = await make();
      const id = newId();
      await instances.append(id, [recordedEvent(1), recordedEvent(2)]);
      const events = [5, 2, 4, 5, 1].map((version) => recordedEvent(version));
      expect(versionsOf(await instances.append(id, events))).toEqual([1, 2, 5, 4]);
      expect(versionsOf(await instances.read(id))).toEqual([1, 2, 5, 4]);
    });

    test("what was noted first stays as it was", async () => {
      const instances = await make();
      const id = newId();
      await instances.append(id, [recordedEvent(1, { orderId: "first" })]);
      const item = await instances.append(id, [recordedEvent(1, { orderId: "second" })]);
      expect(item.history).toEqual([recordedEvent(1, { orderId: "first" })]);
    });

    test("nothing new changes nothing and answers what is noted", async () => {
      const instances = await make();
      const id = newId();
      const stored = await instances.append(id, [recordedEvent(1)], { waiting: { step: "pay", token: "1" } });
      expect(await instances.append(id, [recordedEvent(1)])).toEqual(stored);
      expect(await instances.append(id, [])).toEqual(stored);
    });

    test("stores the token with the events", async () => {
      const instances = await make();
      const id = newId();
      const waiting = { step: "pay", token: "token-1 ☕" };
      const item = await instances.append(id, [recordedEvent(1)], { waiting });
      expect(item).toEqual({ id, history: [recordedEvent(1)], waiting, restarts: 0 });
      expect(await instances.read(id)).toEqual(item);
    });

    test("stores the token where there is nothing new to note, and answers all notes", async () => {
      const instances = await make();
      const id = newId();
      await instances.append(id, [recordedEvent(1)], { waiting: { step: "pay", token: "1" } });
      const again = await instances.append(id, [recordedEvent(1)], { waiting: { step: "pay", token: "2" } });
      expect(again).toEqual({ ...(await instances.read(id)), waiting: { step: "pay", token: "2" } });
      const alone = await instances.append(id, [], { waiting: { step: "ship", token: "3" } });
      expect(alone).toMatchObject({ history: [recordedEvent(1)], waiting: { step: "ship", token: "3" } });
    });

    test("stores the token of an instance without notes", async () => {
      const instances = await make();
      const id = newId();
      const waiting = { step: "pay", token: "1" };
      expect(await instances.append(id, [], { waiting })).toEqual({ id, history: [], waiting, restarts: 0 });
    });

    test("events without a token leave the token", async () => {
      const instances = await make();
      const id = newId();
      const waiting = { step: "pay", token: "1" };
      await instances.append(id, [], { waiting });
      expect((await instances.append(id, [recordedEvent(1)])).waiting).toEqual(waiting);
    });

    test("of two that note at once, the later one sees what both have noted", async () => {
      const instances = await make();
      for (const _ of numbers(20)) {
        const id = newId();
        const both = await Promise.all([
          instances.append(id, [recordedEvent(1)]),
          instances.append(id, [recordedEvent(2)]),
        ]);
        expect(both.map(({ history }) => history.length).toSorted()).toEqual([1, 2]);
      }
    });

    test("of two that note the same at once, both see it once", async () => {
      const instances = await make();
      for (const _ of numbers(20)) {
        const id = newId();
        const events = [recordedEvent(1), recordedEvent(2)];
        const answers = await Promise.all([instances.append(id, events), instances.append(id, events)]);
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
          instances.append(id, [], { waiting: { step: "pay", token: "1" } }),
          instances.append(id, [recordedEvent(1)]),
        ]);
        expect(answers.filter(({ history, waiting }) => history.length === 1 && waiting)).not.toEqual([]);
      }
    });

    test("of many that note at once none is lost or doubled", async () => {
      const instances = await make();
      const id = newId();
      const answers = await Promise.all(
        numbers(25).flatMap((version) =>
          [1, 2].map(() => instances.append(id, [recordedEvent(version), recordedEvent(version + 1)])),
        ),
      );
      expect(versionsOf(await instances.read(id)).toSorted((one, other) => one - other)).toEqual(numbers(26));
      expect(Math.max(...answers.map(({ history }) => history.length))).toBe(26);
    });

    test("takes as many events as the widest fan-out can bring, with the token", async () => {
      const instances = await make();
      const id = newId();
      await instances.append(
        id,
        [3, 150].map((version) => recordedEvent(version)),
      );
      const all = numbers(250).map((version) => recordedEvent(version));
      const item = await instances.append(id, all, { waiting: { step: "reserve", token: "1" } });
      const others = numbers(250).filter((version) => version !== 3 && version !== 150);
      expect(versionsOf(item)).toEqual([3, 150, ...others]);
      expect(item.waiting).toEqual({ step: "reserve", token: "1" });
    });

    test("takes whatever characters stand in the ids of instances and events", async () => {
      const instances = await make();
      const ids = oddTexts.map((odd) => `${newId()}${odd}`);
      const stored = await Promise.all(
        ids.map((id) => instances.append(id, [recordedEvent(1, {}, { id: `order-${id}@1` })])),
      );
      expect(stored.map(({ id, history }) => [id, history.length])).toEqual(ids.map((id) => [id, 1]));
      const together = newId();
      const all = stored.flatMap(({ history }) => history);
      await instances.append(together, all);
      expect((await instances.append(together, all.toReversed())).history).toEqual(all);
    });

    test("instances do not meet", async () => {
      const instances = await make();
      const [one, other] = [newId(), newId()];
      await instances.append(one, [recordedEvent(1)]);
      expect(versionsOf(await instances.append(other, [recordedEvent(1), recordedEvent(2)]))).toEqual([1, 2]);
      expect(versionsOf(await instances.read(one))).toEqual([1]);
    });
  });

  describe(`the instances ${name}: park and restart`, () => {
    test("marks it as parked, and unmarks it, beside its notes", async () => {
      const instances = await make();
      const id = newId();
      const stored = await instances.append(id, [recordedEvent(1)], { waiting: { step: "pay", token: "1" } });
      const parked = { code: "execution-aborted", because: "it failed ☕", at: "2026-02-03T04:05:06.789Z" };
      expect(await instances.park(id, parked)).toEqual({ ...stored, parked });
      expect(await instances.read(id)).toEqual({ ...stored, parked });
      expect((await instances.append(id, [recordedEvent(2)])).parked).toEqual(parked);
      await instances.park(id, undefined);
      expect(await instances.read(id)).toEqual({ ...stored, history: [recordedEvent(1), recordedEvent(2)] });
    });

    test("an unknown instance is marked and unmarked too", async () => {
      const instances = await make();
      const [one, other] = [newId(), newId()];
      await instances.park(one, {
        code: "execution-aborted",
        because: "it failed",
        at: "2026-02-03T04:05:06.789Z",
      });
      expect((await instances.read(one)).parked?.because).toBe("it failed");
      await instances.park(other, undefined);
      expect(await instances.read(other)).toEqual({ id: other, history: [], restarts: 0 });
    });

    test("keeps the last fault beside the notes, and none for an unknown instance", async () => {
      const instances = await make();
      const [id, unknown] = [newId(), newId()];
      const stored = await instances.append(id, [recordedEvent(1)]);
      const fault = { step: "pay", because: "it broke ☕", at: "2026-02-03T04:05:06.789Z" };
      await instances.fail(id, { ...fault, because: "it broke before" });
      await instances.fail(id, fault);
      expect(await instances.read(id)).toEqual({ ...stored, fault });
      await instances.fail(unknown, fault);
      expect(await instances.read(unknown)).toEqual({ id: unknown, history: [], restarts: 0 });
    });

    test("counts one more execution, keeps the decision, and answers how many there are beyond the first", async () => {
      const instances = await make();
      const id = newId();
      await instances.append(id, [recordedEvent(1)]);
      const first = { how: "retry", at: "2026-02-03T04:05:06.789Z" } as const;
      const second = { how: "skip", actor: "ada ☕", requestId: "http/1", at: first.at } as const;
      expect([await instances.restart(id, first), await instances.restart(id, second)]).toEqual([1, 2]);
      expect(await instances.read(id)).toEqual({
        id,
        history: [recordedEvent(1)],
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

  describe(`the instances ${name}: what can never be stored`, () => {
    const large = (version: number) => ({ ...recordedEvent(version), data: { text: "x".repeat(90_000) } });

    test("more events than an item holds are a permanent error; what was noted stays, and a mark fits", async () => {
      const instances = await make();
      const id = newId();
      for (const version of [1, 2, 3, 4]) await instances.append(id, [large(version)]);
      await expect(instances.append(id, [large(5)])).rejects.toThrow(PermanentError);
      const mark = {
        code: "cannot-be-stored",
        because: "x".repeat(1000),
        at: "2026-01-01T00:00:00.000Z",
        event: "order-1@5",
      };
      const { history, parked } = await instances.park(id, mark);
      expect(history).toHaveLength(4);
      expect(parked).toEqual(mark);
      expect(await instances.read(id)).toMatchObject({ parked: mark });
    });

    test("a mark fits, however long its reason is and whatever its characters are", async () => {
      const instances = await make();
      const id = newId();
      for (const version of [1, 2, 3, 4]) await instances.append(id, [large(version)]);
      const because = "\ud800".repeat(200_000);
      const at = "2026-01-01T00:00:00.000Z";
      const { parked } = await instances.park(id, { code: "cannot-be-stored", because, at });
      expect(parked).toMatchObject({ code: "cannot-be-stored", at });
    });

    test.each(["", "x".repeat(2049), "\ud800"])("an id that cannot be a key is: %j", async (id) => {
      const instances = await make();
      await expect(instances.append(id, [recordedEvent(1)])).rejects.toThrow(PermanentError);
      await expect(instances.read(id)).rejects.toThrow(PermanentError);
    });
  });

  describe(`the instances ${name}: stand and list`, () => {
    /** A moment of its own for each instance of a test, after those of all tests before. */
    const moment = () => new Date(Date.UTC(2030, 0, 1) + process.pid * 1e6 + ++names * 1000).toISOString();
    const started = async (instances: Instances, kind: ListedStatus["kind"], at: string) => {
      const id = newId();
      await instances.append(id, [recordedEvent(1)], { listedStatus: { kind, at } });
      return id;
    };
    const idsIn = (page: Page | "invalid") => (page === "invalid" ? page : page.ids);

    test("stores where it stands with the events and the token", async () => {
      const instances = await make();
      const id = newId();
      const beside = {
        waiting: { step: "pay", token: "1" },
        listedStatus: { kind: "open", at: moment() },
      } as const;
      const item = await instances.append(id, [recordedEvent(1)], beside);
      expect(item).toEqual({ id, history: [recordedEvent(1)], restarts: 0, ...beside });
      expect(await instances.read(id)).toEqual(item);
      expect((await instances.append(id, [recordedEvent(2)])).listedStatus).toEqual(beside.listedStatus);
    });

    test("stores where it stands unless more is noted than was known", async () => {
      const instances = await make();
      const id = await started(instances, "open", moment());
      const right = { kind: "completed", at: moment() } as const;
      await instances.setListedStatus(id, right, 1);
      expect((await instances.read(id)).listedStatus).toEqual(right);
      await instances.append(id, [recordedEvent(2)]);
      await instances.setListedStatus(id, { kind: "open", at: moment() }, 1);
      expect((await instances.read(id)).listedStatus).toEqual(right);
    });

    test("lists those of a kind, the latest first", async () => {
      const instances = await make();
      const first = await started(instances, "open", moment());
      await started(instances, "compensated", moment());
      const second = await started(instances, "open", moment());
      await instances.append(newId(), [recordedEvent(1)]);
      expect(idsIn(await instances.list({ kind: "open", limit: 2 }))).toEqual([second, first]);
    });

    test("an instance is in one list only: that where it stands now", async () => {
      const instances = await make();
      const id = await started(instances, "open", moment());
      await instances.append(id, [recordedEvent(2)], { listedStatus: { kind: "completed", at: moment() } });
      expect(idsIn(await instances.list({ kind: "open", limit: 100 }))).not.toContain(id);
      expect(idsIn(await instances.list({ kind: "completed", limit: 1 }))).toEqual([id]);
    });

    test("lists those whose time is no later than asked for", async () => {
      const instances = await make();
      const at = moment();
      const [first, second] = [await started(instances, "open", at), await started(instances, "open", at)];
      await started(instances, "open", moment());
      const page = await instances.list({ kind: "open", until: at, limit: 2 });
      // Instances of the same time come in any order.
      expect(idsIn(page)).toHaveLength(2);
      expect(idsIn(page)).toEqual(expect.arrayContaining([first, second]));
    });

    test("pages of instances of the same time have each of them once", async () => {
      const instances = await make();
      const at = moment();
      const ids: string[] = [];
      for (const _ of numbers(5)) ids.push(await started(instances, "parked", at));
      const found: string[] = [];
      for (let from: string | undefined; found.length < ids.length; ) {
        const page = await instances.list({ kind: "parked", limit: 2, ...(from && { from }) });
        if (page === "invalid") throw new Error(`the list does not take its own next: ${from}`);
        found.push(...page.ids);
        from = page.next;
      }
      expect(found.slice(0, ids.length).toSorted()).toEqual(ids.toSorted());
    });

    test("goes on with the next page until the last", async () => {
      const instances = await make();
      const ids: string[] = [];
      for (const _ of numbers(5)) ids.push(await started(instances, "parked", moment()));
      const first = await instances.list({ kind: "parked", limit: 2 });
      expect(idsIn(first)).toEqual([ids[4], ids[3]]);
      const from = Object(first).next;
      const second = await instances.list({ kind: "parked", limit: 3, from });
      expect(idsIn(second)).toEqual([ids[2], ids[1], ids[0]]);
    });

    test("has no next page after the last", async () => {
      const instances = await make();
      const [until, kind] = ["2001-01-01", "compensating"] as const;
      await started(instances, kind, "2000-01-01");
      const { next, ...page } = Object(await instances.list({ kind, until, limit: 100 }));
      expect(page.ids).not.toEqual([]);
      expect(next).toBeUndefined();
    });

    test.each(["", "x", "W10", Buffer.from('["open","",""]').toString("base64url")])(
      "a next that no list gave is invalid: %j",
      async (from) => {
        const instances = await make();
        expect(await instances.list({ kind: "open", limit: 1, from })).toBe("invalid");
      },
    );

    test("a next of another kind is invalid", async () => {
      const instances = await make();
      for (const _ of numbers(2)) await started(instances, "open", moment());
      const from = Object(await instances.list({ kind: "open", limit: 1 })).next;
      expect(from).toEqual(expect.any(String));
      expect(await instances.list({ kind: "parked", limit: 1, from })).toBe("invalid");
    });
  });
};
