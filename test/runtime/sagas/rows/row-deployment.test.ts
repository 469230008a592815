/**
 * Instances that are under way when the code changes. Earlier code sends the commands of one step per delivery, sets a
 * deadline for each step, and needs the answers to its own commands as deliveries. They no longer come after the
 * deployment, and they come again after a way back.
 */
import { expect, test } from "vitest";
import type { RecordedEvent } from "../../../../lib/model/message.ts";
import { expired, own, sagaId } from "../../../library/fixtures/loan-history.ts";
import { approved, asked, failing, held, loanWorld, start } from "./loans.ts";

const waiting = [start, held, asked];
const gone = [...waiting, expired(4, "approval")];
const day = 86_400;

/** The events of the stream, how many of them are in the history, and the deadline that the earlier code has set. */
const underWay: readonly (readonly [
  state: string,
  stored: readonly RecordedEvent[],
  known: number,
  deadline: string,
  seconds: number,
  end: string,
])[] = [
  ["its first command is not sent", [start], 1, "hold#1", 60, "compensated"],
  ["its first command is answered", [start, held], 1, "hold#1", 60, "waiting"],
  ["it has begun to wait", waiting, 2, "approval#1", day, "compensated"],
  ["its wait has expired", gone, 3, "approval#1", day, "compensated"],
  [
    "its last step is answered",
    [...waiting, approved, own(5, "HandedOver", "hand-over")],
    4,
    "hand-over#1",
    60,
    "completed",
  ],
  [
    "its completion is answered",
    [...waiting, approved, own(5, "HandedOver", "hand-over"), own(6, "LoanConfirmed", "complete")],
    5,
    "complete#1",
    900,
    "completed",
  ],
  ["an undo is answered", [...gone, own(5, "BookFreed", "undo-hold")], 4, "undo-hold#1", day, "compensated"],
  [
    "its end after compensation is answered",
    [...gone, own(5, "BookFreed", "undo-hold"), own(6, "LoanDeclined", "abandon")],
    5,
    "abandon#1",
    day,
    "compensated",
  ],
];

test.each(underWay)(
  "an instance of earlier code ends by its old deadline: %s",
  async (_, stored, known, ...rest) => {
    const [task, seconds, end] = rest;
    const world = await loanWorld(stored, stored.slice(0, known));
    await world.hold(`${sagaId}/${task}`, new Date(Date.UTC(2026, 0, 2, 0, 0, seconds)), { sagaId, task });
    const deadline = world.take();
    if (deadline) expect(await world.react([deadline])).toEqual([]);
    expect(world.seconds()).toBe(seconds);
    expect(await world.status()).toMatchObject({ kind: end });
  },
);

test("an outcome from outside continues an instance of earlier code at once", async () => {
  const world = await loanWorld([...waiting, approved], [start]);
  expect(await world.deliver(approved)).toEqual([]);
  expect(await world.status()).toMatchObject({ kind: "completed" });
});

test("an old deadline of a step that is decided is ignored", async () => {
  const world = await loanWorld(waiting, waiting);
  for (const task of ["hold#1", "complete#1", "undo-hold#1"])
    expect(await world.react([{ id: task, receiveCount: 1, kind: "deadline", sagaId, task }])).toEqual([]);
  expect(await world.stream()).toHaveLength(waiting.length);
  expect(world.sent).toEqual([]);
});

/** The states that this code leaves, and the step whose command fails in them. */
const states: readonly (readonly [string, readonly RecordedEvent[], string | undefined, string])[] = [
  ["a first fault", [start], "/hold/", "waiting"],
  ["a fault at a step that waits", [start], "/approval/", "waiting"],
  ["a wait", [start], undefined, "waiting"],
  ["a fault after the pivot", [...waiting, approved], "/hand-over/", "completed"],
  ["a fault at the completion", [...waiting, approved], "/complete/", "completed"],
  ["a fault of an undo", gone, "/undo-hold/", "compensated"],
  ["a fault of the last undo", gone, "/abandon/", "compensated"],
  ["the end", [...waiting, approved], undefined, "completed"],
  ["the end of a compensation", gone, undefined, "compensated"],
];

test.each(states)(
  "after %s the instance continues if its own answers are delivered, too",
  async (...given) => {
    const [, history, fails, end] = given;
    const world = await loanWorld(history, history.slice(0, -1));
    if (fails !== undefined) world.during.send = failing(fails);
    const event = history.at(-1) ?? start;
    const isFailed = (await world.deliver(event)).length > 0;
    expect(isFailed).toBe(fails !== undefined);
    world.repair();
    if (isFailed) await world.deliver(event, 2);
    const before = await world.events("loan-1");
    for (const each of before) expect(await world.deliver(each)).toEqual([]);
    expect(await world.events("loan-1")).toEqual(before);
    expect(await world.status()).toMatchObject({ kind: end });
    expect(world.names()).toEqual(end === "waiting" ? ["lending/1/approval#1"] : []);
  },
);
