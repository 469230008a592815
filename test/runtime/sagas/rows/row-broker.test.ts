/** A row that fails on a broker: its partition is not blocked, and a deadline continues the saga. */
import { expect, test } from "vitest";
import type { Delivery, GivenUp } from "../../../../lib/ports/delivery.ts";
import { PermanentError } from "../../../../lib/ports/permanent-error.ts";
import { toTheEnd } from "../../../../lib/runtime/handlers/to-the-end.ts";
import { outside } from "../../../library/fixtures/loan-history.ts";
import { deliveryOf } from "../../deliveries.ts";
import { approved, asked, failing, held, loanWorld, start } from "./loans.ts";

/** The longest time between two attempts. The first step of the saga is late after 60 s. */
const againMost = 900;

type World = Awaited<ReturnType<typeof loanWorld>>;

/** Handles these events as a consumer of a broker does. Answers the waits between its attempts. */
const consumed = async ({ react }: World, ...events: Parameters<typeof deliveryOf>[0][]) => {
  const [waits, givenUp]: [number[], GivenUp[]] = [[], []];
  const sleep = async (milliseconds: number) => void waits.push(milliseconds);
  const messages = events.map((event) => ({
    id: event.metadata.id,
    read: (): Delivery => deliveryOf(event),
  }));
  const giveUp = async (one: GivenUp) => void givenUp.push(one);
  await toTheEnd(react, { sleep, random: () => 0 })(messages, giveUp);
  return { waits, givenUp };
};

const startedAgo = (seconds: number): typeof start => {
  const recordedAt = new Date(Date.parse("2026-01-02T00:00:00Z") - seconds * 1000).toISOString();
  return { ...start, metadata: { ...start.metadata, recordedAt } };
};

test("after the first fault the event is done, and a deadline in seconds continues the saga", async () => {
  const started = startedAgo(1);
  const world = await loanWorld([started]);
  world.during.send = failing("/hold/");
  expect(await consumed(world, started)).toEqual({ waits: [], givenUp: [] });
  expect(world.sent).toHaveLength(1);
  expect([world.due("lending/1/again"), world.due("lending/1/hold#1")]).toEqual([30, 60]);
  expect(world.log.entries()).toMatchObject([
    { kind: "problem", message: "lending/1 react failed: Error: out of reach" },
  ]);

  world.repair();
  const deadline = world.take();
  expect(deadline?.task).toBe("again");
  expect(deadline && (await world.react([deadline]))).toEqual([]);
  expect(await world.status()).toMatchObject({ kind: "waiting", step: "approval" });
  expect(world.names()).toEqual(["lending/1/approval#1"]);
});

test.each([
  ["soon", 1, 30],
  ["soon, if the task is not late", 60, 30],
  ["later, the longer the task is late", 60 + 1200, 300],
  ["after a quarter of an hour at most", 86_400, againMost],
])("it continues %s", async (_, elapsedSeconds, seconds) => {
  const began = startedAgo(elapsedSeconds);
  const world = await loanWorld([began]);
  world.during.send = failing("/hold/");
  await consumed(world, began);
  expect(world.due("lending/1/again")).toBe(seconds);
});

test("the saga turns back at the deadline of its step, if the fault lasts", async () => {
  const world = await loanWorld([start]);
  world.during.send = failing("/hold/");
  await consumed(world, start);
  expect(await world.runOut()).toContain("hold#1");
  expect(await world.status()).toMatchObject({ kind: "compensated", reason: { kind: "timed-out" } });
});

test("after the pivot it continues until the fault is over", async () => {
  const history = [start, held, asked, approved];
  const world = await loanWorld(history, history);
  world.during.send = failing("/hand-over/");
  await consumed(world, approved);
  expect(world.names()).toEqual(["lending/1/again"]);
  for (let attempt = 1; attempt < 10; attempt += 1) {
    const deadline = world.take();
    expect(deadline?.task).toBe("again");
    if (deadline) expect(await world.react([deadline])).toEqual([]);
    expect(world.names()).toEqual(["lending/1/again"]);
  }
  world.repair();
  await world.runOut();
  expect(await world.status()).toMatchObject({ kind: "completed" });
});

