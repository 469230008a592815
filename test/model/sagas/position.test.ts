import { describe, expect, test } from "vitest";
import type { RecordedEvent } from "../../../lib/model/message.ts";
import { type Position, positionOf } from "../../../lib/model/sagas/position.ts";
import { approvedLending } from "../../library/fixtures/approved-loans.ts";
import {
  commandId,
  expired,
  ignored,
  outside,
  own,
  rejected,
  resumed,
  sagaId,
  start,
} from "../../library/fixtures/loan-history.ts";

const positionAfter = (history: readonly RecordedEvent[]): Position => {
  const position = positionOf(approvedLending, { id: sagaId, history });
  if (!position) throw new Error("the history has no start");
  return position;
};

/** When the event of this version was recorded. */
const at = (second: number): string => `2026-01-01T00:00:0${second}.000Z`;

const held = own(2, "BookHeld", "hold");
const asked = own(3, "LibrarianAsked", "approval");
const approved = outside(4, "Approved");
const refused = outside(4, "Refused");
const lost = outside(5, "Lost");
const forward = [start, held, asked, approved];
const compensating = [start, held, asked, refused];

const locked = (step: string) =>
  ({ kind: "rejected", step, code: "locked", because: "the shelf is locked" }) as const;
const no = { kind: "failed", step: "approval", event: "Refused" } as const;

const rows: readonly (readonly [
  name: string,
  history: readonly RecordedEvent[],
  status: Position["status"],
])[] = [
  ["it is running from its start", [start], { kind: "running", step: "hold", since: at(1) }],
  [
    "it is running while a stream has not answered",
    [start, held],
    { kind: "running", step: "approval", since: at(2) },
  ],
  ["it is waiting for a person", [start, held, asked], { kind: "waiting", step: "approval", since: at(2) }],
  [
    "it is waiting if its command was ignored",
    [start, held, ignored(3, "approval")],
    { kind: "waiting", step: "approval", since: at(2) },
  ],
  [
    "it continues with an outcome from outside",
    forward,
    { kind: "running", step: "hand-over", since: at(4) },
  ],
  [
    "it finds an outcome that is in the history before its start",
    [approved, start, held],
    { kind: "running", step: "hand-over", since: at(4) },
  ],
  [
    "it ignores an event of another instance",
    [start, outside(2, "BookHeld")],
    { kind: "running", step: "hold", since: at(1) },
  ],
  [
    "it is running until its last command is answered",
    [...forward, own(5, "HandedOver", "hand-over")],
    { kind: "running", step: "complete", since: at(5) },
  ],
  [
    "it is completed",
    [...forward, own(5, "HandedOver", "hand-over"), own(6, "LoanConfirmed", "complete")],
    { kind: "completed", since: at(6) },
  ],
  [
    "it is completed if the completion was ignored",
    [...forward, own(5, "HandedOver", "hand-over"), ignored(6, "complete")],
    { kind: "completed", since: at(6) },
  ],
  [
    "it compensates after a failure",
    compensating,
    { kind: "compensating", step: "undo-hold", since: at(4), reason: no },
  ],
  [
    "it keeps the refusal after later events",
    [...compensating, outside(5, "Approved")],
    { kind: "compensating", step: "undo-hold", since: at(4), reason: no },
  ],
  [
    "the first event in the history decides, and not the first recorded event",
    [start, held, outside(5, "Approved"), refused],
    { kind: "running", step: "hand-over", since: at(5) },
  ],
  [
    "it compensates after a rejection",
    [start, rejected(2, "hold")],
    { kind: "compensating", step: "undo-hold", since: at(2), reason: locked("hold") },
  ],
  [
    "it compensates after a timeout",
    [start, held, asked, expired(4, "approval")],
    {
      kind: "compensating",
      step: "undo-hold",
      since: at(4),
      reason: { kind: "timed-out", step: "approval" },
    },
  ],
  [
    "it abandons when everything is undone",
    [...compensating, own(5, "BookFreed", "undo-hold")],
    { kind: "compensating", step: "abandon", since: at(5), reason: no },
  ],
  [
    "it is compensated",
    [...compensating, own(5, "BookFreed", "undo-hold"), own(6, "LoanDeclined", "abandon")],
    { kind: "compensated", since: at(6), reason: no },
  ],
  [
    "it is compensated if there was nothing to undo",
    [...compensating, ignored(5, "undo-hold"), ignored(6, "abandon")],
    { kind: "compensated", since: at(6), reason: no },
  ],
  [
    "it is parked after a rejected undo",
    [...compensating, rejected(5, "undo-hold")],
    { kind: "parked", step: "undo-hold", since: at(5), reason: locked("undo-hold") },
  ],
  [
    "it is parked after an unanswered undo",
    [...compensating, expired(5, "undo-hold")],
    { kind: "parked", step: "undo-hold", since: at(5), reason: { kind: "timed-out", step: "undo-hold" } },
  ],
  [
    "it undoes again when resumed",
    [...compensating, rejected(5, "undo-hold"), resumed(6, "undo-hold", "retry")],
    { kind: "compensating", step: "undo-hold", since: at(6), reason: no },
  ],
  [
    "it is parked again when the second attempt is rejected",
    [
      ...compensating,
      rejected(5, "undo-hold"),
      resumed(6, "undo-hold", "retry"),
      rejected(7, "undo-hold", 2),
    ],
    { kind: "parked", step: "undo-hold", since: at(7), reason: locked("undo-hold") },
  ],
  [
    "it is compensated by a second attempt",
    [
      ...compensating,
      rejected(5, "undo-hold"),
      resumed(6, "undo-hold", "retry"),
      own(7, "BookFreed", "undo-hold", 2),
      own(8, "LoanDeclined", "abandon"),
    ],
    { kind: "compensated", since: at(8), reason: no },
  ],
  [
    "it continues without an undo that an operator skips",
    [...compensating, rejected(5, "undo-hold"), resumed(6, "undo-hold", "skip")],
    { kind: "compensating", step: "abandon", since: at(6), reason: no },
  ],
  [
    "after the pivot it sends an expired command again",
    [...forward, expired(5, "hand-over"), expired(6, "hand-over", 2)],
    { kind: "running", step: "hand-over", since: at(4) },
  ],
  [
    "after the pivot it is parked by a rejection",
    [...forward, rejected(5, "hand-over")],
    { kind: "parked", step: "hand-over", since: at(5), reason: locked("hand-over") },
  ],
  [
    "after the pivot it is parked by a failure",
    [...forward, lost],
    {
      kind: "parked",
      step: "hand-over",
      since: at(5),
      reason: { kind: "failed", step: "hand-over", event: "Lost" },
    },
  ],
  [
    "a failure from before its resumption does not park it again",
    [...forward, lost, resumed(6, "hand-over", "retry")],
    { kind: "running", step: "hand-over", since: at(6) },
  ],
  [
    "a failure after its resumption parks it again",
    [...forward, lost, resumed(6, "hand-over", "retry"), outside(7, "Lost")],
    {
      kind: "parked",
      step: "hand-over",
      since: at(7),
      reason: { kind: "failed", step: "hand-over", event: "Lost" },
    },
  ],
  [
    "after the pivot a late success still counts",
    [...forward, rejected(5, "hand-over"), own(6, "HandedOver", "hand-over")],
    { kind: "running", step: "complete", since: at(6) },
  ],
];

