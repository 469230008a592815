/** The contract of every inbox. */
import { describe, expect, test } from "vitest";
import type { Inbox } from "../../ports/inbox.ts";
import { oddTexts } from "./samples/odd-texts.ts";

let names = 0;
const newKey = () => `stock-deliveries/warehouse/${process.pid}-${++names}`;

const now = new Date("2026-02-03T04:05:06.000Z");
const inDays = (days: number) => new Date(now.getTime() + days * 24 * 3600 * 1000);

/** Tests an inbox. `make` returns a new one, or one that other tests use as well. */
export const inboxContract = (name: string, make: () => Promise<Inbox>): void => {
  describe(`the inbox ${name}`, () => {
    const received = async () => {
      const [inbox, entry] = [await make(), { key: newKey(), hash: "one" }];
      expect(await inbox.receive(entry, now)).toBe("new");
      return { inbox, entry, other: { ...entry, hash: "other" } };
    };

    test("records a new event", async () => {
      await received();
    });

    test("an event that arrived before is open until it is done", async () => {
      const { inbox, entry } = await received();
      for (const _ of [1, 2]) expect(await inbox.receive(entry, now)).toBe("open");
      await inbox.done(entry, now);
      for (const _ of [1, 2]) expect(await inbox.receive(entry, now)).toBe("done");
    });

    test("a key that arrives with another hash is reused, done or not, and its entry does not change", async () => {
      const { inbox, entry, other } = await received();
      expect(await inbox.receive(other, now)).toBe("reused");
      expect(await inbox.receive(entry, now)).toBe("open");
      await inbox.done(entry, now);
      expect(await inbox.receive(other, now)).toBe("reused");
      expect(await inbox.receive(entry, now)).toBe("done");
    });

    test("of twenty concurrent arrivals one is new, and the others are open", async () => {
      const [inbox, entry] = [await make(), { key: newKey(), hash: "one" }];
      const all = await Promise.all(Array.from({ length: 20 }, () => inbox.receive(entry, now)));
      expect(all.toSorted()).toEqual(["new", ...Array.from({ length: 19 }, () => "open")]);
    });

    test("keeps an event for 35 days after it arrived, and after it was done", async () => {
      const { inbox, entry, other } = await received();
      expect(await inbox.receive(other, inDays(34.99))).toBe("reused");
      await inbox.done(entry, inDays(1));
      expect(await inbox.receive(entry, inDays(35.99))).toBe("done");
      expect(await inbox.receive(other, inDays(36))).toBe("new");
      expect(await inbox.receive(entry, inDays(36))).toBe("reused");
    });

    test("an event that was never done is new after 35 days", async () => {
      const { inbox, other } = await received();
      expect(await inbox.receive(other, inDays(35))).toBe("new");
    });

    test("the next event with the key of a withdrawn event is new", async () => {
      const { inbox, entry, other } = await received();
      await inbox.withdraw(entry, now);
      expect(await inbox.receive(other, now)).toBe("new");
      expect(await inbox.receive(entry, now)).toBe("reused");
    });

    test("done records an event even if its entry is gone", async () => {
      const [inbox, entry] = [await make(), { key: newKey(), hash: "one" }];
      await inbox.done(entry, now);
      expect(await inbox.receive(entry, now)).toBe("done");
    });

    test("keys with any characters and any length are different", async () => {
      const inbox = await make();
      const prefix = newKey();
      const long = "x".repeat(9000);
      const keys = [
        ...oddTexts.map((text) => `${prefix}/${text}`),
        `${prefix}/${long}`,
        `${prefix}/${long}y`,
      ];
      for (const key of keys) expect(await inbox.receive({ key, hash: key }, now)).toBe("new");
      for (const key of keys) expect(await inbox.receive({ key, hash: key }, now)).toBe("open");
    });
  });
};
