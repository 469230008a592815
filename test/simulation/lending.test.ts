/** A saga with a person's approval as its pivot, whose commands are rejected before and after it. */
import { describe, expect, test } from "vitest";
import { problemsOf } from "./checkers.ts";
import { deliveries, told } from "./delivery.ts";
import { engines } from "./engines.ts";
import { type Library, libraryWorld } from "./library-world.ts";

const minute = 60;
const hour = 60 * minute;
const day = 24 * hour;

const locked = { kind: "rejected", code: "locked", because: "the shelf is locked" };
const refused = { kind: "failed", step: "approval", event: "Refused" };

describe.each(engines)("%s", (_, makeEngine) => {
  const play = (name: string, run: (library: Library) => Promise<void>) =>
    test(name, async () => {
      for (const delivery of deliveries)
        await told(delivery, async () => {
          const library = libraryWorld(makeEngine, delivery);
          await run(library);
          expect(await problemsOf(library)).toEqual([]);
        });
    });

  play("waits for a person", async ({ ask, status, count, pass }) => {
    await ask("RequestLoan");
    await pass(hour);
    expect(await status()).toMatchObject({ kind: "waiting", step: "approval" });
    await ask("Approve");
    expect(await status()).toMatchObject({ kind: "completed" });
    expect((await status())?.since).toContain("2026-01-01T01:");
    expect(await count("BookFreed")).toBe(0);
  });

  play("finds an approval that was stored before the start", async ({ ask, status }) => {
    await ask("Approve", "RequestLoan");
    expect((await status())?.kind).toBe("completed");
  });

  play("finds an approval that it heard of before the start", async ({ ask, status }) => {
    await ask("Approve");
    await ask("RequestLoan");
    expect((await status())?.kind).toBe("completed");
  });

  play("compensates if the approval does not come", async ({ ask, status, count, pass }) => {
    await ask("RequestLoan");
    await pass(day);
    await pass(hour);
    expect(await status()).toMatchObject({
      kind: "compensated",
      reason: { kind: "timed-out", step: "approval" },
    });
    expect(await count("BookFreed")).toBe(1);
  });

  play("never both completes and compensates", async ({ ask, count }) => {
    await ask("RequestLoan");
    await ask("Refuse", "Approve");
    const ends = [await count("HandedOver", "LoanConfirmed"), await count("BookFreed", "LoanDeclined")];
    expect(ends.toSorted()).toEqual([0, 2]);
  });

  play("does not complete after a refusal", async ({ ask, status, count }) => {
    await ask("RequestLoan");
    await ask("Refuse");
    await ask("Approve");
    expect(await status()).toMatchObject({ kind: "compensated", reason: refused });
    expect(await count("HandedOver")).toBe(0);
  });

  describe.each(["retry", "skip"] as const)("resumed with %s", (how) => {
    const isRetried = how === "retry" ? 1 : 0;

    play("a rejected compensation is parked", async ({ ask, status, resume, count }) => {
      await ask("RequestLoan");
      await ask("Lock", "Refuse");
      expect(await status()).toMatchObject({
        kind: "parked",
        step: "undo-hold",
        reason: { ...locked, step: "undo-hold" },
      });
      await resume("retry");
      expect((await status())?.kind).toBe("parked");
      expect(await count("LoanDeclined")).toBe(0);
      await ask("Unlock");
      await resume(how);
      expect(await status()).toMatchObject({ kind: "compensated", reason: refused });
      expect(await count("BookFreed")).toBe(isRetried);
    });

    play("a compensation that fails for a day is parked", async (library) => {
      const { ask, status, resume, count, broken, pass } = library;
      await ask("RequestLoan");
      broken.add("undo-hold");
      await ask("Refuse");
      expect(await status()).toMatchObject({ kind: "compensating", step: "undo-hold", reason: refused });
      await pass(3 * day);
      expect(await status()).toMatchObject({
        kind: "parked",
        step: "undo-hold",
        reason: { kind: "timed-out" },
      });
      broken.clear();
      await resume(how);
      expect((await status())?.kind).toBe("compensated");
      expect(await count("BookFreed")).toBe(isRetried);
    });

    play("a rejection after the pivot is parked", async ({ ask, status, resume, count }) => {
      await ask("RequestLoan");
      await ask("Lock", "Approve");
      expect(await status()).toMatchObject({
        kind: "parked",
        step: "hand-over",
        reason: { ...locked, step: "hand-over" },
      });
      await ask("Unlock");
      await resume(how);
      expect((await status())?.kind).toBe("completed");
      expect(await count("HandedOver")).toBe(isRetried);
      expect(await count("BookFreed")).toBe(0);
    });

    play("a failure after the pivot is parked", async ({ ask, status, resume, count }) => {
      await ask("RequestLoan");
      await ask("Lose");
      await ask("Approve");
      expect(await status()).toMatchObject({
        kind: "parked",
        step: "hand-over",
        reason: { kind: "failed", event: "Lost" },
      });
      await resume(how);
      expect((await status())?.kind).toBe("completed");
      expect(await count("HandedOver")).toBe(isRetried);
    });
  });

  play("retries after the pivot", async ({ ask, status, count, broken, pass }) => {
    await ask("RequestLoan");
    broken.add("hand-over").add("complete");
    await ask("Approve");
    await pass(10 * minute);
    expect(await status()).toMatchObject({ kind: "running", step: "hand-over" });
    broken.delete("hand-over");
    await pass(10 * minute);
    expect(await status()).toMatchObject({ kind: "running", step: "complete" });
    broken.clear();
    await pass(hour / 2);
    expect((await status())?.kind).toBe("completed");
    expect(await count("BookFreed")).toBe(0);
  });
});
