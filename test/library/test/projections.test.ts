/** The rows that follow from events. */
import { recorded, rowsAfter, rowsAfterAnyOrder } from "eventfold/testing";
import { expect, test } from "vitest";
import { book } from "../lib/books/book.ts";
import { bookCopies } from "../lib/books/book-copies.ts";
import { loan } from "../lib/loans/loan.ts";
import { loanStatus } from "../lib/loans/loan-status.ts";
import { loansPerDay } from "../lib/loans/loans-per-day.ts";

const [bookId, memberId, phone] = ["emma", "ada", "+441632960001"];
const lent = (loanId: string) =>
  ({ type: "LoanConfirmed", data: { loanId, bookId, memberId, phone } }) as const;
const returned = (loanId: string) => ({ type: "BookReturned", data: { loanId, bookId, memberId } }) as const;

test("a reserved copy is not available until it is released", () => {
  const loanId = "1";
  const events = recorded(book, [
    { type: "CopiesAcquired", data: { bookId, copies: 2 } },
    { type: "CopyReserved", data: { bookId, loanId } },
    { type: "CopyReserved", data: { bookId, loanId: "2" } },
    { type: "CopyReleased", data: { bookId, loanId } },
  ]);
  expect(rowsAfter(bookCopies, events)).toEqual({ emma: { bookId, copies: 2, available: 1 } });
});

test("a loan shows its status, and when the member was reminded", () => {
  const loanId = "1";
  const events = recorded(
    loan,
    [
      { type: "LoanRequested", data: { loanId, bookId, memberId } },
      lent(loanId),
      { type: "DueDateSet", data: { loanId, due: "2026-01-22T00:00:00.000Z" } },
      { type: "MemberReminded", data: { loanId, bookId, memberId, phone } },
      returned(loanId),
    ],
    { at: "2026-01-22T00:00:00.000Z" },
  );
  const row = { loanId, bookId, memberId, due: "2026-01-22T00:00:00.000Z" };
  expect(rowsAfter(loanStatus, events.slice(0, 3))).toEqual({ 1: { ...row, status: "lent" } });
  const remindedAt = "2026-01-22T00:00:00.000Z";
  expect(rowsAfter(loanStatus, events)).toEqual({ 1: { ...row, status: "returned", remindedAt } });
});

test("the loans of a day are counted, in any order of the events of different loans", () => {
  const first = recorded(loan, [lent("1"), lent("2"), returned("1")], { at: "2026-01-01T12:00:00.000Z" });
  const second = recorded(loan, [lent("3"), returned("3")], { at: "2026-01-02T12:00:00.000Z" });
  expect(rowsAfterAnyOrder(loansPerDay, [...first, ...second])).toEqual({
    "2026-01-01": { day: "2026-01-01", lent: 2, returned: 1 },
    "2026-01-02": { day: "2026-01-02", lent: 1, returned: 1 },
  });
});
