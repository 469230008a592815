/** The contract of every ledger of effects. */
import { describe, expect, test } from "vitest";
import type { SentCommand } from "../../model/message.ts";
import type { Ledger } from "../../ports/ledger.ts";
import { PermanentError } from "../../ports/permanent-error.ts";
import { oddTexts } from "./samples/odd-texts.ts";

let names = 0;
const newKey = () => `send-confirmation/order-1@${process.pid}-${++names}`;

const now = new Date("2026-02-03T04:05:06.789Z");
const later = (seconds: number) => new Date(now.getTime() + seconds * 1000);
const leaseSeconds = 60;

const command = (orderId: string): SentCommand => ({
  type: "AuthorizePayment",
  streamId: `payment-${orderId}`,
  data: { orderId, "": "☕", amount: 12.5 },
  metadata: {
    id: `authorize-payment/order-${orderId}@1`,
    causationId: `order-${orderId}@1`,
    correlationId: "correlation-1",
    issuedAt: now.toISOString(),
    sagaId: "checkout/1",
    receipt: true,
  },
});

const claimed = async (make: () => Promise<Ledger>) => {
  const ledger = await make();
  const key = newKey();
  expect(await ledger.claim(key, now, leaseSeconds)).toEqual({ kind: "claimed" });
  return { ledger, key, claimAt: (seconds: number) => ledger.claim(key, later(seconds), leaseSeconds) };
};

