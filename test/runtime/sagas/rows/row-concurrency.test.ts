/** Functions of one instance that run at the same time, and deliveries that come again after a crash. */
import { describe, expect, test } from "vitest";
import { retry } from "../../../../lib/ports/delivery.ts";
import { loanId, outside, sagaId } from "../../../library/fixtures/loan-history.ts";
import { storeEvents } from "../../stored.ts";
import { approved, asked, held, loanWorld, refused, start } from "./loans.ts";

const whole = [
  "LoanRequested",
  "BookHeld",
  "LibrarianAsked",
  "Approved",
  "HandedOver",
  "LoanConfirmed",
] as const;

describe("an outcome that overtakes the update of the row", () => {
  test("continues the saga at once, without another delivery", async () => {
    const { deliver, during, store, instances, status, stream, names } = await loanWorld([start]);
    // Another function records the approval and dies, while the row of the start is not stored yet.
    during.append = async (count) => {
      if (count !== 2) return;
      await storeEvents(store, [approved]);
      await instances.append(sagaId, [approved]);
    };
    expect(await deliver(start)).toEqual([]);
    expect(await stream()).toEqual(whole);
    expect(await status()).toMatchObject({ kind: "completed" });
    expect(names()).toEqual([]);
  });

  test("is followed by one end if the other function continues as well", async () => {
    const { deliver, during, store, status, stream } = await loanWorld([start]);
    during.append = async (count) => {
      if (count !== 2) return;
      await storeEvents(store, [approved]);
      expect(await deliver(approved)).toEqual([]);
    };
    expect(await deliver(start)).toEqual([]);
    expect(await stream()).toEqual(whole);
    expect(await status()).toMatchObject({ kind: "completed" });
  });
});

describe("a start that is delivered twice", () => {
  test("at the same time is executed once", async () => {
    const { deliver, stream, history, status } = await loanWorld([start]);
    expect(await Promise.all([deliver(start), deliver(start), deliver(start)])).toEqual([[], [], []]);
    expect(await stream()).toEqual(whole.slice(0, 3));
    expect(await history()).toEqual(whole.slice(0, 3));
    expect(await status()).toMatchObject({ kind: "waiting", step: "approval" });
  });

  const crashes: readonly (readonly [string, (world: Awaited<ReturnType<typeof loanWorld>>) => void])[] = [
    [
      "between two commands",
      ({ during }) => {
        during.send = async ({ metadata }) => {
          if (metadata.id.includes("/approval/")) throw new Error("died");
        };
        // A function that dies stores nothing.
        during.append = async (count) => {
          if (count > 1) throw new Error("died");
        };
      },
    ],
    [
      "before its update",
      ({ during }) => {
        during.append = async (count) => {
          if (count > 1) throw new Error("died");
        };
      },
    ],
    [
      "after its update",
      ({ during }) => {
        during.appended = async (count) => {
          if (count > 1) throw new Error("died");
        };
      },
    ],
  ];

  test.each(crashes)("after a crash %s finds the same answers", async (_, crash) => {
    const world = await loanWorld([start]);
    const { deliver, repair, sent, stream, history, events, status } = world;
    crash(world);
    expect(await deliver(start)).toEqual([retry(start.metadata.id)]);
    const earlier = await events(loanId);
    repair();
    expect(await deliver(start, 2)).toEqual([]);
    expect((await events(loanId)).slice(0, earlier.length)).toEqual(earlier);
    expect(await stream()).toEqual(whole.slice(0, 3));
    expect(await history()).toEqual(whole.slice(0, 3));
    expect(await status()).toMatchObject({ kind: "waiting", step: "approval" });
    expect(new Set(sent)).toEqual(new Set(["hold/loan-1#1", "approval/loan-1#1"]));
  });
});

describe("an approval and a refusal that reach two functions in opposite order", () => {
  const later = outside(5, "Approved");
  const waiting = [start, held, asked];
  const declined = ["BookFreed", "LoanDeclined"];

  test("the refusal wins if it is recorded first, even if its function dies before it undoes anything", async () => {
    const { deliver, during, stream, status } = await loanWorld([...waiting, refused, later], waiting);
    during.send = () => Promise.reject(new Error("died"));
    expect(await deliver(refused)).toEqual([retry(refused.metadata.id)]);
    during.send = async () => undefined;
    expect(await deliver(later)).toEqual([]);
    expect(await deliver(refused, 2)).toEqual([]);
    expect((await stream()).slice(5)).toEqual(declined);
    expect(await status()).toMatchObject({ kind: "compensated" });
  });

  test("the approval wins if it is recorded first, although the stream has the refusal first", async () => {
    const { deliver, stream, status } = await loanWorld([...waiting, refused, later], waiting);
    expect(await deliver(later)).toEqual([]);
    expect(await deliver(refused)).toEqual([]);
    expect((await stream()).slice(5)).toEqual(["HandedOver", "LoanConfirmed"]);
    expect(await status()).toMatchObject({ kind: "completed" });
  });

  test.each([
    ["refusal", [refused, later], declined],
    ["approval", [later, refused], ["HandedOver", "LoanConfirmed"]],
  ] as const)("at the same time, the first recorded one wins: the %s", async (_, events, end) => {
    const { deliver, stream } = await loanWorld([...waiting, refused, later], waiting);
    expect(await Promise.all(events.map((event) => deliver(event)))).toEqual([[], []]);
    expect((await stream()).slice(5)).toEqual(end);
  });
});
