/** Whose things a caller may see and change: each function of the guard, and the decision that asks it. */

import { describe, expect, test } from "vitest";
import { type Actor, fold } from "../../../lib/model/decider.ts";
import { currentEvents } from "../../../lib/model/events/current.ts";
import type { CommandRoute, HistoryRoute, ListRoute, QueryRoute } from "../../../lib/model/http/route.ts";
import { parsed } from "../../../lib/model/json/parsed-command.ts";
import type { Command, Message } from "../../../lib/model/message.ts";
import type { Commit } from "../../../lib/ports/event-store.ts";
import {
  foreignOwner,
  mayAudit,
  maySee,
  ownershipOf,
  ownRowsOf,
} from "../../../lib/runtime/http/ownership.ts";
import { endOf } from "../../../lib/runtime/streams/answer.ts";
import { decisionOn, type HandleOptions } from "../../../lib/runtime/streams/decision.ts";
import { eventsOf } from "../../../lib/runtime/streams/recorded.ts";
import { borrowerOf, loan, requestLoan, withdrawRequest } from "../../library/lib/loans/loan.ts";
import { loanStatus } from "../../library/lib/loans/loan-status.ts";

const exempt = ["librarian"];
const byField = { field: "memberId", exempt };
const byFact = { fact: borrowerOf, exempt };
const place = { access: "member", path: "/loans/{loanId}" } as const;

const showing: QueryRoute = { ...place, method: "GET", query: loanStatus, versionOf: loan, owner: byField };
const listing: ListRoute = {
  ...place,
  method: "GET",
  list: loanStatus,
  indexes: ["byMember"],
  owner: byField,
};
const auditing: HistoryRoute = { ...place, method: "GET", history: loan, owner: byFact };
const requesting: CommandRoute = { ...place, method: "POST", command: requestLoan, owner: byField };
const withdrawing: CommandRoute = { ...place, method: "POST", command: withdrawRequest, owner: byFact };

type Caller = { readonly caller: Actor | undefined; readonly isExempt: boolean };

const holding = (subject: string, ...scopes: readonly string[]): Caller => ({
  caller: { subject, scopes },
  isExempt: false,
});
const ada = holding("ada", "member");
const eve = holding("eve", "member");
const librarian = holding("grace", "librarian");
const both = holding("eve", "member", "librarian");
const noToken: Caller = { caller: undefined, isExempt: false };
const noSubject = holding("", "member");
const openApi: Caller = { caller: undefined, isExempt: true };
const signer: Caller = {
  caller: { subject: "arn:aws:sts::1:assumed-role/clerk", scopes: [] },
  isExempt: true,
};

/** What each caller may do with a thing that belongs to Ada, and with a thing without an owner. */
const callers: readonly (readonly [who: string, caller: Caller, adas: boolean, unowned: boolean])[] = [
  ["the owner", ada, true, false],
  ["another caller", eve, false, false],
  ["a caller with an exempt scope", librarian, true, true],
  ["a caller with both scopes", both, true, true],
  ["a caller without a token, who counts as an owner", noToken, false, false],
  ["a caller whose subject is empty", noSubject, false, false],
  ["a caller of an open API, who counts as exempt", openApi, true, true],
  ["a caller that signs, who counts as exempt", signer, true, true],
  ["a subject that differs in case", holding("Ada", "member"), false, false],
];

const row = { loanId: "1", bookId: "emma", status: "lent" };
const stateOf = (memberId: string | undefined) => ({ status: "withdrawn", memberId });

describe("things of Ada, and things without an owner, for", () => {
  test.each(callers)("%s", (_, caller, adas, unowned) => {
    const seen = (memberId?: string) =>
      maySee(showing, caller, { ...row, ...(memberId !== undefined && { memberId }) });
    expect([seen("ada"), seen()]).toEqual([adas, unowned]);
    const audited = (memberId?: string) => mayAudit(auditing, caller, () => stateOf(memberId));
    expect([audited("ada"), audited()]).toEqual([adas, unowned]);
    const owned = (memberId?: string) =>
      ownershipOf(withdrawing, loan, caller)?.owns(stateOf(memberId)) ?? true;
    expect([owned("ada"), owned()]).toEqual([adas, unowned]);
    const begun = (memberId?: string) => foreignOwner(requesting, caller, { memberId }) === undefined;
    expect([begun("ada"), begun()]).toEqual([adas, unowned]);
  });

  test("a caller whose subject is empty does not own things whose owner is empty", () => {
    expect(maySee(showing, noSubject, { ...row, memberId: "" })).toBe(false);
    expect(mayAudit(auditing, noSubject, () => stateOf(""))).toBe(false);
    expect(ownershipOf(withdrawing, loan, noSubject)?.owns(stateOf(""))).toBe(false);
    expect(foreignOwner(requesting, noSubject, { memberId: "" })).toMatchObject({ kind: "forbidden" });
  });

  test.each<[what: string, owner: unknown]>([
    ["a list with the subject", ["ada"]],
    ["a number", 7],
    ["null", null],
    ["an object", { id: "ada" }],
  ])("an owner that is %s belongs to no subject", (_, owner) => {
    for (const caller of [ada, noToken, holding("7", "member"), holding("null", "member")])
      expect(foreignOwner(requesting, caller, { memberId: owner })).toMatchObject({ kind: "forbidden" });
  });
});

