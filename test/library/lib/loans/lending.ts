/**
 * Lends a book: reserves a copy, checks the limit of the member, and confirms the loan. If a step fails, the loan
 * is declined.
 */
import { reasonCode, type Saga, sending } from "eventfold";
import { copyReserved, releaseCopy, reserveCopy } from "../books/book.ts";
import { closeLoan, loanOpened, openLoan } from "../members/member.ts";
import { confirmLoan, declineLoan, loanRequested } from "./loan.ts";

export const lending: Saga<typeof loanRequested> = {
  name: "lending",
  startsOn: loanRequested,
  identifiedBy: ({ data }) => data.loanId,
  steps: [
    {
      name: "reserve-copy",
      send: sending(reserveCopy, ({ data: { bookId, loanId } }) => ({ bookId, loanId })),
      succeeds: [copyReserved],
      fails: [],
      timeoutSeconds: 60,
      waits: false,
      undo: sending(releaseCopy, ({ data: { bookId, loanId } }) => ({ bookId, loanId })),
    },
    {
      name: "check-limit",
      send: sending(openLoan, ({ data: { memberId, loanId } }) => ({ memberId, loanId })),
      succeeds: [loanOpened],
      fails: [],
      timeoutSeconds: 60,
      waits: false,
      undo: sending(closeLoan, ({ data: { memberId, loanId } }) => ({ memberId, loanId })),
    },
  ],
  // If the request was withdrawn in the meantime, the confirmation is rejected, which undoes both steps.
  completes: sending(confirmLoan, ({ data: { loanId } }, outcomes) => ({
    loanId,
    phone: outcomes.one(loanOpened).data.phone,
  })),
  abandons: sending(declineLoan, ({ data: { loanId } }, reason) => ({ loanId, reason: reasonCode(reason) })),
};
