/**
 * A loan: requested, then lent or declined, then returned. A member is reminded once of a loan that takes too long.
 */
import { command, type Decider, event, fact, reject } from "eventfold";
import * as z from "zod";
import { bookId, loanId, memberId } from "../identifier.ts";

export const loanSeconds = 21 * 24 * 3600;

const reason = z.string().min(1).max(200);
const ofLoan = { loanId };
const lent = { loanId, bookId, memberId, phone: z.string() };

const commands = {
  RequestLoan: z.object({ loanId, bookId, memberId }),
  WithdrawRequest: z.object(ofLoan),
  ConfirmLoan: z.object({ loanId, phone: z.string() }),
  DeclineLoan: z.object({ loanId, reason }),
  SetDueDate: z.object(ofLoan),
  ReturnBook: z.object(ofLoan),
  RemindMember: z.object(ofLoan),
  CallOffReminder: z.object(ofLoan),
};

const events = {
  LoanRequested: z.object({ loanId, bookId, memberId }),
  RequestWithdrawn: z.object(ofLoan),
  LoanConfirmed: z.object(lent),
  LoanDeclined: z.object({ loanId, reason }),
  DueDateSet: z.object({ loanId, due: z.iso.datetime() }),
  BookReturned: z.object({ loanId, bookId, memberId }),
  MemberReminded: z.object(lent),
  ReminderCalledOff: z.object(ofLoan),
};

const rejections = ["unknown-loan", "already-requested", "already-lent", "not-lent", "withdrawn"] as const;

type Requested = { readonly bookId: string; readonly memberId: string };
type Lent = Requested & { readonly phone: string };

type State =
  | { readonly status: "new" | "withdrawn" | "declined"; readonly memberId?: string | undefined }
  | ({ readonly status: "requested" } & Requested)
  | ({ readonly status: "lent" | "returned" } & Lent & {
        readonly isDateSet: boolean;
        /** The reminder was sent, or is not needed. */
        readonly isReminderDone: boolean;
      });

const unknown = reject("unknown-loan", "there is no such loan");

export const loan: Decider<State, typeof commands, typeof events, typeof rejections> = {
  name: "loan",
  identifiedBy: "loanId",
  commands,
  events,
  rejections,
  rejectionKinds: { "unknown-loan": "not-found" },
  initialState: { status: "new" },
  begins: ["RequestLoan"],
  decide: {
    RequestLoan: ({ data }, { status }) =>
      status === "new"
        ? [{ type: "LoanRequested", data }]
        : reject("already-requested", "this loan was already requested"),
    // Either a withdrawal or the confirmation comes first and excludes the other.
    WithdrawRequest: ({ data }, { status }) => {
      if (status === "new") return unknown;
      if (status === "requested") return [{ type: "RequestWithdrawn", data }];
      return status === "withdrawn" || status === "declined"
        ? []
        : reject("already-lent", "the book is lent");
    },
    ConfirmLoan: ({ data }, state) => {
      if (state.status === "new") return unknown;
      if (state.status !== "requested")
        return "phone" in state ? [] : reject("withdrawn", "the request was withdrawn");
      const { bookId, memberId } = state;
      return [{ type: "LoanConfirmed", data: { ...data, bookId, memberId } }];
    },
    DeclineLoan: ({ data }, { status }) => (status === "requested" ? [{ type: "LoanDeclined", data }] : []),
    SetDueDate: ({ data }, state, { now }) => {
      if (state.status !== "lent" || state.isDateSet) return [];
      const due = new Date(now.getTime() + loanSeconds * 1000).toISOString();
      return [{ type: "DueDateSet", data: { ...data, due } }];
    },
    ReturnBook: ({ data: { loanId } }, state) => {
      if (state.status === "new") return unknown;
      if (!("phone" in state)) return reject("not-lent", `the loan is ${state.status}`);
      const { status, bookId, memberId } = state;
      return status === "lent" ? [{ type: "BookReturned", data: { loanId, bookId, memberId } }] : [];
    },
    RemindMember: ({ data: { loanId } }, state) => {
      if (state.status !== "lent" || state.isReminderDone) return [];
      const { bookId, memberId, phone } = state;
      return [{ type: "MemberReminded", data: { loanId, bookId, memberId, phone } }];
    },
    CallOffReminder: ({ data }, state) =>
      state.status === "returned" && !state.isReminderDone ? [{ type: "ReminderCalledOff", data }] : [],
  },
  evolve: {
    LoanRequested: (_, { data: { bookId, memberId } }) => ({ status: "requested", bookId, memberId }),
    RequestWithdrawn: ({ memberId }) => ({ status: "withdrawn", memberId }),
    LoanConfirmed: (_, { data: { loanId: __, ...data } }) => ({
      status: "lent",
      ...data,
      isDateSet: false,
      isReminderDone: false,
    }),
    LoanDeclined: ({ memberId }) => ({ status: "declined", memberId }),
    DueDateSet: (state) => ("phone" in state ? { ...state, isDateSet: true } : state),
    BookReturned: (state) => ("phone" in state ? { ...state, status: "returned" } : state),
    MemberReminded: (state) => ("phone" in state ? { ...state, isReminderDone: true } : state),
    ReminderCalledOff: (state) => ("phone" in state ? { ...state, isReminderDone: true } : state),
  },
};

/** The member who asked for the loan. */
export const borrowerOf = fact(loan, ({ memberId }) => memberId);

export const loanRequested = event(loan, "LoanRequested");
export const loanConfirmed = event(loan, "LoanConfirmed");
export const bookReturned = event(loan, "BookReturned");
export const memberReminded = event(loan, "MemberReminded");
export const requestLoan = command(loan, "RequestLoan");
export const withdrawRequest = command(loan, "WithdrawRequest");
export const confirmLoan = command(loan, "ConfirmLoan");
export const declineLoan = command(loan, "DeclineLoan");
export const setDueDate = command(loan, "SetDueDate");
export const returnBook = command(loan, "ReturnBook");
export const remindMember = command(loan, "RemindMember");
export const callOffReminder = command(loan, "CallOffReminder");
