/** A member and the open loans, whose number is limited. */
import { command, type Decider, event, reject } from "eventfold";
import * as z from "zod";
import { loanId, memberId } from "../identifier.ts";

const phone = z
  .string()
  .regex(/^\+[0-9]{6,15}$/, "must be a phone number such as +441632960001")
  .meta({ examples: ["+441632960001"] });

const commands = {
  RegisterMember: z.object({ memberId, phone }),
  OpenLoan: z.object({ memberId, loanId }),
  CloseLoan: z.object({ memberId, loanId }),
};

const events = {
  MemberRegistered: z.object({ memberId, phone }),
  LoanOpened: z.object({ memberId, loanId, phone }),
  LoanClosed: z.object({ memberId, loanId }),
};

const rejections = ["unknown-member", "already-registered", "limit-reached"] as const;

export const loansMax = 3;

type State = { readonly phone: string | undefined; readonly loans: readonly string[] };

export const member: Decider<State, typeof commands, typeof events, typeof rejections> = {
  name: "member",
  identifiedBy: "memberId",
  commands,
  events,
  rejections,
  rejectionKinds: { "unknown-member": "not-found" },
  initialState: { phone: undefined, loans: [] },
  begins: ["RegisterMember"],
  decide: {
    RegisterMember: ({ data }, { phone }) => {
      if (phone === undefined) return [{ type: "MemberRegistered", data }];
      return phone === data.phone ? [] : reject("already-registered", "this member has another phone number");
    },
    OpenLoan: ({ data }, { phone, loans }) => {
      if (phone === undefined) return reject("unknown-member", "there is no such member");
      if (loans.includes(data.loanId)) return [];
      if (loans.length === loansMax) return reject("limit-reached", `a member may have ${loansMax} loans`);
      return [{ type: "LoanOpened", data: { ...data, phone } }];
    },
    CloseLoan: ({ data }, { loans }) => (loans.includes(data.loanId) ? [{ type: "LoanClosed", data }] : []),
  },
  evolve: {
    MemberRegistered: (state, { data }) => ({ ...state, phone: data.phone }),
    LoanOpened: (state, { data }) => ({ ...state, loans: [...state.loans, data.loanId] }),
    LoanClosed: (state, { data }) => ({
      ...state,
      loans: state.loans.filter((loan) => loan !== data.loanId),
    }),
  },
};

export const loanOpened = event(member, "LoanOpened");
export const registerMember = command(member, "RegisterMember");
export const openLoan = command(member, "OpenLoan");
export const closeLoan = command(member, "CloseLoan");
