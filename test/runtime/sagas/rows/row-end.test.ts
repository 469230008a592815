/** A row that does not reach its end in one delivery: it dies, it takes too long, or one of its commands fails. */
import { describe, expect, test } from "vitest";
import { sending } from "../../../../lib/model/saga.ts";
import { again } from "../../../../lib/ports/deadlines.ts";
import { type Delivery, retry } from "../../../../lib/ports/delivery.ts";
import { lendingOf, step } from "../../../library/fixtures/lending-of.ts";
import { expired, sagaId } from "../../../library/fixtures/loan-history.ts";
import { book, reserveCopy } from "../../../library/lib/books/book.ts";
import { loan } from "../../../library/lib/loans/loan.ts";
import { recorded } from "../../../model/recorded.ts";
import { deliveryOf } from "../../deliveries.ts";
import { approved, asked, failing, held, loanWorld, start } from "./loans.ts";
import { rowWorld } from "./row-world.ts";

describe("a function that dies each time, without an error", () => {
  /** Delivers the start, or this, and resolves when the function has died at the command of this task. */
  const dying =
    (world: Awaited<ReturnType<typeof loanWorld>>, task: string) =>
    (receiveCount: number, delivery: Delivery = deliveryOf(start)) =>
      new Promise<void>((died) => {
        world.during.send = async ({ metadata }) => {
          if (!metadata.id.includes(`/${task}/`)) return;
          died();
          await new Promise(() => {});
        };
        void world.react([{ ...delivery, receiveCount }]);
      });

  test("turns the saga back when the deadline comes that its second delivery has set", async () => {
    const world = await loanWorld([start]);
    const die = dying(world, "hold");
    await die(1);
    expect(world.names()).toEqual([]);
    for (const receiveCount of [2, 3]) await die(receiveCount);
    expect(world.due("lending/1/hold#1")).toBe(60);
    world.repair();
    expect(await world.runOut()).toEqual(["hold#1"]);
    expect(await world.status()).toMatchObject({
      kind: "compensated",
      reason: { kind: "timed-out", step: "hold" },
    });
    expect(await world.stream()).toEqual([
      "LoanRequested",
      "CommandExpired",
      "CommandIgnored",
      "LoanDeclined",
    ]);
  });

  test("turns the saga back by the message of an inspection, if each delivery seems to be the first, as on Kafka", async () => {
    const world = await loanWorld([start]);
    const die = dying(world, "hold");
    for (const receiveCount of [1, 1, 1]) await die(receiveCount);
    expect(world.names()).toEqual([]);
    await die(1, { id: "message", receiveCount: 1, kind: "deadline", sagaId, task: again });
    expect(world.due("lending/1/hold#1")).toBe(60);
    await world.runOut();
    expect(await world.status()).toMatchObject({ kind: "compensated", reason: { kind: "timed-out" } });
    expect(await world.deliver(start)).toEqual([]);
  });

  test("parks the saga after a day if it dies while it compensates", async () => {
    const gone = [start, held, asked, expired(4, "approval")];
    const world = await loanWorld(gone, gone);
    const die = dying(world, "undo-hold");
    for (const receiveCount of [1, 2]) await die(receiveCount);
    expect(world.due("lending/1/undo-hold#1")).toBe(86_400);
    world.repair();
    await world.runOut();
    expect(await world.status()).toMatchObject({ kind: "parked", step: "undo-hold" });
  });

  test("has no deadline after the pivot: only the redelivery continues the saga", async () => {
    const world = await loanWorld([start, held, asked, approved], [start, held, asked, approved]);
    const die = dying(world, "hand-over");
    for (const receiveCount of [1, 2]) await die(receiveCount);
    expect(world.names()).toEqual([]);
    world.repair();
    expect(await world.deliver(start, 3)).toEqual([]);
    expect(await world.status()).toMatchObject({ kind: "completed" });
  });
});

