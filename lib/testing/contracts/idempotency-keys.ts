/** The contract of every store of idempotency keys. */
import { describe, expect, test } from "vitest";
import type { HttpResponse } from "../../ports/http.ts";
import type { IdempotencyKeys, Mark } from "../../ports/idempotency-keys.ts";

let ids = 0;
const newId = () => `key-${process.pid}-${++ids}`;

const now = new Date("2026-02-03T04:05:06.000Z");
const later = (seconds: number) => new Date(now.getTime() + seconds * 1000);
const leaseSeconds = 20;
const keptSeconds = 24 * 3600;

const first = { commandId: "http/1", issuedAt: now.toISOString(), actor: "ada" };
const second = { commandId: "http/2", issuedAt: later(60).toISOString() };

const answer: HttpResponse = {
  status: 409,
  headers: { "content-type": "application/problem+json", etag: '"4"' },
  body: '{"detail":"☕ \\"once\\""}',
};

const markOf = (change: Partial<Mark> = {}): Mark => ({
  id: newId(),
  fingerprint: "request",
  owner: newId(),
  first,
  expires: later(keptSeconds),
  ...change,
});

/** A later attempt of the same request. */
const retryOf = (mark: Mark, change: Partial<Mark> = {}): Mark => ({
  ...mark,
  owner: newId(),
  first: second,
  expires: later(60 + keptSeconds),
  ...change,
});

const busy = (seconds: number) => ({ kind: "busy", until: later(seconds) });

