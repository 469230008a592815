/** Histories, marks and ids that do not fit into the store. */
import { describe, expect, test } from "vitest";
import type { Instances } from "../../../ports/instances.ts";
import { PermanentError } from "../../../ports/permanent-error.ts";
import { recordedEvent } from "../samples/recorded-event.ts";
import { newId } from "./samples.ts";

/** Tests content that is too large, or that cannot be stored. */
export const limitsContract = (name: string, make: () => Promise<Instances>): void => {
  describe(`the instances ${name}: limits`, () => {
    const large = (version: number) => ({ ...recordedEvent(version), data: { text: "x".repeat(90_000) } });

    test("more events than an item holds are a permanent error; the history stays, and a mark still fits", async () => {
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

    test("a mark fits, no matter how long its reason is and which characters it has", async () => {
      const instances = await make();
      const id = newId();
      for (const version of [1, 2, 3, 4]) await instances.append(id, [large(version)]);
      const because = "\ud800".repeat(200_000);
      const at = "2026-01-01T00:00:00.000Z";
      const { parked } = await instances.park(id, { code: "cannot-be-stored", because, at });
      expect(parked).toMatchObject({ code: "cannot-be-stored", at });
    });

    test.each(["", "x".repeat(2049), "\ud800"])(
      "an id that cannot be a key is a permanent error: %j",
      async (id) => {
        const instances = await make();
        await expect(instances.append(id, [recordedEvent(1)])).rejects.toThrow(PermanentError);
        await expect(instances.read(id)).rejects.toThrow(PermanentError);
      },
    );
  });
};