describe("a row that takes 12 s", () => {
  test("ends before its next command, and the next delivery sends the rest", async () => {
    const { deliver, during, wait, sent, history, log, status } = await loanWorld([start]);
    during.send = async () => wait(12);
    expect(await deliver(start)).toEqual([retry(start.metadata.id)]);
    expect(sent).toEqual(["hold/loan-1#1"]);
    expect(await history()).toEqual(["LoanRequested", "BookHeld"]);
    expect(log.entries().map(({ message }) => message)).toContain(
      "lending/1 react failed: Retryable: lending/1 took 12 s, and continues with the next delivery",
    );
    expect(await deliver(start, 2)).toEqual([]);
    expect(sent).toEqual(["hold/loan-1#1", "approval/loan-1#1"]);
    expect(await status()).toMatchObject({ kind: "waiting", step: "approval" });
  });

  test("ends in time if it compensates, too", async () => {
    const gone = [start, held, asked, expired(4, "approval")];
    const { deliver, during, wait, sent } = await loanWorld(gone, gone);
    during.send = async () => wait(12);
    expect(await deliver(asked)).toEqual([retry(asked.metadata.id)]);
    expect(await deliver(asked, 2)).toEqual([]);
    expect(sent).toEqual(["undo-hold/loan-1#1", "abandon/loan-1#1"]);
  });

  test("ends without a fault if nothing is left to do", async () => {
    const { deliver, during, wait } = await loanWorld([start, held], [start, held]);
    during.send = async () => wait(12);
    expect(await deliver(held)).toEqual([]);
  });
});

describe("100 commands of one step, one of which fails", () => {
  const books = Array.from({ length: 100 }, (_, index) => `book${index}`);
  const reserve = step("reserve", { waits: false, undone: false });
  const all = () => books.map((bookId) => ({ bookId, loanId: "1" }));
  const saga = lendingOf([{ ...reserve, send: sending(reserveCopy, all) }]);
  const stock = books.map((bookId) =>
    recorded(`book-${bookId}`, { type: "CopiesAcquired", data: { bookId, copies: 1 } }),
  );
  const world = () => rowWorld(saga, { deciders: [book, loan] }, { stored: [...stock, start] });

  const faults: readonly (readonly [string, (of: Awaited<ReturnType<typeof world>>) => void])[] = [
    [
      "with an error",
      ({ during }) => {
        during.send = failing("reserve/book-book50#");
      },
    ],
    [
      "because its stream is contended",
      ({ during }) => {
        during.answered = async ({ streamId }, answer) => {
          if (streamId !== "book-book50") return answer;
          return { ...answer, kind: "contended", events: [], history: [] };
        };
      },
    ],
  ];

  test.each(faults)(
    "%s: one update stores the other answers, and one command is sent again",
    async (_, fail) => {
      const running = await world();
      const { deliver, during, updates, sent, history, names, status, types } = running;
      fail(running);
      expect(await deliver(start)).toEqual([retry(start.metadata.id)]);
      expect(sent).toHaveLength(100);
      // The start, and the row.
      expect(updates()).toBe(2);
      expect((await history()).filter((type) => type === "CopyReserved")).toHaveLength(99);
      expect(names()).toEqual(["lending/1/reserve#1"]);

      during.send = async () => undefined;
      during.answered = async (_, answer) => answer;
      expect(await deliver(start, 2)).toEqual([]);
      expect(sent.slice(100)).toEqual(["reserve/book-book50#1", "complete/loan-1#1"]);
      expect(await types("book-book50")).toEqual(["CopiesAcquired", "CopyReserved"]);
      expect(await status()).toMatchObject({ kind: "completed" });
      expect(names()).toEqual([]);
    },
  );

  test("turn the saga back at their deadline, if the fault lasts", async () => {
    const { deliver, during, runOut, status } = await world();
    during.send = failing("reserve/book-book50#");
    await deliver(start);
    expect(await runOut()).toEqual(["reserve#1"]);
    expect(await status()).toMatchObject({ kind: "compensated", reason: { kind: "timed-out" } });
  });
});

test("an event that is delivered again without a row to run sets no deadline", async () => {
  const { deliver, names } = await loanWorld([start, held, asked, approved], [start, held, asked, approved]);
  await deliver(approved);
  await deliver(approved, 2);
  expect(names()).toEqual([]);
});
