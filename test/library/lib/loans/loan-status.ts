/** The read model of a loan, for members. */
import type { Projection } from "eventfold";
import * as z from "zod";
import { loan } from "./loan.ts";

const status = z.enum(["requested", "withdrawn", "lent", "declined", "returned"]);

const row = z.object({
  loanId: z.string(),
  bookId: z.string(),
  memberId: z.string(),
  status,
  reason: z.string().optional(),
  due: z.string().optional(),
  remindedAt: z.string().optional(),
});

type Row = z.output<typeof row>;

const becomes = (status: Row["status"]) => ({
  key: "loanId" as const,
  evolve: (before: Row | undefined) => before && { ...before, status },
});

export const loanStatus: Projection<typeof row, typeof loan> = {
  name: "loan-status",
  row,
  sources: [loan],
  on: {
    LoanRequested: { key: "loanId", evolve: (_, { data }) => ({ ...data, status: "requested" }) },
    RequestWithdrawn: becomes("withdrawn"),
    LoanConfirmed: becomes("lent"),
    LoanDeclined: {
      key: "loanId",
      evolve: (before, { data: { reason } }) => before && { ...before, status: "declined", reason },
    },
    DueDateSet: { key: "loanId", evolve: (before, { data: { due } }) => before && { ...before, due } },
    MemberReminded: {
      key: "loanId",
      evolve: (before, { metadata }) => before && { ...before, remindedAt: metadata.recordedAt },
    },
    BookReturned: becomes("returned"),
  },
  indexes: { byMember: { by: "memberId" } },
};