test("a deadline that fails comes again soon, and still ends its wait", async () => {
  const history = [start, held, asked];
  const world = await loanWorld(history, history);
  await world.react([{ id: "1", receiveCount: 1, kind: "deadline", sagaId: "lending/1", task: "hold#1" }]);
  world.during.read = () => Promise.reject(new Error("no store"));
  const deadline: Delivery = {
    id: "2",
    receiveCount: 1,
    kind: "deadline",
    sagaId: "lending/1",
    task: "approval#1",
  };
  expect(await world.react([deadline])).toEqual([]);
  expect(world.due("lending/1/approval#1")).toBe(30);
  world.repair();
  expect(await world.runOut()).toEqual(["approval#1"]);
  expect(await world.status()).toMatchObject({
    kind: "compensated",
    reason: { kind: "timed-out", step: "approval" },
  });
});

test("a deadline replaces the schedule that delivered it, which may still have the name", async () => {
  const history = [start, held, asked];
  const world = await loanWorld(history, history);
  world.during.read = () => Promise.reject(new Error("no store"));
  const at = new Date("2026-01-01T00:00:00Z");
  const deadline = { sagaId: "lending/1", task: "approval#1" };
  await world.hold("lending/1/approval#1", at, deadline);
  await world.react([{ ...deadline, id: "1", receiveCount: 1, kind: "deadline" }]);
  expect(world.due("lending/1/approval#1")).toBe(30);
});

test("the later events of the partition are handled at once", async () => {
  const world = await loanWorld([start, outside(2, "Approved")]);
  world.during.send = failing("/hold/");
  const { waits } = await consumed(world, start, outside(2, "Approved"));
  expect(waits).toEqual([]);
  expect(await world.history()).toEqual(["LoanRequested", "Approved"]);
});

test("a row that cannot be stored is continued by a deadline, because its event is recorded", async () => {
  const world = await loanWorld([start]);
  world.during.append = async (count) => {
    if (count === 2) throw new Error("no update");
  };
  expect(await consumed(world, start)).toEqual({ waits: [], givenUp: [] });
  expect(await world.history()).toEqual(["LoanRequested"]);
  expect(world.names()).toContain("lending/1/again");
  const deadline = world.take();
  if (deadline) expect(await world.react([deadline])).toEqual([]);
  expect(await world.status()).toMatchObject({ kind: "waiting", step: "approval" });
});

test("an event that cannot be recorded is attempted again", async () => {
  const world = await loanWorld([start]);
  world.during.append = async (count) => {
    if (count === 1) throw new Error("no update");
  };
  expect((await consumed(world, start)).waits).toEqual([1000]);
  expect(await world.status()).toMatchObject({ kind: "waiting", step: "approval" });
});

test("an event whose deadline cannot be set is attempted again", async () => {
  const world = await loanWorld([start]);
  world.during.send = failing("/hold/");
  let attempts = 0;
  world.during.set = async () => {
    attempts += 1;
    if (attempts === 1) throw new Error("no scheduler");
  };
  expect((await consumed(world, start)).waits).toEqual([1000]);
  expect(world.names()).toEqual(["lending/1/again", "lending/1/hold#1"]);
});

test("an event that can never be handled is given up at once, and parks the saga", async () => {
  const world = await loanWorld([start]);
  world.during.send = () => Promise.reject(new PermanentError("too large"));
  const { waits, givenUp } = await consumed(world, start);
  expect(waits).toEqual([]);
  expect(givenUp).toEqual([{ id: "loan-1@1", because: "refused: too large", attempts: 1 }]);
  expect((await world.instances.read("lending/1")).parked).toMatchObject({ event: "loan-1@1" });
  expect(world.names()).not.toContain("lending/1/again");
});
