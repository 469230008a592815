/**
 * Waits 21 days for the return of the book. If it is not returned by then, the step times out and the saga
 * compensates: there is nothing to undo, and `abandons` reminds the member.
 */
import { fromOutside, type Saga, sending } from "eventfold";
import {
  bookReturned,
  callOffReminder,
  loanConfirmed,
  loanSeconds,
  remindMember,
  setDueDate,
} from "./loan.ts";

export const loanPeriod: Saga<typeof loanConfirmed> = {
  name: "loan-period",
  startsOn: loanConfirmed,
  identifiedBy: ({ data }) => data.loanId,
  steps: [
    {
      name: "wait-for-return",
      send: sending(setDueDate, ({ data: { loanId } }) => ({ loanId })),
      succeeds: [fromOutside(bookReturned, ({ data }) => data.loanId)],
      fails: [],
      timeoutSeconds: loanSeconds,
    },
  ],
  completes: sending(callOffReminder, ({ data: { loanId } }) => ({ loanId })),
  abandons: sending(remindMember, ({ data: { loanId } }) => ({ loanId })),
};
