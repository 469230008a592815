/** What each saga does next, given the answers to its commands. */
import { type Case, recorded, sagaCases } from "eventfold/testing";
import { describe, test } from "vitest";
import { releaseCopy, reserveCopy } from "../lib/books/book.ts";
import { lending } from "../lib/loans/lending.ts";
import {
  callOffReminder,
  confirmLoan,
  declineLoan,
  loan,
  remindMember,
  setDueDate,
} from "../lib/loans/loan.ts";
import { loanPeriod } from "../lib/loans/loan-period.ts";
import { takeBack } from "../lib/loans/take-back.ts";
import { closeLoan, openLoan } from "../lib/members/member.ts";

const all = (name: string, cases: readonly Case[]) =>
  describe(name, () => {
    for (const { name, run } of cases) test(name, run);
  });

const [loanId, bookId, memberId, phone] = ["1", "emma", "ada", "+441632960001"];
const ofBook = { bookId, loanId };
const ofMember = { memberId, loanId };
const reserved = { type: "CopyReserved", data: ofBook };
const opened = { type: "LoanOpened", data: { ...ofMember, phone } };
const released = { type: "CopyReleased", data: ofBook };
const closed = { type: "LoanClosed", data: ofMember };

const [requested, lent, returned] = recorded(loan, [
  { type: "LoanRequested", data: { loanId, bookId, memberId } },
  { type: "LoanConfirmed", data: { loanId, bookId, memberId, phone } },
  { type: "BookReturned", data: { loanId, bookId, memberId } },
]);
if (!requested || !lent || !returned) throw new Error("three events are recorded");

all(
  "lending",
  sagaCases(lending, requested, [
    ["reserves a copy", [], "reserve-copy", [reserveCopy(ofBook)]],
    ["then checks the limit", [reserved], "check-limit", [openLoan(ofMember)]],
    [
      "then confirms, with the phone number",
      [reserved, opened],
      "complete",
      [confirmLoan({ loanId, phone })],
    ],
    ["then completes", [reserved, opened, { type: "LoanConfirmed", data: lent.data }], "completed", []],
    [
      "releases the copy if the member has too many loans",
      [reserved, { rejected: "limit-reached" }],
      "undo-check-limit",
      [closeLoan(ofMember)],
    ],
    [
      "then declines the loan, with the reason",
      [reserved, { rejected: "limit-reached" }, closed, released],
      "abandon",
      [declineLoan({ loanId, reason: "limit-reached" })],
    ],
    [
      "undoes everything if the request was withdrawn",
      [reserved, opened, { rejected: "withdrawn" }, closed],
      "undo-reserve-copy",
      [releaseCopy(ofBook)],
    ],
    ["compensates if the shelf does not answer", ["timed out"], "undo-reserve-copy", [releaseCopy(ofBook)]],
  ]),
);

const back = { type: "BookReturned", data: returned.data };

all(
  "loan-period",
  sagaCases(loanPeriod, lent, [
    ["sets the date and waits", [], "wait-for-return", [setDueDate({ loanId })]],
    ["calls off the reminder when the book is returned", [back], "complete", [callOffReminder({ loanId })]],
    ["reminds the member after the timeout", ["timed out"], "abandon", [remindMember({ loanId })]],
    [
      "ends once the member is reminded",
      ["timed out", { type: "MemberReminded", data: lent.data }],
      "compensated",
      [],
    ],
  ]),
);

all(
  "take-back",
  sagaCases(takeBack, returned, [
    ["puts the copy on the shelf", [], "put-on-shelf", [releaseCopy(ofBook)]],
    ["then closes the loan of the member", [released], "complete", [closeLoan(ofMember)]],
    ["then completes", [released, closed], "completed", []],
  ]),
);