describe("a route without an owner", () => {
  test.each(callers)("shows and changes everything for %s", (_, caller) => {
    const owner = "none";
    expect(maySee({ ...showing, owner }, caller, row)).toBe(true);
    expect(mayAudit({ ...auditing, owner }, caller, () => stateOf("ada"))).toBe(true);
    expect(ownRowsOf({ ...listing, owner }, caller)).toBeUndefined();
    expect(ownershipOf({ ...withdrawing, owner }, loan, caller)).toBeUndefined();
    expect(foreignOwner({ ...requesting, owner }, caller, { memberId: "ada" })).toBeUndefined();
  });

  test("does not fold the stream of a history", () => {
    const fold = () => {
      throw new Error("folded");
    };
    expect(mayAudit({ ...auditing, owner: "none" }, ada, fold)).toBe(true);
    expect(mayAudit(auditing, librarian, fold)).toBe(true);
  });
});

describe("a list shows", () => {
  test.each<[who: string, caller: Caller, rows: unknown]>([
    ["an owner the rows of their subject", ada, { field: "memberId", subject: "ada" }],
    ["a caller without a token no rows", noToken, { field: "memberId", subject: undefined }],
    ["an exempt caller all rows", librarian, undefined],
    ["a caller of an open API all rows", openApi, undefined],
  ])("%s", (_, caller, rows) => {
    expect(ownRowsOf(listing, caller)).toEqual(rows);
  });
});

describe("the owner in a command", () => {
  const nested: CommandRoute = { ...requesting, owner: { field: "borrower.id", exempt } };

  test("may be in an object", () => {
    expect(foreignOwner(nested, ada, { borrower: { id: "ada" } })).toBeUndefined();
  });

  test.each([
    { borrower: { id: "eve" } },
    { borrower: null },
    { borrower: "ada" },
    {},
    { "borrower.id": "ada" },
  ])("is not the caller in %o", (data) => {
    expect(foreignOwner(nested, ada, data)).toEqual({
      kind: "forbidden",
      detail: "borrower.id must be the subject of the caller's token",
    });
  });

  test("is not asked for by a route with only a fact", () => {
    expect(foreignOwner(withdrawing, eve, { loanId: "1" })).toBeUndefined();
  });
});

const now = new Date("2026-01-01T00:00:00Z");
const metadata = {
  id: "http/2",
  causationId: "c",
  correlationId: "c",
  issuedAt: now.toISOString(),
  receipt: false,
};

const requested: Message = { type: "LoanRequested", data: { loanId: "1", bookId: "emma", memberId: "ada" } };
const withdrawn: Message = { type: "RequestWithdrawn", data: { loanId: "1" } };

const endIn = (commits: readonly Commit[]) => endOf(eventsOf(currentEvents([loan])), commits);

const commitsOf = (...events: readonly Message[]): readonly Commit[] =>
  events.map((event, index) => ({
    streamId: "loan-1",
    version: index + 1,
    id: `http/earlier/${index}`,
    at: now.toISOString(),
    events: [event],
    metadata: { causationId: "c", correlationId: "c", issuedAt: now.toISOString() },
  }));

const withdraw = withdrawRequest({ loanId: "1" });
const request = requestLoan({ loanId: "1", bookId: "emma", memberId: "eve" });

/** The decision on a command of a route, after these events. */
const decided = (
  route: CommandRoute,
  caller: Caller,
  {
    command,
    events,
    ...options
  }: HandleOptions & { readonly command: Command; readonly events: readonly Message[] },
) => {
  const commits = commitsOf(...events);
  const state = fold(loan, events);
  const question = {
    decider: loan,
    command: { ...command, ...parsed(loan, command), metadata },
    options: { ...options, ownership: ownershipOf(route, loan, caller), actor: caller.caller },
    now,
  };
  return decisionOn(question, endIn(commits), () => state);
};

