/** The decisions of each command, given earlier events. */
import { type Case, deciderCases } from "eventfold/testing";
import { describe, test } from "vitest";
import { book } from "../lib/books/book.ts";
import { loan } from "../lib/loans/loan.ts";
import { member } from "../lib/members/member.ts";

const all = (name: string, cases: readonly Case[]) =>
  describe(name, () => {
    for (const { name, run } of cases) test(name, run);
  });

const [bookId, memberId, loanId, phone] = ["emma", "ada", "1", "+441632960001"];

const oneCopy = { type: "CopiesAcquired", data: { bookId, copies: 1 } } as const;
const reserve = { type: "ReserveCopy", data: { bookId, loanId } } as const;
const reserved = { type: "CopyReserved", data: { bookId, loanId } } as const;
const release = { type: "ReleaseCopy", data: { bookId, loanId } } as const;
const released = { type: "CopyReleased", data: { bookId, loanId } } as const;

all(
  "book",
  deciderCases(
    book,
    [
      ["copies are acquired", [], { type: "AcquireCopies", data: { bookId, copies: 1 } }, [oneCopy]],
      ["a copy is reserved", [oneCopy], reserve, [reserved]],
      ["a book without copies is unknown", [], reserve, "unknown-book"],
      [
        "a copy is reserved for one loan",
        [oneCopy, reserved],
        { ...reserve, data: { bookId, loanId: "2" } },
        "no-copy-left",
      ],
      ["a copy that was released is reserved again", [oneCopy, reserved, released], reserve, [reserved]],
      ["a reserved copy is released", [oneCopy, reserved], release, [released]],
      ["nothing is released for a loan without a copy", [oneCopy], release, []],
    ],
    { repeatable: ["AcquireCopies"] },
  ),
);

const register = { type: "RegisterMember", data: { memberId, phone } } as const;
const registered = { type: "MemberRegistered", data: { memberId, phone } } as const;
const open = { type: "OpenLoan", data: { memberId, loanId } } as const;
const opened = (loanId: string) => ({ type: "LoanOpened", data: { memberId, loanId, phone } }) as const;
const close = { type: "CloseLoan", data: { memberId, loanId } } as const;
const closed = { type: "LoanClosed", data: { memberId, loanId } } as const;
const full = [registered, opened("2"), opened("3"), opened("4")];

all(
  "member",
  deciderCases(member, [
    ["a member is registered", [], register, [registered]],
    [
      "a member has one phone number",
      [registered],
      { ...register, data: { memberId, phone: "+441632960002" } },
      "already-registered",
    ],
    ["a loan is opened, with the phone number", [registered], open, [opened(loanId)]],
    ["only members have loans", [], open, "unknown-member"],
    ["a member with three loans gets no other", full, open, "limit-reached"],
    ["a loan is closed", [registered, opened(loanId)], close, [closed]],
    [
      "a loan that was closed makes room for another",
      [...full, { type: "LoanClosed", data: { memberId, loanId: "4" } }],
      open,
      [opened(loanId)],
    ],
    ["a loan that is not open is not closed", [registered], close, []],
  ]),
);

const requested = { type: "LoanRequested", data: { loanId, bookId, memberId } } as const;
const withdrawn = { type: "RequestWithdrawn", data: { loanId } } as const;
const lent = { type: "LoanConfirmed", data: { loanId, bookId, memberId, phone } } as const;
const declined = { type: "LoanDeclined", data: { loanId, reason: "no-copy-left" } } as const;
const dated = { type: "DueDateSet", data: { loanId, due: "2026-01-22T00:00:00.000Z" } } as const;
const returned = { type: "BookReturned", data: { loanId, bookId, memberId } } as const;
const reminded = { type: "MemberReminded", data: { loanId, bookId, memberId, phone } } as const;
const calledOff = { type: "ReminderCalledOff", data: { loanId } } as const;

const request = { type: "RequestLoan", data: { loanId, bookId, memberId } } as const;
const confirm = { type: "ConfirmLoan", data: { loanId, phone } } as const;
const decline = { type: "DeclineLoan", data: { loanId, reason: "no-copy-left" } } as const;
const about = <Type extends string>(type: Type) => ({ type, data: { loanId } });

all(
  "loan",
  deciderCases(
    loan,
    [
      ["a loan is requested", [], request, [requested]],
      ["a loan cannot be requested twice", [requested], request, "already-requested"],
      ["a request is withdrawn", [requested], about("WithdrawRequest"), [withdrawn]],
      ["there is nothing to withdraw", [], about("WithdrawRequest"), "unknown-loan"],
      ["a lent book is returned, not withdrawn", [requested, lent], about("WithdrawRequest"), "already-lent"],
      ["a request is confirmed", [requested], confirm, [lent]],
      ["a withdrawn request is not confirmed", [requested, withdrawn], confirm, "withdrawn"],
      ["an unknown loan is not confirmed", [], confirm, "unknown-loan"],
      ["a request is declined", [requested], decline, [declined]],
      ["a withdrawn request is not declined as well", [requested, withdrawn], decline, []],
      ["the book is due after 21 days", [requested, lent], about("SetDueDate"), [dated]],
      ["a returned book is not due", [requested, lent, returned], about("SetDueDate"), []],
      ["a lent book is returned", [requested, lent], about("ReturnBook"), [returned]],
      ["a book that is not lent is not returned", [requested], about("ReturnBook"), "not-lent"],
      ["the book of an unknown loan is not returned", [], about("ReturnBook"), "unknown-loan"],
      ["a member is reminded of a lent book", [requested, lent, dated], about("RemindMember"), [reminded]],
      ["no reminder is sent for a returned book", [requested, lent, returned], about("RemindMember"), []],
      [
        "the reminder of a returned book is called off",
        [requested, lent, returned],
        about("CallOffReminder"),
        [calledOff],
      ],
      ["the reminder of a lent book stays", [requested, lent], about("CallOffReminder"), []],
      ["a declined request stays declined", [requested, declined], about("WithdrawRequest"), []],
    ],
    { now: new Date("2026-01-01T00:00:00Z") },
  ),
);