/** Tests a store of idempotency keys. `make` returns a new one, or one that other tests use as well. */
export const idempotencyKeysContract = (name: string, make: () => Promise<IdempotencyKeys>): void => {
  const begun = async (change: Partial<Mark> = {}) => {
    const keys = await make();
    const mark = markOf(change);
    expect(await keys.begin(mark, now, leaseSeconds)).toEqual({ kind: "first", mark });
    const begin = (seconds: number, given: Partial<Mark> = {}) =>
      keys.begin(retryOf(mark, given), later(seconds), leaseSeconds);
    return { keys, mark, begin };
  };

  describe(`the idempotency keys ${name}: begin`, () => {
    test("marks a new key", async () => {
      await begun();
      await begun({ first: { commandId: "http/1", issuedAt: now.toISOString() } });
    });

    test("is busy while another attempt has the lease", async () => {
      const { begin } = await begun();
      expect(await begin(0)).toEqual(busy(leaseSeconds));
      expect(await begin(leaseSeconds - 0.001)).toEqual(busy(leaseSeconds));
    });

    test.each([
      ["with an actor", first],
      ["without one", { commandId: "http/1", issuedAt: now.toISOString() }],
    ])("a retry takes over what the first attempt wrote, %s", async (_, written) => {
      const { mark, begin } = await begun({ first: written });
      const owner = newId();
      expect(await begin(leaseSeconds, { owner })).toEqual({ kind: "retry", mark: { ...mark, owner } });
      expect(await begin(2 * leaseSeconds - 0.001)).toEqual(busy(2 * leaseSeconds));
      const last = newId();
      expect(await begin(23 * 3600, { owner: last })).toEqual({
        kind: "retry",
        mark: { ...mark, owner: last },
      });
    });

    test("the attempt that has the lease keeps it when it calls again", async () => {
      const { keys, mark } = await begun();
      const again = { ...mark, first: second };
      expect(await keys.begin(again, later(1), leaseSeconds)).toEqual({ kind: "retry", mark });
    });

    test("another request with the key gets this answer at any time, and changes nothing", async () => {
      const { keys, mark, begin } = await begun();
      const fingerprint = "another request";
      for (const seconds of [0, leaseSeconds, keptSeconds - 1])
        expect(await begin(seconds, { fingerprint })).toEqual({ kind: "other" });
      await keys.answer(mark, answer);
      expect(await begin(1, { fingerprint })).toEqual({ kind: "other" });
      expect(await begin(1)).toEqual({ kind: "answered", answer });
    });

    test.each([
      ["without an answer", false],
      ["with one", true],
    ])("a mark %s is new after it has expired, for any request", async (_, isAnswered) => {
      const { keys, mark, begin } = await begun();
      if (isAnswered) await keys.answer(mark, answer);
      const fingerprint = "another request";
      const expires = later(2 * keptSeconds);
      const fresh = retryOf(mark, { fingerprint, expires });
      expect(await keys.begin(fresh, later(keptSeconds), leaseSeconds)).toEqual({
        kind: "first",
        mark: fresh,
      });
      expect(await begin(keptSeconds)).toEqual({ kind: "other" });
    });

    test("of twenty concurrent attempts only one gets the lease", async () => {
      const keys = await make();
      const mark = markOf();
      const all = await Promise.all(
        Array.from({ length: 20 }, () => keys.begin(retryOf(mark), now, leaseSeconds)),
      );
      expect(all.filter(({ kind }) => kind === "first")).toHaveLength(1);
      expect(all.filter(({ kind }) => kind === "busy")).toHaveLength(19);
    });

    test("of twenty concurrent retries only one gets the lease", async () => {
      const { begin } = await begun();
      const all = await Promise.all(Array.from({ length: 20 }, () => begin(leaseSeconds)));
      expect(all.filter(({ kind }) => kind === "retry")).toHaveLength(1);
      expect(all.filter(({ kind }) => kind === "busy")).toHaveLength(19);
    });

    test("keys are independent", async () => {
      await begun();
      await begun();
    });
  });

  describe(`the idempotency keys ${name}: answer`, () => {
    test("is stored until the mark expires", async () => {
      const { keys, mark, begin } = await begun();
      expect(await keys.answer(mark, answer)).toBe(true);
      for (const seconds of [0, leaseSeconds, keptSeconds - 1])
        expect(await begin(seconds)).toEqual({ kind: "answered", answer });
    });

    test("of a retry expires with the first attempt's mark", async () => {
      const { keys, begin } = await begun();
      const taken = await begin(23 * 3600);
      if (taken.kind !== "retry") throw new Error(`it is ${taken.kind}`);
      expect(await keys.answer(taken.mark, answer)).toBe(true);
      expect(await begin(keptSeconds - 1)).toEqual({ kind: "answered", answer });
      expect(await begin(keptSeconds)).toMatchObject({ kind: "first" });
    });

    test("is not stored if another attempt has the lease", async () => {
      const { keys, mark, begin } = await begun();
      const taken = await begin(leaseSeconds);
      expect(await keys.answer(mark, answer)).toBe(false);
      expect(await begin(leaseSeconds)).toEqual(busy(2 * leaseSeconds));
      if (taken.kind !== "retry") throw new Error(`it is ${taken.kind}`);
      expect(await keys.answer(taken.mark, { ...answer, status: 202 })).toBe(true);
      expect(await keys.answer(mark, answer)).toBe(false);
      expect(await begin(0)).toEqual({ kind: "answered", answer: { ...answer, status: 202 } });
    });
  });

  describe(`the idempotency keys ${name}: release`, () => {
    test("ends the lease, and keeps the data of the first attempt", async () => {
      const { keys, mark, begin } = await begun();
      await keys.release(mark);
      expect(await begin(0, { fingerprint: "another request" })).toEqual({ kind: "other" });
      const owner = newId();
      expect(await begin(0, { owner })).toEqual({ kind: "retry", mark: { ...mark, owner } });
      expect(await begin(1)).toEqual(busy(leaseSeconds));
    });

    test("does not change an answer, or the lease of another attempt", async () => {
      const answered = await begun();
      await answered.keys.answer(answered.mark, answer);
      await answered.keys.release(answered.mark);
      expect(await answered.begin(0)).toEqual({ kind: "answered", answer });
      const overtaken = await begun();
      await overtaken.begin(leaseSeconds);
      await overtaken.keys.release(overtaken.mark);
      expect(await overtaken.begin(leaseSeconds)).toEqual(busy(2 * leaseSeconds));
    });
  });

  describe(`the idempotency keys ${name}: forget`, () => {
    test("makes the key new again, for any request", async () => {
      const { keys, mark } = await begun();
      await keys.forget(mark);
      const fresh = retryOf(mark, { fingerprint: "another request" });
      expect(await keys.begin(fresh, now, leaseSeconds)).toEqual({ kind: "first", mark: fresh });
    });

    test("does not change an answer, or the lease of another attempt", async () => {
      const answered = await begun();
      await answered.keys.answer(answered.mark, answer);
      await answered.keys.forget(answered.mark);
      expect(await answered.begin(0)).toEqual({ kind: "answered", answer });
      const overtaken = await begun();
      await overtaken.begin(leaseSeconds);
      await overtaken.keys.forget(overtaken.mark);
      expect(await overtaken.begin(leaseSeconds)).toEqual(busy(2 * leaseSeconds));
    });
  });
};