describe("a command on a stream", () => {
  const change = { command: withdraw, events: [requested] };

  test("of another owner is unowned, as for an empty stream", () => {
    expect(decided(withdrawing, eve, change)).toMatchObject({ kind: "unowned" });
    expect(decided(withdrawing, eve, { ...change, events: [] })).toMatchObject({ kind: "unowned" });
    expect(decided(withdrawing, ada, { ...change, events: [] })).toMatchObject({ kind: "unowned" });
  });

  test("of another owner is unowned before a precondition and before a rejection", () => {
    for (const ifMatch of [[7], "any"] as const)
      expect(decided(withdrawing, eve, { ...change, ifMatch })).toMatchObject({ kind: "unowned" });
    expect(decided(withdrawing, eve, { ...change, ifNoneMatch: "any" })).toMatchObject({ kind: "unowned" });
    expect(decided(withdrawing, noToken, { ...change, events: [] })).toMatchObject({ kind: "unowned" });
  });

  test("of the owner is decided in every status", () => {
    expect(decided(withdrawing, ada, change)).toEqual([withdrawn]);
    expect(decided(withdrawing, ada, { ...change, events: [requested, withdrawn] })).toMatchObject({
      kind: "accepted",
    });
    expect(decided(withdrawing, ada, { ...change, ifMatch: [7] })).toMatchObject({ kind: "stale" });
  });

  test("is decided for an exempt caller, with the rejection of the decider for an empty stream", () => {
    expect(decided(withdrawing, librarian, change)).toEqual([withdrawn]);
    expect(decided(withdrawing, librarian, { ...change, events: [] })).toMatchObject({
      kind: "rejected",
      code: "unknown-loan",
    });
  });
});

describe("a command that begins a stream", () => {
  const begin = { command: request, events: [] };
  const used = { command: request, events: [requested] };
  const withFact: CommandRoute = { ...requesting, owner: { field: "memberId", fact: borrowerOf, exempt } };

  test("begins the stream if the id is free", () => {
    expect(decided(requesting, eve, begin)).toEqual([{ type: "LoanRequested", data: request.data }]);
    expect(decided(withFact, eve, begin)).toEqual([{ type: "LoanRequested", data: request.data }]);
  });

  test.each([
    ["with a field", requesting, ada],
    ["with a field", requesting, eve],
    ["with a field and a fact", withFact, eve],
    ["with a field and a fact", withFact, ada],
    ["with a field", requesting, librarian],
  ])("%s gets the same rejection for each caller if the id is in use", (_, route, caller) => {
    expect(decided(route, caller, used)).toMatchObject({
      kind: "rejected",
      code: "already-requested",
      because: "this loan was already requested",
    });
  });

  test("is rejected before a precondition if the caller does not own the stream", () => {
    for (const route of [requesting, withFact])
      expect(decided(route, eve, { ...used, ifMatch: [7] })).toMatchObject({ kind: "rejected" });
    expect(decided(withFact, ada, { ...used, ifMatch: [7] })).toMatchObject({ kind: "stale" });
  });

  test("stores nothing in a stream of another owner, even if the decider would accept it", () => {
    const accepting: CommandRoute = { ...requesting, command: { ...requestLoan, type: "WithdrawRequest" } };
    const decider = { ...loan, begins: ["WithdrawRequest"] as const };
    const options = { ownership: ownershipOf(accepting, decider, eve) };
    const command = { ...withdraw, ...parsed(loan, withdraw), metadata };
    expect(
      decisionOn({ decider, command, options, now }, endIn(commitsOf(requested)), () => ({
        status: "requested",
        memberId: "ada",
        bookId: "emma",
      })),
    ).toMatchObject({ kind: "taken", version: 1 });
  });

  test("is refused by the same 409 if the decider rejects it as forbidden or not found", () => {
    for (const kind of ["forbidden", "not-found"] as const) {
      const decider = { ...loan, rejectionKinds: { "already-requested": kind } };
      const options = { ownership: ownershipOf(requesting, decider, eve) };
      const command = { ...request, ...parsed(loan, request), metadata };
      const question = { decider, command, options, now };
      expect(decisionOn(question, endIn(commitsOf(requested)), () => fold(loan, [requested]))).toMatchObject({
        kind: "taken",
      });
    }
  });
});
