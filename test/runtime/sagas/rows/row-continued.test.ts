/** A message that only continues its saga: an inspection sends it to a stuck instance, and a resume to a parked one. */
import { describe, expect, test } from "vitest";
import { again } from "../../../../lib/ports/deadlines.ts";
import { type Delivery, retry } from "../../../../lib/ports/delivery.ts";
import { approvedLending, approvedLibrary } from "../../../library/fixtures/approved-loans.ts";
import { expired, ignored, own, sagaId } from "../../../library/fixtures/loan-history.ts";
import { deliveryOf } from "../../deliveries.ts";
import { approved, asked, failing, held, loanWorld, start } from "./loans.ts";
import { rowWorld } from "./row-world.ts";

const waiting = [start, held, asked];

const message = (receiveCount = 1): Delivery => ({
  id: "message",
  receiveCount,
  kind: "deadline",
  sagaId,
  task: again,
});

const failScheduler = () => Promise.reject(new Error("no scheduler"));

test.each([
  ["at its first step", [start], "waiting"],
  ["after the pivot", [...waiting, approved], "completed"],
  ["while it compensates", [...waiting, expired(4, "approval")], "compensated"],
])("a stuck instance continues from its history %s", async (_, history, kind) => {
  const world = await loanWorld(history, history);
  expect(await world.react([message()])).toEqual([]);
  expect(await world.status()).toMatchObject({ kind });
  expect(world.names()).toEqual(kind === "waiting" ? ["lending/1/approval#1"] : []);
});

test("an instance that has ended does nothing", async () => {
  const ended = [
    ...waiting,
    approved,
    own(5, "HandedOver", "hand-over"),
    own(6, "LoanConfirmed", "complete"),
  ];
  const world = await loanWorld(ended, ended);
  expect(await world.react([message()])).toEqual([]);
  expect([world.sent, world.names(), world.updates()]).toEqual([[], [], 0]);
});

describe("a wait that has lost its deadline gets another one", () => {
  test("before the pivot, and the saga turns back when it comes", async () => {
    const world = await loanWorld(waiting, waiting);
    expect(await world.react([message()])).toEqual([]);
    expect(world.due("lending/1/approval#1")).toBe(86_400);
    expect(world.sent).toEqual([]);
    await world.runOut();
    expect(await world.status()).toMatchObject({ kind: "compensated", reason: { kind: "timed-out" } });
  });

  test("after the pivot, and its command is sent again when it comes", async () => {
    const history = [...waiting, approved, ignored(5, "hand-over")];
    const world = await rowWorld(approvedLending, approvedLibrary, { stored: history, history });
    expect(await world.status()).toMatchObject({ kind: "waiting", step: "hand-over" });
    expect(await world.react([message()])).toEqual([]);
    expect(world.names()).toEqual(["lending/1/hand-over#1"]);
    expect(world.sent).toEqual([]);
    expect(await world.runOut()).toEqual(["hand-over#1"]);
    expect(world.sent).toContain("hand-over/loan-1#2");
    expect(await world.status()).toMatchObject({ kind: "completed" });
  });

  test("which it keeps if the next inspection sends another message", async () => {
    const world = await loanWorld(waiting, waiting);
    await world.react([message()]);
    world.wait(300);
    await world.react([message()]);
    expect(world.due("lending/1/approval#1")).toBe(86_400);
  });
});

describe("a message for a stuck instance whose deadlines cannot be set", () => {
  /** The step is late by a day. */
  const failingWorld = async () => {
    const world = await loanWorld([start], [start]);
    Object.assign(world.during, { send: failing("/hold/"), set: failScheduler });
    return world;
  };

  test("is retried at first, and then left to the next inspection", async () => {
    const world = await failingWorld();
    for (const receiveCount of [1, 2, 3])
      expect(await world.react([message(receiveCount)])).toEqual([retry("message")]);
    world.repair();
    expect(await world.react([message(4)])).toEqual([]);
    expect(world.sent).toEqual([]);
    expect(await world.react([message()])).toEqual([]);
    expect(await world.status()).toMatchObject({ kind: "waiting", step: "approval" });
  });

  test("does not end the retries of an event", async () => {
    const world = await failingWorld();
    const event = { ...deliveryOf(start), receiveCount: 9 };
    expect(await world.react([event])).toEqual([retry(event.id)]);
    expect(await world.react([event, message(9)])).toContainEqual(retry(event.id));
  });
});

test("a message is retried for as long as its instance is not stuck: no inspection sends another one", async () => {
  const world = await loanWorld(waiting, waiting);
  world.during.set = failScheduler;
  expect(await world.react([message(9)])).toEqual([retry("message")]);
});