/** Tests a ledger. `make` returns a new one, or one that other tests use as well. */
export const ledgerContract = (name: string, make: () => Promise<Ledger>): void => {
  describe(`the ledger ${name}: claim`, () => {
    test("claims a new entry", async () => {
      await claimed(make);
    });

    test("an entry with a lease is busy", async () => {
      const { claimAt } = await claimed(make);
      expect(await claimAt(0)).toEqual({ kind: "busy" });
      expect(await claimAt(leaseSeconds - 0.001)).toEqual({ kind: "busy" });
    });

    test("claims an entry whose lease has ended, for the given time", async () => {
      const { claimAt } = await claimed(make);
      expect(await claimAt(leaseSeconds)).toEqual({ kind: "claimed" });
      expect(await claimAt(2 * leaseSeconds - 0.001)).toEqual({ kind: "busy" });
      expect(await claimAt(2 * leaseSeconds)).toEqual({ kind: "claimed" });
    });

    test("of twenty concurrent claims of a new entry only one gets it", async () => {
      const ledger = await make();
      const key = newKey();
      const claims = await Promise.all(
        Array.from({ length: 20 }, () => ledger.claim(key, now, leaseSeconds)),
      );
      expect(claims.filter(({ kind }) => kind === "claimed")).toHaveLength(1);
      expect(claims.filter(({ kind }) => kind === "busy")).toHaveLength(19);
    });

    test("of two concurrent claims of an entry whose lease has ended only one gets it", async () => {
      const { claimAt } = await claimed(make);
      const claims = await Promise.all([claimAt(leaseSeconds), claimAt(leaseSeconds)]);
      expect(claims.map(({ kind }) => kind).toSorted()).toEqual(["busy", "claimed"]);
    });

    test("stores any characters in a key", async () => {
      const ledger = await make();
      for (const odd of oddTexts) {
        const key = `${newKey()}${odd}`;
        expect(await ledger.claim(key, now, leaseSeconds)).toEqual({ kind: "claimed" });
        expect(await ledger.claim(key, now, leaseSeconds)).toEqual({ kind: "busy" });
      }
    });

    test("entries are independent", async () => {
      const { ledger } = await claimed(make);
      expect(await ledger.claim(newKey(), now, leaseSeconds)).toEqual({ kind: "claimed" });
    });
  });

  describe(`the ledger ${name}: release`, () => {
    test("ends a lease early, so that the entry can be claimed again at once", async () => {
      const { ledger, key, claimAt } = await claimed(make);
      await ledger.release(key, "no answer");
      expect(await claimAt(0)).toEqual({ kind: "claimed" });
      expect(await claimAt(1)).toEqual({ kind: "busy" });
    });

    test("stores the last reason until the entry is done", async () => {
      const { ledger, key, claimAt } = await claimed(make);
      expect(await ledger.why(key)).toBeUndefined();
      await ledger.release(key, "no answer");
      expect(await ledger.why(key)).toBe("no answer");
      await claimAt(0);
      expect(await ledger.why(key)).toBe("no answer");
      await ledger.release(key, "no such box ☕");
      expect(await ledger.why(key)).toBe("no such box ☕");
      await ledger.done(key);
      expect(await ledger.why(key)).toBeUndefined();
      expect(await ledger.why(newKey())).toBeUndefined();
    });

    test("does not change an entry that was performed or is done", async () => {
      const { ledger, key, claimAt } = await claimed(make);
      await ledger.performed(key, command("1"));
      await ledger.release(key, "no answer");
      expect(await claimAt(0)).toEqual({ kind: "performed", command: command("1") });
      await ledger.done(key);
      await ledger.release(key, "no answer");
      expect(await claimAt(0)).toEqual({ kind: "done" });
    });

    test("an unknown entry stays new", async () => {
      const ledger = await make();
      const key = newKey();
      await ledger.release(key, "no answer");
      expect(await ledger.claim(key, now, leaseSeconds)).toEqual({ kind: "claimed" });
    });
  });

  describe(`the ledger ${name}: performed`, () => {
    test.each([
      ["with its follow-up command", command("1")],
      ["without one", undefined],
    ])("records that it was performed, %s, however late it is asked", async (_, followUp) => {
      const { ledger, key, claimAt } = await claimed(make);
      await ledger.performed(key, followUp);
      for (const seconds of [0, leaseSeconds, 10 * leaseSeconds])
        expect(await claimAt(seconds)).toEqual({ kind: "performed", command: followUp });
    });

    test("keeps the first command if it is recorded twice", async () => {
      const { ledger, key, claimAt } = await claimed(make);
      await ledger.performed(key, command("1"));
      await ledger.performed(key, command("2"));
      await ledger.performed(key, undefined);
      expect(await claimAt(0)).toEqual({ kind: "performed", command: command("1") });
    });
  });

  describe(`the ledger ${name}: done`, () => {
    test("records that nothing is left to do, after it was performed or right after the claim", async () => {
      const performed = await claimed(make);
      await performed.ledger.performed(performed.key, command("1"));
      await performed.ledger.done(performed.key);
      expect(await performed.claimAt(leaseSeconds)).toEqual({ kind: "done" });
      const straight = await claimed(make);
      await straight.ledger.done(straight.key);
      expect(await straight.claimAt(leaseSeconds)).toEqual({ kind: "done" });
    });

    test("an entry that is done never changes again", async () => {
      const { ledger, key, claimAt } = await claimed(make);
      await ledger.done(key);
      await ledger.performed(key, command("1"));
      await ledger.release(key, "no answer");
      await ledger.done(key);
      expect(await claimAt(1000 * leaseSeconds)).toEqual({ kind: "done" });
    });
  });

  describe(`the ledger ${name}: what can never be stored`, () => {
    test("an invalid key is a permanent error", async () => {
      const ledger = await make();
      for (const key of ["", "k".repeat(2049), "\ud800"])
        await expect(ledger.claim(key, new Date(0), leaseSeconds)).rejects.toThrow(PermanentError);
    });

    test("a command that is too large is a permanent error, and the entry stays claimed", async () => {
      const { ledger, key, claimAt } = await claimed(make);
      const large = { ...command("1"), data: { text: "x".repeat(410_000) } };
      await expect(ledger.performed(key, large)).rejects.toThrow(PermanentError);
      expect(await claimAt(0)).toEqual({ kind: "busy" });
    });
  });
};
