/** The status of an instance, and the lists of instances by status. */
import { describe, expect, test } from "vitest";
import type { Instances, ListedStatus, Page } from "../../../ports/instances.ts";
import { recordedEvent } from "../samples/recorded-event.ts";
import { newId, newNumber, numbers } from "./samples.ts";

/** Tests the status and the lists. */
export const listContract = (name: string, make: () => Promise<Instances>): void => {
  describe(`the instances ${name}: status and list`, () => {
    /** A later time at each call, so that no two instances share one. */
    const moment = () =>
      new Date(Date.UTC(2030, 0, 1) + process.pid * 1e6 + newNumber() * 1000).toISOString();
    const started = async (instances: Instances, kind: ListedStatus["kind"], at: string) => {
      const id = newId();
      await instances.append(id, [recordedEvent(1)], { listedStatus: { kind, at } });
      return id;
    };
    const idsIn = (page: Page | "invalid") => (page === "invalid" ? page : page.ids);

    test("stores the status with the events and the token", async () => {
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

    test("stores the status unless the history is longer than the caller knew", async () => {
      const instances = await make();
      const id = await started(instances, "open", moment());
      const right = { kind: "completed", at: moment() } as const;
      await instances.setListedStatus(id, right, 1);
      expect((await instances.read(id)).listedStatus).toEqual(right);
      await instances.append(id, [recordedEvent(2)]);
      await instances.setListedStatus(id, { kind: "open", at: moment() }, 1);
      expect((await instances.read(id)).listedStatus).toEqual(right);
    });

    test("lists the instances of a kind, the latest first", async () => {
      const instances = await make();
      const first = await started(instances, "open", moment());
      await started(instances, "compensated", moment());
      const second = await started(instances, "open", moment());
      await instances.append(newId(), [recordedEvent(1)]);
      expect(idsIn(await instances.list({ kind: "open", limit: 2 }))).toEqual([second, first]);
    });

    test("an instance is only in the list of its present status", async () => {
      const instances = await make();
      const id = await started(instances, "open", moment());
      await instances.append(id, [recordedEvent(2)], { listedStatus: { kind: "completed", at: moment() } });
      expect(idsIn(await instances.list({ kind: "open", limit: 100 }))).not.toContain(id);
      expect(idsIn(await instances.list({ kind: "completed", limit: 1 }))).toEqual([id]);
    });

    test("lists the instances whose time is not after `until`", async () => {
      const instances = await make();
      const at = moment();
      const [first, second] = [await started(instances, "open", at), await started(instances, "open", at)];
      await started(instances, "open", moment());
      const page = await instances.list({ kind: "open", until: at, limit: 2 });
      // The order of instances with the same time is undefined.
      expect(idsIn(page)).toHaveLength(2);
      expect(idsIn(page)).toEqual(expect.arrayContaining([first, second]));
    });

    test("if instances have the same time, each is on exactly one page", async () => {
      const instances = await make();
      const at = moment();
      const ids: string[] = [];
      for (const _ of numbers(5)) ids.push(await started(instances, "parked", at));
      const found: string[] = [];
      for (let from: string | undefined; found.length < ids.length; ) {
        const page = await instances.list({ kind: "parked", limit: 2, ...(from && { from }) });
        if (page === "invalid") throw new Error(`list refuses the next that it gave: ${from}`);
        found.push(...page.ids);
        from = page.next;
      }
      expect(found.slice(0, ids.length).toSorted()).toEqual(ids.toSorted());
    });

    test("continues with the next page up to the last one", async () => {
      const instances = await make();
      const ids: string[] = [];
      for (const _ of numbers(5)) ids.push(await started(instances, "parked", moment()));
      const first = await instances.list({ kind: "parked", limit: 2 });
      expect(idsIn(first)).toEqual([ids[4], ids[3]]);
      const from = Object(first).next;
      const second = await instances.list({ kind: "parked", limit: 3, from });
      expect(idsIn(second)).toEqual([ids[2], ids[1], ids[0]]);
    });

    test("the last page has no next", async () => {
      const instances = await make();
      const [until, kind] = ["2001-01-01", "compensating"] as const;
      await started(instances, kind, "2000-01-01");
      const { next, ...page } = Object(await instances.list({ kind, until, limit: 100 }));
      expect(page.ids).not.toEqual([]);
      expect(next).toBeUndefined();
    });

    test.each(["", "x", "W10", Buffer.from('["open","",""]').toString("base64url")])(
      "a next that no list has given is invalid: %j",
      async (from) => {
        const instances = await make();
        expect(await instances.list({ kind: "open", limit: 1, from })).toBe("invalid");
      },
    );

    test("a next from the list of another kind is invalid", async () => {
      const instances = await make();
      for (const _ of numbers(2)) await started(instances, "open", moment());
      const from = Object(await instances.list({ kind: "open", limit: 1 })).next;
      expect(from).toEqual(expect.any(String));
      expect(await instances.list({ kind: "parked", limit: 1, from })).toBe("invalid");
    });
  });
};
