import { expect, test } from "vitest";
import { toFlow, toSagaDiagram } from "../../../lib/compile/documents/diagrams.ts";
import type { AnyApplication } from "../../../lib/model/application.ts";
import { lendingOf, step } from "../../library/fixtures/lending-of.ts";
import { application as library } from "../../library/lib/application.ts";
import { acquireCopies, book } from "../../library/lib/books/book.ts";
import { bookCopies } from "../../library/lib/books/book-copies.ts";
import { publisherDeliveries } from "../../library/lib/books/publisher-deliveries.ts";
import { loan, loanRequested, requestLoan } from "../../library/lib/loans/loan.ts";
import { loanStatus } from "../../library/lib/loans/loan-status.ts";

/** The library without members. A second translator has the same source. */
const application: AnyApplication<unknown> = {
  ...library,
  deciders: [book, loan],
  projections: [loanStatus, bookCopies],
  effects: [
    {
      name: "order-copies",
      on: loanRequested,
      answers: [acquireCopies],
      uses: {},
      perform: async () => undefined,
    },
  ],
  sagas: [lendingOf([step("first"), step("second", { pivot: true, undone: false })])],
  translators: [publisherDeliveries, { ...publisherDeliveries, name: "gifts" }],
  routes: [
    { method: "POST", path: "/loans", access: "public", owner: "none", command: requestLoan },
    {
      method: "GET",
      path: "/loans/{loanId}",
      access: "public",
      owner: "none",
      query: loanStatus,
      versionOf: loan,
    },
    {
      method: "GET",
      path: "/loans",
      access: "public",
      owner: "none",
      list: loanStatus,
      indexes: ["byMember"],
    },
    { method: "GET", path: "/loans/{loanId}/events", access: "public", owner: "none", history: loan },
    { method: "GET", path: "/sagas/{saga}/{id}", access: "public", owner: "none", sagas: "status" },
  ],
};

test("the flow shows which part sends which command to which stream, and what follows from it", () => {
  expect(toFlow(application)).toBe(`flowchart LR
  route_POST__loans(["POST /loans"])
  source_publisher>"publisher"]
  translator_publisher_deliveries[\\"publisher-deliveries"\\]
  translator_gifts[\\"gifts"\\]
  stream_book[("book")]
  stream_loan[("loan")]
  route_reads_stream_loan(["GET /loans/{loanId}/events"])
  saga_lending{{"lending"}}
  route_reads_saga_lending(["GET /sagas/{saga}/{id}"])
  effect_order_copies[["order-copies"]]
  projection_loan_status[/"loan-status"/]
  route_reads_projection_loan_status(["GET /loans/{loanId}<br>GET /loans"])
  projection_book_copies[/"book-copies"/]
  route_POST__loans -->|"RequestLoan"| stream_loan
  source_publisher -->|"ParcelDelivered"| translator_publisher_deliveries
  translator_publisher_deliveries -->|"AcquireCopies"| stream_book
  source_publisher -->|"ParcelDelivered"| translator_gifts
  translator_gifts -->|"AcquireCopies"| stream_book
  stream_loan -.-> route_reads_stream_loan
  stream_loan -->|"LoanRequested"| saga_lending
  saga_lending -->|"1 ReserveCopy<br>2 ReserveCopy<br>undo: ReleaseCopy"| stream_book
  saga_lending -->|"3 ConfirmLoan<br>after all undos: DeclineLoan"| stream_loan
  stream_book -->|"CopyReserved"| saga_lending
  saga_lending -.-> route_reads_saga_lending
  stream_loan -->|"LoanRequested"| effect_order_copies
  effect_order_copies -->|"AcquireCopies"| stream_book
  stream_loan -.->|"LoanRequested<br>RequestWithdrawn<br>LoanConfirmed<br>LoanDeclined<br>DueDateSet<br>MemberReminded<br>BookReturned"| projection_loan_status
  projection_loan_status -.-> route_reads_projection_loan_status
  stream_book -.->|"CopiesAcquired<br>CopyReserved<br>CopyReleased"| projection_book_copies`);
});

const arrowsOf = (diagram: string) => diagram.split("\n").filter((line) => line.includes("->"));

test("a step that fails leads to its own undo, and from there back to the end", () => {
  const saga = lendingOf([step("first"), step("second", { undone: false }), step("third")]);
  expect(arrowsOf(toSagaDiagram(saga))).toEqual([
    "  route_start --> task_first",
    '  task_first -->|"CopyReserved"| task_second',
    '  task_first -.->|"rejected<br>timed out"| task_undo_first',
    '  task_second -->|"CopyReserved"| task_third',
    '  task_second -.->|"rejected<br>timed out"| task_undo_first',
    '  task_third -->|"CopyReserved"| task_complete',
    '  task_third -.->|"rejected<br>timed out"| task_undo_third',
    "  task_complete --> end_completed",
    '  task_complete -.->|"rejected<br>timed out"| task_undo_third',
    "  task_undo_first --> task_abandon",
    "  task_undo_third --> task_undo_first",
    "  task_abandon --> end_compensated",
  ]);
});

test("after the pivot no arrow leads to a compensation", () => {
  const saga = lendingOf([step("first"), step("second", { pivot: true }), step("third", { undone: false })]);
  const arrows = arrowsOf(toSagaDiagram(saga));
  expect(arrows).toContain('  task_second -.->|"rejected<br>timed out"| task_undo_second');
  expect(arrows).toContain('  task_third -.->|"timed out: retry<br>otherwise: parked"| task_third');
  expect(arrows).toContain('  task_complete -.->|"timed out: retry<br>otherwise: parked"| task_complete');
});

test("a saga without steps completes immediately, and is abandoned if it cannot", () => {
  expect(arrowsOf(toSagaDiagram(lendingOf([])))).toEqual([
    "  route_start --> task_complete",
    "  task_complete --> end_completed",
    '  task_complete -.->|"rejected<br>timed out"| task_abandon',
    "  task_abandon --> end_compensated",
  ]);
});

test("a step with a condition is marked", () => {
  const diagram = toSagaDiagram(lendingOf([step("first"), step("second", { onlyIf: () => true })]));
  expect(diagram).toContain('task_first["1 first<br>');
  expect(diagram).toContain('task_second["2 second, optional<br>');
});
