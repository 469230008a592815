import { expect, test } from "vitest";
import { toChoreographyDiagram } from "../../../../lib/compile/documents/choreography-diagram.ts";
import { commandsOf } from "../../../../lib/model/saga.ts";
import { shop } from "../../../../lib/shop/shop.ts";
import { lendingOf, step } from "../../../library/fixtures/lending-of.ts";
import { copyReleased } from "../../../library/lib/books/book.ts";

test("a choreography is drawn as rows: thick arrows are deliveries, and thin and dotted arrows follow in the same row", () => {
  const saga = lendingOf([
    step("first", { waits: false, timeoutSeconds: 5 }),
    step("second", { undone: false }),
  ]);
  expect(toChoreographyDiagram(saga)).toBe(`flowchart TB
  event_start(["LoanRequested"])
  command_first["ReserveCopy<br>to book"]
  command_second["ReserveCopy<br>to book"]
  event_second_done(["CopyReserved"])
  deadline_second_late[/"no answer within 60 s<br>CommandExpired"\\]
  command_complete["ConfirmLoan<br>to loan"]
  end_completed(("completed"))
  command_undo_first["ReleaseCopy<br>to book"]
  command_abandon["DeclineLoan<br>to loan"]
  end_compensated(("compensated"))
  end_parked(("parked"))
  event_resumed(["CommandResumed"])
  task_resumed["the parked command again,<br>or the next"]
  event_start ==> command_first
  command_first -->|"CopyReserved"| command_second
  command_first -.->|"CommandRejected<br>no answer within 5 s"| command_undo_first
  command_first -.->|"none of these"| end_parked
  command_second --> event_second_done
  event_second_done ==> command_complete
  command_second -.->|"CommandRejected"| command_undo_first
  command_second -.-> deadline_second_late
  deadline_second_late ==> command_undo_first
  command_complete -->|"answered"| end_completed
  command_complete -.->|"CommandRejected<br>no answer within 900 s"| command_undo_first
  command_undo_first -->|"answered"| command_abandon
  command_undo_first -.->|"CommandRejected<br>no answer within a day"| end_parked
  command_abandon -->|"answered"| end_compensated
  command_abandon -.->|"CommandRejected<br>no answer within a day"| end_parked
  end_parked -.-> event_resumed
  event_resumed ==> task_resumed`);
});

const arrowsOf = (...given: Parameters<typeof toChoreographyDiagram>) =>
  toChoreographyDiagram(...given)
    .split("\n")
    .filter((line) => /[-=.]>/.test(line));

test("a step that waits is decided by a delivery: of its outcome, of its failure or of its deadline", () => {
  const saga = lendingOf([{ ...step("first"), fails: [copyReleased] }]);
  expect(arrowsOf(saga)).toEqual(
    expect.arrayContaining([
      "  event_first_done ==> command_complete",
      "  event_first_failed ==> command_undo_first",
      "  deadline_first_late ==> command_undo_first",
      '  command_first -.->|"CommandRejected"| command_undo_first',
    ]),
  );
});

test("after the pivot a command without an answer is sent again, and a rejection parks the saga", () => {
  const undone = false;
  const second = { ...step("second", { undone }), fails: [copyReleased] };
  const saga = lendingOf([step("first", { pivot: true }), second, step("third", { undone, waits: false })]);
  expect(arrowsOf(saga)).toEqual(
    expect.arrayContaining([
      '  command_first -.->|"CommandRejected"| command_undo_first',
      "  event_second_failed ==> end_parked",
      '  command_second -.->|"CommandRejected"| end_parked',
      '  deadline_second_late ==>|"sent again"| command_second',
      '  command_third -.->|"CommandRejected<br>none of these"| end_parked',
      '  command_third -.->|"no answer: sent again"| command_third',
      '  command_complete -.->|"CommandRejected"| end_parked',
    ]),
  );
});

test("an arrow bypasses an optional step, in a row and after a delivery", () => {
  const maybe = step("maybe", { onlyIf: () => true });
  const arrows = (waits: { readonly waits?: false }) =>
    arrowsOf(lendingOf([step("first", waits), maybe, step("last")]));
  expect(arrows({})).toEqual(
    expect.arrayContaining([
      '  event_first_done ==>|"if there is this step"| command_maybe',
      '  event_first_done ==>|"otherwise"| command_last',
      "  event_maybe_done ==> command_last",
    ]),
  );
  expect(arrows({ waits: false })).toEqual(
    expect.arrayContaining([
      '  command_first -->|"CopyReserved<br>if there is this step"| command_maybe',
      '  command_first -->|"CopyReserved<br>otherwise"| command_last',
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
