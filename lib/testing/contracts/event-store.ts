/** The contract of every event store. */
import { describe, expect, test } from "vitest";
import type { Appended, Commit, EventStore } from "../../ports/event-store.ts";
import { PermanentError } from "../../ports/permanent-error.ts";
import { commit, newStream, placed } from "./samples/commit.ts";
import { oddTexts } from "./samples/odd-texts.ts";

const strong = { consistency: "strong" } as const;

const appendAll = async (store: EventStore, commits: readonly Commit[]) => {
  for (const each of commits) expect(await store.append(each)).toEqual({ kind: "appended" });
};

/** Tests an event store. `make` returns a new one, or one that other tests use as well. */
export const eventStoreContract = (name: string, make: () => Promise<EventStore>): void => {
  describe(`the event store ${name}: append`, () => {
    test("stores the complete commit, with the metadata of its events", async () => {
      const store = await make();
      const stored = commit(newStream(), 1, {
        id: "http/abc",
        events: [
          {
            type: "OrderPlaced",
            data: { total: 12.5, lines: [{ sku: "☕" }], note: null },
            schemaVersion: 2,
          },
          { type: "OrderConfirmed", data: {} },
        ],
        metadata: {
          causationId: "order-0@1",
          correlationId: "correlation-1",
          issuedAt: "2026-02-03T04:05:06.000Z",
          sagaId: "checkout/1",
          actor: "customer-1",
          bodyHash: "0".repeat(64),
          traceparent: "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
        },
      });
      await appendAll(store, [stored]);
      expect(await store.read(stored.streamId, strong)).toStrictEqual([stored]);
    });

    test("an append at a version that is taken is a conflict, and the stored commit is the winner", async () => {
      const store = await make();
      const first = commit(newStream(), 1, { id: "first", events: [placed("1"), placed("2")] });
      await appendAll(store, [first]);
      expect(await store.append({ ...first, id: "second", events: [placed("3")] })).toEqual({
        kind: "conflict",
        winner: first,
      });
    });

    test("a conflict leaves the stream unchanged", async () => {
      const store = await make();
      const first = commit(newStream(), 1, { id: "first" });
      await appendAll(store, [first]);
      await store.append({ ...first, id: "second", events: [placed("2"), placed("3")] });
      expect(await store.read(first.streamId, strong)).toEqual([first]);
    });

    test("the same commit again is a conflict, and the winner has the same id", async () => {
      const store = await make();
      const once = commit(newStream(), 1);
      await appendAll(store, [once]);
      expect(await store.append(once)).toEqual({ kind: "conflict", winner: once });
    });

    test("of twenty commits at one version exactly one is stored, and the others get it as the winner", async () => {
      const store = await make();
      const streamId = newStream();
      const answers = await Promise.all(
        Array.from({ length: 20 }, async (_, index): Promise<readonly [string, Appended]> => {
          const id = `writer-${index}`;
          return [id, await store.append(commit(streamId, 1, { id, events: [placed(id)] }))];
        }),
      );
      const stored = await store.read(streamId, strong);
      expect(stored).toHaveLength(1);
      const winners = answers.filter(([, { kind }]) => kind === "appended").map(([id]) => id);
      expect(winners).toEqual([stored[0]?.id]);
      for (const [, answer] of answers)
        if (answer.kind === "conflict") expect(answer.winner).toEqual(stored[0]);
    });

    test("streams are independent", async () => {
      const store = await make();
      const one = commit(newStream(), 1);
      const other = commit(newStream(), 1);
      await appendAll(store, [one, other]);
      expect(await store.read(other.streamId, strong)).toEqual([other]);
    });

    test("throws for a commit that is too large, names the stream, and stores nothing", async () => {
      const store = await make();
      const large = commit(newStream(), 1, { events: [placed("x".repeat(400_000))] });
      await expect(store.append(large)).rejects.toThrow(
        new RegExp(`a commit of ${large.streamId} has 400\\d{3} bytes, at most 390000 are allowed`),
      );
      await expect(store.append(large)).rejects.toThrow(PermanentError);
      expect(await store.read(large.streamId, strong)).toEqual([]);
    });

    test("stores a commit that is just small enough", async () => {
      const store = await make();
      const large = commit(newStream(), 1, { events: [placed("☕".repeat(129_000))] });
      await appendAll(store, [large]);
      expect(await store.read(large.streamId, strong)).toEqual([large]);
    });

    test.each([Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY])(
      "throws on %s in an event, which JSON would change, and stores nothing",
      async (total) => {
        const store = await make();
        const mangled = commit(newStream(), 1, { events: [{ type: "Paid", data: { of: [{ total }] } }] });
        await expect(store.append(mangled)).rejects.toThrow(`total is ${total}, which cannot be stored`);
        await expect(store.append(mangled)).rejects.toThrow(PermanentError);
        expect(await store.read(mangled.streamId, strong)).toEqual([]);
      },
    );
  });

  describe(`the event store ${name}: read`, () => {
    test("an unknown stream is empty", async () => {
      const store = await make();
      expect(await store.read(newStream(), strong)).toEqual([]);
      expect(await store.read(newStream(), { consistency: "eventual" })).toEqual([]);
    });

    test.each(["strong", "eventual"] as const)(
      "gives the commits in order of their versions, as numbers: %s",
      async (consistency) => {
        const store = await make();
        const streamId = newStream();
        const commits = Array.from({ length: 12 }, (_, index) => commit(streamId, index + 1));
        await appendAll(store, commits.toReversed());
        expect(await store.read(streamId, { consistency })).toEqual(commits);
      },
    );

    test("answers the commits of a stream for any characters in its id", async () => {
      const store = await make();
      const commits = oddTexts.map((odd) => commit(`${newStream()}-${odd}`, 1, { id: odd }));
      await appendAll(store, commits);
      for (const each of commits) expect(await store.read(each.streamId, strong)).toEqual([each]);
    });

    test("answers only commits that begin after the given version", async () => {
      const store = await make();
      const streamId = newStream();
      const first = commit(streamId, 1, { events: [placed("1"), placed("2"), placed("3")] });
      const second = commit(streamId, 4);
      await appendAll(store, [first, second]);
      const versionsAfter = async (version: number) =>
        (await store.read(streamId, { after: version, ...strong })).map(({ version }) => version);
      expect(await versionsAfter(0)).toEqual([1, 4]);
      expect(await versionsAfter(1)).toEqual([4]);
      expect(await versionsAfter(2)).toEqual([4]);
      expect(await versionsAfter(3)).toEqual([4]);
      expect(await versionsAfter(4)).toEqual([]);
    });

    test("a strong read finds everything that was stored before it began", async () => {
      const store = await make();
      const streamId = newStream();
      for (let version = 1; version <= 10; version += 1) {
        await appendAll(store, [commit(streamId, version)]);
        expect(await store.read(streamId, strong)).toHaveLength(version);
      }
    });

    test("answers a complete stream of several megabytes", async () => {
      const store = await make();
      const streamId = newStream();
      const commits = Array.from({ length: 12 }, (_, index) =>
        commit(streamId, index + 1, { events: [placed("x".repeat(300_000))] }),
      );
      await appendAll(store, commits);
      expect(await store.read(streamId, strong)).toEqual(commits);
    });
  });
};
