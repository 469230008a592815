/**
 * The changes of the experiments: edits of the library's source without the declaration, and the changed library as the
 * guide shows it, with the declaration.
 */
import type { Change, Edit } from "./changed-library.ts";

/** Routes that show the events of a stream. */
const histories = ["book", "loan", "member"]
  .map(
    (name) =>
      `{ method: "GET", path: "/${name}s/{${name}Id}/events", access: "librarian", owner: "none", history: ${name} },`,
  )
  .join("\n");

export const withHistories: Edit = ["application.ts", "  routes: [", `  routes: [${histories}`];

/** Adds links to the past of a decider. */
const past = (file: string, links: string): readonly Edit[] => [
  [file, 'from "eventfold";', 'from "eventfold";\nimport { lift, old, today } from "eventfold";'],
  [file, "const rejections =", `const past = [${links}];\n\nconst rejections =`],
  [file, "  events,\n  rejections,", "  events,\n  past,\n  rejections,"],
];

type Experiment = {
  readonly change: readonly Edit[];
  /** The change with its declaration, so that it continues with the stored data. */
  readonly declared: readonly Change[];
};

const bookFile = "books/book.ts";
const loanFile = "loans/loan.ts";
const memberFile = "members/member.ts";

export const fieldRenamed: Experiment = {
  change: [
    [
      bookFile,
      "CopiesAcquired: z.object({ bookId, copies })",
      "CopiesAcquired: z.object({ bookId, count: copies })",
    ],
    [
      bookFile,
      'type: "CopiesAcquired", data }',
      'type: "CopiesAcquired", data: { bookId: data.bookId, count: data.copies } }',
    ],
    [bookFile, "state.copies + data.copies", "state.copies + data.count"],
    ["books/book-copies.ts", "data: { bookId, copies } }", "data: { bookId, count: copies } }"],
  ],
  declared: ["field-renamed"],
};

const liftOfConfirmed = `lift(
      old("LoanConfirmed", 1, z.object(lent), { loanId: "1", bookId: "emma", memberId: "ada", phone: "+441632960001" }),
      today(events, "LoanConfirmed"),
      (data) => ({ ...data, branch: "unknown" }),
    )`;

const withBranch: readonly Edit[] = [
  [loanFile, "LoanConfirmed: z.object(lent)", "LoanConfirmed: z.object({ ...lent, branch: z.string() })"],
  [
    loanFile,
    '"LoanConfirmed", data: { ...data, bookId, memberId } }',
    '"LoanConfirmed", data: { ...data, bookId, memberId, branch: "north" } }',
  ],
  [
    "loans/loan-period.ts",
    "completes: sending(callOffReminder, ({ data: { loanId } }) => ({ loanId }))",
    "completes: sending(callOffReminder, ({ data: { loanId, branch } }) => ({ loanId: branch.length > 0 ? loanId : branch }))",
  ],
];

export const fieldAdded: Experiment = {
  change: withBranch,
  declared: [...withBranch, ...past(loanFile, liftOfConfirmed)],
};

export const typeRenamed: Experiment = {
  change: [loanFile, "loans/loan-status.ts", "loans/loans-per-day.ts"].map((file) => [
    file,
    "BookReturned",
    "LoanEnded",
  ]),
  declared: ["type-renamed"],
};

export const typeDropped: Experiment = {
  change: [
    [loanFile, "  DueDateSet: z.object({ loanId, due: z.iso.datetime() }),\n", ""],
    [loanFile, 'return [{ type: "DueDateSet", data: { ...data, due } }];', "return [];"],
    [
      loanFile,
      '    DueDateSet: (state) => ("phone" in state ? { ...state, isDateSet: true } : state),\n',
      "",
    ],
    [
      "loans/loan-status.ts",
      '    DueDateSet: { key: "loanId", evolve: (before, { data: { due } }) => before && { ...before, due } },\n',
      "",
    ],
  ],
  declared: ["type-dropped"],
};

export const eventSplit: Experiment = {
  change: [
    [
      memberFile,
      "MemberRegistered: z.object({ memberId, phone }),",
      "MemberJoined: z.object({ memberId }),\n  PhoneGiven: z.object({ memberId, phone }),",
    ],
    [
      memberFile,
      '[{ type: "MemberRegistered", data }]',
      '[{ type: "MemberJoined", data: { memberId: data.memberId } }, { type: "PhoneGiven", data }]',
    ],
    [
      memberFile,
      "MemberRegistered: (state, { data }) =>",
      "MemberJoined: (state) => state,\n    PhoneGiven: (state, { data }) =>",
    ],
  ],
  declared: ["event-split"],
};

/** A part gets another name. With the declaration, it lists the first one. */
const renamed = (file: string, [from, to]: readonly [string, string], guide: string): Experiment => ({
  change: [[file, `name: "${from}"`, `name: "${to}"`]],
  declared: [guide],
});

const periodFile = "loans/loan-period.ts";

export const deciderRenamed = renamed(bookFile, ["book", "title"], "decider-renamed");
export const stepRenamed = renamed(periodFile, ["wait-for-return", "await-return"], "step-renamed");
export const sagaRenamed = renamed(periodFile, ["loan-period", "return-watch"], "saga-renamed");

/** The effect listens to an event that a command from outside records. */
export const effectOnReturn: readonly Edit[] = [
  ["loans/send-reminder.ts", "memberReminded", "bookReturned"],
  ["loans/send-reminder.ts", "{ bookId, phone }", "{ bookId, memberId: phone }"],
];

/** LoanConfirmed, which a saga records, and BookReturned, which a command from outside records, have a second version. */
export const newEvents: readonly Edit[] = [
  ...fieldAdded.change,
  [
    loanFile,
    "BookReturned: z.object({ loanId, bookId, memberId })",
    "BookReturned: z.object({ loanId, bookId, memberId, isLate: z.boolean() })",
  ],
  [loanFile, "data: { loanId, bookId, memberId } }]", "data: { loanId, bookId, memberId, isLate: false } }]"],
  ...past(
    loanFile,
    `${liftOfConfirmed},
    lift(
      old("BookReturned", 1, z.object({ loanId, bookId, memberId }), { loanId: "1", bookId: "emma", memberId: "ada" }),
      today(events, "BookReturned"),
      (data) => ({ ...data, isLate: false }),
    )`,
  ),
];