test.each(rows)("%s", (_, history, expected) => {
  expect(positionAfter(history).status).toEqual(expected);
});

test("an instance that has ended does not change after later events", () => {
  const ended = rows.filter(([, , { kind }]) => kind === "completed" || kind === "compensated");
  const late = [outside(9, "Approved"), outside(9, "Refused"), outside(9, "Lost"), rejected(9, "hand-over")];
  for (const [, history, expected] of ended)
    for (const event of late) expect(positionAfter([...history, event]).status).toEqual(expected);
});

describe("the command that is sent next", () => {
  const open = (history: readonly RecordedEvent[]) =>
    positionAfter(history).next?.progress.undecided.map(({ metadata }) => metadata.id);

  test.each([
    ["is the first attempt", [start], commandId("hold")],
    ["is the same until it is decided", [start, held, asked], commandId("approval")],
    [
      "is another attempt after each expiry",
      [...forward, expired(5, "hand-over")],
      commandId("hand-over", 2),
    ],
    [
      "is another attempt after each resumption",
      [...compensating, rejected(5, "undo-hold"), resumed(6, "undo-hold", "retry")],
      commandId("undo-hold", 2),
    ],
    [
      "counts expiries and resumptions together",
      [...forward, expired(5, "hand-over"), rejected(6, "hand-over", 2), resumed(7, "hand-over", "retry", 2)],
      commandId("hand-over", 3),
    ],
  ] as const)("%s", (_, history, id) => expect(open(history)).toEqual([id]));
});

describe("a task", () => {
  const namesAfter = (history: readonly RecordedEvent[]) =>
    positionAfter(history).tasks.map(({ task }) => task.name);

  test.each([
    ["hold", [start]],
    ["approval", [start, held]],
    ["complete", [...forward, own(5, "HandedOver", "hand-over")]],
    ["undo-hold", compensating],
    ["undo-approval", compensating],
    ["abandon", compensating],
  ] as const)("is reached: %s", (name, history) => {
    expect(namesAfter(history)).toContain(name);
  });

  test.each([
    ["a step that is not reached yet", "hand-over", [start, held]],
    ["an undo of a saga that goes forward", "undo-hold", forward],
    ["an undo of a step that was never reached", "undo-hand-over", compensating],
    ["an unknown name", "hand-back", compensating],
  ] as const)("is not reached: %s", (_, name, history) => {
    expect(namesAfter(history)).not.toContain(name);
  });
});
