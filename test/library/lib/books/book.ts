/** A book and its copies. Each loan reserves one copy and gives it back. */
import { command, type Decider, event, reject } from "eventfold";
import * as z from "zod";
import { bookId, loanId } from "../identifier.ts";

const copies = z.int().min(1).max(1000);

const commands = {
  AcquireCopies: z.object({ bookId, copies }),
  ReserveCopy: z.object({ bookId, loanId }),
  ReleaseCopy: z.object({ bookId, loanId }),
};

const events = {
  CopiesAcquired: z.object({ bookId, copies }),
  CopyReserved: z.object({ bookId, loanId }),
  CopyReleased: z.object({ bookId, loanId }),
};

const rejections = ["unknown-book", "no-copy-left"] as const;

type State = { readonly copies: number; readonly reservedBy: readonly string[] };

export const book: Decider<State, typeof commands, typeof events, typeof rejections> = {
  name: "book",
  identifiedBy: "bookId",
  commands,
  events,
  rejections,
  rejectionKinds: { "unknown-book": "not-found" },
  initialState: { copies: 0, reservedBy: [] },
  decide: {
    AcquireCopies: ({ data }) => [{ type: "CopiesAcquired", data }],
    ReserveCopy: ({ data }, { copies, reservedBy }) => {
      if (copies === 0) return reject("unknown-book", "the library has no such book");
      if (reservedBy.includes(data.loanId)) return [];
      if (reservedBy.length === copies) return reject("no-copy-left", "all copies are reserved or lent");
      return [{ type: "CopyReserved", data }];
    },
    ReleaseCopy: ({ data }, { reservedBy }) =>
      reservedBy.includes(data.loanId) ? [{ type: "CopyReleased", data }] : [],
  },
  evolve: {
    CopiesAcquired: (state, { data }) => ({ ...state, copies: state.copies + data.copies }),
    CopyReserved: (state, { data }) => ({ ...state, reservedBy: [...state.reservedBy, data.loanId] }),
    CopyReleased: (state, { data }) => ({
      ...state,
      reservedBy: state.reservedBy.filter((loan) => loan !== data.loanId),
    }),
  },
};

export const copyReserved = event(book, "CopyReserved");
export const copyReleased = event(book, "CopyReleased");
export const acquireCopies = command(book, "AcquireCopies");
export const reserveCopy = command(book, "ReserveCopy");
export const releaseCopy = command(book, "ReleaseCopy");
