import { expect, test } from "vitest";
import { toChoreographyDiagram } from "../../../../lib/compile/documents/choreography-diagram.ts";
import { commandsOf } from "../../../../lib/model/saga.ts";
import { shop } from "../../../../lib/shop/shop.ts";
import { lendingOf, step } from "../../../library/fixtures/lending-of.ts";

test("a choreography is drawn from event to command to event, with deadlines and compensations", () => {
  const saga = lendingOf([step("first", { timeoutSeconds: 5 })]);
  expect(toChoreographyDiagram(saga)).toBe(`flowchart TB
  event_start(["LoanRequested"])
  event_first_done(["CopyReserved"])
  command_first["ReserveCopy<br>to book"]
  event_first_failed(["CommandRejected"])
  deadline_first_late[/"no answer within 5 s<br>CommandExpired"\\]
  end_completed(("completed"))
  command_complete["ConfirmLoan<br>to loan"]
  event_complete_failed(["CommandRejected"])
  deadline_complete_late[/"no answer within 900 s<br>CommandExpired"\\]
  command_undo_first["ReleaseCopy<br>to book"]
  command_abandon["DeclineLoan<br>to loan"]
  end_compensated(("compensated"))
  end_parked(("parked"))
  event_start --> command_first
  command_first --> event_first_done
  event_first_done --> command_complete
  command_first -.-> event_first_failed
  event_first_failed -.-> command_undo_first
  command_first -.-> deadline_first_late
  deadline_first_late -.-> command_undo_first
  command_complete -->|"answered"| end_completed
  command_complete -.-> event_complete_failed
  event_complete_failed -.-> command_undo_first
  command_complete -.-> deadline_complete_late
  deadline_complete_late -.-> command_undo_first
  command_undo_first -->|"answered"| command_abandon
  command_undo_first -.->|"CommandRejected<br>no answer within a day"| end_parked
  command_abandon -->|"answered"| end_compensated
  command_abandon -.->|"CommandRejected<br>no answer within a day"| end_parked`);
});

const arrowsOf = (...given: Parameters<typeof toChoreographyDiagram>) =>
  toChoreographyDiagram(...given)
    .split("\n")
    .filter((line) => line.includes("->"));

test("after the pivot a deadline resends the command, and a rejection parks the saga", () => {
  const saga = lendingOf([step("first", { pivot: true }), step("second", { undone: false })]);
  expect(arrowsOf(saga)).toEqual(
    expect.arrayContaining([
      "  event_first_failed -.-> command_undo_first",
      "  event_second_failed -.-> end_parked",
      '  deadline_second_late -.->|"sent again"| command_second',
      "  event_complete_failed -.-> end_parked",
    ]),
  );
});

test("an arrow bypasses an optional step", () => {
  const saga = lendingOf([step("first"), step("maybe", { onlyIf: () => true }), step("last")]);
  expect(arrowsOf(saga)).toEqual(
    expect.arrayContaining([
      '  event_first_done -->|"if there is this step"| command_maybe',
      '  event_first_done -->|"otherwise"| command_last',
      "  event_maybe_done --> command_last",
    ]),
  );
});

test.each(shop.sagas.map((saga) => [saga.name, saga] as const))(
  "each command of %s is drawn, and each event that ends a step",
  (_, saga) => {
    const diagram = toChoreographyDiagram(saga);
    for (const { type, category } of commandsOf(saga))
      expect(diagram).toContain(`"${type}<br>to ${category}"`);
    for (const { type } of saga.steps.flatMap(({ succeeds, fails }) => [...succeeds, ...fails]))
      expect(diagram).toContain(type);
  },
);
