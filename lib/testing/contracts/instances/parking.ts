/** Parking, faults and restarts of an instance. */
import { describe, expect, test } from "vitest";
import type { Instances } from "../../../ports/instances.ts";
import { recordedEvent } from "../samples/recorded-event.ts";
import { newId, numbers } from "./samples.ts";

/** Tests `park`, `fail` and `restart`. */
export const parkingContract = (name: string, make: () => Promise<Instances>): void => {
  describe(`the instances ${name}: park and restart`, () => {
    test("park sets and removes the mark and does not change the history", async () => {
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

    test("an unknown instance can be parked and unparked", async () => {
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

    test("stores the last fault beside the history, and stores none for an unknown instance", async () => {
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

    test("restart counts an execution, stores the decision, and answers how many follow the first", async () => {
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

    test("each of many concurrent restarts gets its own number", async () => {
      const instances = await make();
      const id = newId();
      const given = await Promise.all(
        numbers(10).map(() => instances.restart(id, { how: "retry", at: "now" })),
      );
      expect(given.toSorted((one, other) => one - other)).toEqual(numbers(10));
    });
  });
};
