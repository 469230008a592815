/**
 * A second application: a library that lends a book after a librarian, outside of the saga, has approved. The
 * approval is the pivot, and the shelf can be locked, so that commands are rejected before and after it.
 */
import * as z from "zod";
import type { Application } from "../../lib/model/application.ts";
import { type Decider, reject } from "../../lib/model/decider.ts";
import { command, event } from "../../lib/model/reference.ts";
import { fromOutside, type Saga, sending } from "../../lib/model/saga.ts";

const it = z.object({ loan: z.string().regex(/^[A-Za-z0-9_-]{1,64}$/) });

const person = { Apply: it, Approve: it, Refuse: it, Lose: it, Lock: it, Unlock: it };
const desk = { HoldBook: it, FreeBook: it, AskLibrarian: it, HandOver: it, Close: it, Decline: it };
const commands = { ...person, ...desk };

const asked = { Applied: it, Approved: it, Refused: it, Lost: it, Locked: it, Unlocked: it };
const done = { BookHeld: it, BookFreed: it, LibrarianAsked: it, HandedOver: it, Closed: it, Declined: it };
const events = { ...asked, ...done };

const rejections = ["locked"] as const;

type State = { readonly seen: readonly string[]; readonly locked: boolean };

type Typed = { readonly type: string };

const see = ({ seen, locked }: State, { type }: Typed): State => ({ seen: [...seen, type], locked });

const once = <Event extends Typed>({ seen }: State, event: Event) =>
  seen.includes(event.type) ? [] : [event];

const unlocked = <Event extends Typed>(state: State, event: Event) =>
  state.locked ? reject("locked", "the shelf is locked") : once(state, event);

export const loan: Decider<State, typeof commands, typeof events, typeof rejections> = {
  name: "loan",
  identifiedBy: "loan",
  commands,
  events,
  rejections,
  initialState: { seen: [], locked: false },
  decide: {
    Apply: ({ data }, state) => once(state, { type: "Applied", data }),
    HoldBook: ({ data }, state) => unlocked(state, { type: "BookHeld", data }),
    FreeBook: ({ data }, state) =>
      state.seen.includes("BookHeld") ? unlocked(state, { type: "BookFreed", data }) : [],
    AskLibrarian: ({ data }, state) => once(state, { type: "LibrarianAsked", data }),
    Approve: ({ data }, state) => once(state, { type: "Approved", data }),
    Refuse: ({ data }, state) => once(state, { type: "Refused", data }),
    Lose: ({ data }, state) => once(state, { type: "Lost", data }),
    HandOver: ({ data }, state) => unlocked(state, { type: "HandedOver", data }),
    Close: ({ data }, state) => once(state, { type: "Closed", data }),
    Decline: ({ data }, state) => once(state, { type: "Declined", data }),
    Lock: ({ data }) => [{ type: "Locked", data }],
    Unlock: ({ data }) => [{ type: "Unlocked", data }],
  },
  evolve: {
    Applied: see,
    BookHeld: see,
    BookFreed: see,
    LibrarianAsked: see,
    Approved: see,
    Refused: see,
    Lost: see,
    HandedOver: see,
    Closed: see,
    Declined: see,
    Locked: (state) => ({ ...state, locked: true }),
    Unlocked: (state) => ({ ...state, locked: false }),
  },
};

const applied = event(loan, "Applied");
const ofLoan = ({ data }: { readonly data: z.output<typeof it> }) => data;
const byLoan = ({ data }: { readonly data: z.output<typeof it> }) => data.loan;
const send = (type: keyof typeof commands) => sending(command(loan, type), ofLoan);

export const lending: Saga<typeof applied> = {
  name: "lending",
  startsOn: applied,
  identifiedBy: byLoan,
  steps: [
    {
      name: "hold",
      send: send("HoldBook"),
      succeeds: [event(loan, "BookHeld")],
      fails: [],
      timeoutSeconds: 60,
      undo: send("FreeBook"),
    },
    {
      name: "approval",
      send: send("AskLibrarian"),
      succeeds: [fromOutside(event(loan, "Approved"), byLoan)],
      fails: [fromOutside(event(loan, "Refused"), byLoan)],
      timeoutSeconds: 86400,
      pivot: true,
    },
    {
      name: "hand-over",
      send: send("HandOver"),
      succeeds: [event(loan, "HandedOver")],
      fails: [fromOutside(event(loan, "Lost"), byLoan)],
      timeoutSeconds: 60,
    },
  ],
  completes: send("Close"),
  abandons: send("Decline"),
};

/** What a person or the desk asks for, for the only loan there is. */
export const request = (type: keyof typeof commands) => command(loan, type)({ loan: "1" });

export const library: Application<object> = {
  name: "library",
  deciders: [loan],
  projections: [],
  effects: [],
  sagas: [lending],
  routes: [
    { method: "POST", path: "/loans/{loan}/approval", access: "operator", command: command(loan, "Approve") },
  ],
};
