/** The changes of the experiments, as edits of the library's source: each without its declaration, and the declaration. */
import type { Edit } from "./changed-library.ts";

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
  [
    file,
    'from "eventfold";',
    'from "eventfold";\nimport { drop, lift, old, part, split, today } from "eventfold";',
  ],
  [file, "const rejections =", `const past = [${links}];\n\nconst rejections =`],
  [file, "  events,\n  rejections,", "  events,\n  past,\n  rejections,"],
];

type Experiment = {
  readonly change: readonly Edit[];
  /** With it, the version continues with the stored data. */
  readonly declaration: readonly Edit[];
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
  declaration: past(
    bookFile,
    `lift(
      old("CopiesAcquired", 1, z.object({ bookId, copies }), { bookId: "emma", copies: 2 }),
      today(events, "CopiesAcquired"),
      ({ copies: count, ...same }) => ({ ...same, count }),
    )`,
  ),
};

const liftOfConfirmed = `lift(
      old("LoanConfirmed", 1, z.object(lent), { loanId: "1", bookId: "emma", memberId: "ada", phone: "+441632960001" }),
      today(events, "LoanConfirmed"),
      (data) => ({ ...data, branch: "unknown" }),
    )`;

export const fieldAdded: Experiment = {
  change: [
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
  ],
  declaration: past(loanFile, liftOfConfirmed),
};

export const typeRenamed: Experiment = {
  change: [loanFile, "loans/loan-status.ts", "loans/loans-per-day.ts"].map((file) => [
    file,
    "BookReturned",
    "LoanEnded",
  ]),
  declaration: past(
    loanFile,
    `lift(
      old("BookReturned", 1, z.object({ loanId, bookId, memberId }), { loanId: "1", bookId: "emma", memberId: "ada" }),
      today(events, "LoanEnded"),
      (data) => data,
    )`,
  ),
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
  declaration: past(
    loanFile,
    `drop(
      old("DueDateSet", 1, z.object({ loanId, due: z.iso.datetime() }), { loanId: "1", due: "2026-01-31T12:00:00.000Z" }),
      "a loan has no fixed end any more",
    )`,
  ),
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
  declaration: past(
    memberFile,
    `split(
      old("MemberRegistered", 1, z.object({ memberId, phone }), { memberId: "ada", phone: "+441632960001" }),
      [today(events, "MemberJoined"), today(events, "PhoneGiven")],
      ({ memberId, phone }) => [
        part(today(events, "MemberJoined"), { memberId }),
        part(today(events, "PhoneGiven"), { memberId, phone }),
      ],
    )`,
  ),
};

/** Gives a part another name. Its declaration lists the first one. */
const renamed = (file: string, from: string, to: string): Experiment => ({
  change: [[file, `name: "${from}"`, `name: "${to}"`]],
  declaration: [[file, `name: "${to}"`, `name: "${to}", formerly: ["${from}"]`]],
});

export const deciderRenamed = renamed(bookFile, "book", "title");
export const stepRenamed = renamed("loans/loan-period.ts", "wait-for-return", "await-return");
export const sagaRenamed = renamed("loans/loan-period.ts", "loan-period", "return-watch");

export const sagaRemoved: readonly Edit[] = [
  ["application.ts", "sagas: [lending, loanPeriod, takeBack]", "sagas: [lending, takeBack]"],
];

/** A row has no declaration: it follows from the events. */
export const rowChanged: readonly Edit[] = [
  ["loans/loan-status.ts", "remindedAt: z.string().optional()", "isReminded: z.boolean()"],
  [
    "loans/loan-status.ts",
    '{ ...data, status: "requested" }',
    '{ ...data, status: "requested", isReminded: false }',
  ],
  ["loans/loan-status.ts", "remindedAt: metadata.recordedAt", "isReminded: metadata.version > 0"],
];

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
