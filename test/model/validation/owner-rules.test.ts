/** The rules for access and owners, each broken once in the library, and each valid form. */
import { describe, expect, test } from "vitest";
import * as z from "zod";
import { type Fact, fact } from "../../../lib/model/http/fact.ts";
import type {
  CommandRoute,
  HistoryRoute,
  ListRoute,
  QueryRoute,
  Route,
} from "../../../lib/model/http/route.ts";
import { command } from "../../../lib/model/reference.ts";
import { validate } from "../../../lib/model/validation/validate.ts";
import { application as library } from "../../library/lib/application.ts";
import { book } from "../../library/lib/books/book.ts";
import { borrowerOf, loan, requestLoan, withdrawRequest } from "../../library/lib/loans/loan.ts";
import { loanStatus } from "../../library/lib/loans/loan-status.ts";

const member = { access: "member" } as const;
const exempt = ["librarian"];

const requesting: CommandRoute = {
  ...member,
  method: "POST",
  path: "/loans",
  command: requestLoan,
  owner: { field: "memberId", exempt },
};
const withdrawing: CommandRoute = {
  ...member,
  method: "POST",
  path: "/loans/{loanId}/withdrawal",
  command: withdrawRequest,
  owner: { fact: borrowerOf, exempt },
};
const showing: QueryRoute = {
  ...member,
  method: "GET",
  path: "/loans/{loanId}",
  query: loanStatus,
  versionOf: loan,
  owner: { field: "memberId", exempt },
};
const listing: ListRoute = {
  ...member,
  method: "GET",
  path: "/loans",
  list: loanStatus,
  indexes: ["byMember"],
  owner: { field: "memberId", exempt },
};
const auditing: HistoryRoute = {
  ...member,
  method: "GET",
  path: "/loans/{loanId}/events",
  history: loan,
  owner: { fact: borrowerOf, exempt },
};
const sagas = { method: "GET", path: "/sagas", owner: "none", sagas: "list" } as const;

/** The problems of the library with these routes only. */
const problemsWith = (...routes: readonly Route[]) => validate({ ...library, routes });

const factOfBook: Fact = fact(book, () => "ada");

/** The loan with a request for another person: the borrower is inside an object, and the days are a number. */
const requestFor = z.object({
  loanId: loan.commands.RequestLoan.shape.loanId,
  borrower: z.object({ id: z.string() }),
  days: z.int(),
});
const lender = {
  ...loan,
  commands: { ...loan.commands, RequestFor: requestFor },
  begins: ["RequestLoan", "RequestFor"] as const,
  decide: { ...loan.decide, RequestFor: () => [] },
};
const requestingFor = (field: string): CommandRoute => ({
  ...requesting,
  command: command(lender, "RequestFor"),
  owner: { field, exempt },
});
const problemsWithLender = (field: string) =>
  validate({
    ...library,
    deciders: [lender],
    projections: [],
    effects: [],
    sagas: [],
    translators: [],
    routes: [requestingFor(field)],
  });

describe("a route is valid", () => {
  test.each<[form: string, route: Route]>([
    ["with a field of the command that begins a stream", requesting],
    [
      "with a field of this command and a fact of the stream",
      { ...requesting, owner: { field: "memberId", fact: borrowerOf, exempt } },
    ],
    ["with a fact of the stream of the command", withdrawing],
    ["with a field of the row", showing],
    ["with a field of the rows and an index by it", listing],
    ["with a fact of the stream of the history", auditing],
    ["without exempt callers", { ...showing, owner: { field: "memberId", exempt: [] } }],
    ["without an owner, even if it is public", { ...showing, access: "public", owner: "none" }],
    ["for sagas, with an access name that owns nothing", { ...sagas, access: "librarian" }],
    ["for a history without an owner, with such a name", { ...auditing, access: "librarian", owner: "none" }],
  ])("%s", (_, route) => {
    expect(problemsWith(route)).toEqual([]);
  });

  test("with a field inside an object of the command", () => {
    expect(problemsWithLender("borrower.id")).toEqual([]);
  });

  test("for all sagas, if its callers own nothing on the other routes", () => {
    expect(problemsWith(requesting, showing, { ...sagas, access: "librarian" })).toEqual([]);
  });
});

const aField = "name the field with the owner's id";
const loans = "GET /loans/{loanId}, owner: expected field to be a string in the row of loan-status, got";

const wrong: readonly (readonly [what: string, route: Route, problem: string])[] = [
  [
    "an access name that the application does not declare",
    { ...showing, access: "guest" },
    "GET /loans/{loanId}, access: expected a name in access of the application (public, member, librarian), got guest; add it to access, or use another name",
  ],
  [
    "an exempt name that the application does not declare",
    { ...showing, owner: { field: "memberId", exempt: ["clerk"] } },
    "GET /loans/{loanId}, owner, exempt: expected a name in access of the application (public, member, librarian), got clerk; add it to access, or use another name",
  ],
  [
    "an owner although it is public",
    { ...showing, access: "public" },
    'GET /loans/{loanId}, owner: expected callers with a token, because the token names the owner, got public in access; use another access name, or owner: "none"',
  ],
  [
    "an owner from whom the public is exempt",
    { ...showing, owner: { field: "memberId", exempt: ["public"] } },
    'GET /loans/{loanId}, owner: expected callers with a token, because the token names the owner, got public in exempt; use another access name, or owner: "none"',
  ],
  [
    "an owner from whom all its callers are exempt",
    { ...showing, owner: { field: "memberId", exempt: ["librarian", "member"] } },
    'GET /loans/{loanId}, owner: expected exempt to leave out member, which is the access of the route, got librarian, member; remove member, or use owner: "none"',
  ],
  [
    "a field that the row does not have",
    { ...showing, owner: { field: "member", exempt } },
    `${loans} member, which it does not have; ${aField}`,
  ],
  [
    "a field of every object",
    { ...showing, owner: { field: "constructor", exempt } },
    `${loans} constructor, which it does not have; ${aField}`,
  ],
  [
    "a field that the command does not have",
    { ...requesting, owner: { field: "borrower.id", exempt } },
    `POST /loans, owner: expected field to be a string in RequestLoan, got borrower.id, which it does not have; ${aField}`,
  ],
  [
    "a fact of another decider for a command",
    { ...withdrawing, owner: { fact: factOfBook, exempt } },
    "POST /loans/{loanId}/withdrawal, owner: expected a fact of decider loan, got a fact of book; make it with fact(loan, …)",
  ],
  [
    "a fact of another decider for a history",
    { ...auditing, owner: { fact: factOfBook, exempt } },
    "GET /loans/{loanId}/events, owner: expected a fact of decider loan, got a fact of book; make it with fact(loan, …)",
  ],
  [
    "only a fact for a command that begins a stream",
    { ...requesting, owner: { fact: borrowerOf, exempt } },
    "POST /loans, owner: expected a field of RequestLoan, which begins a stream of loan, got only a fact; add the field that must equal the caller's subject",
  ],
  [
    "a field of another command",
    { ...withdrawing, owner: { field: "loanId", exempt } },
    "POST /loans/{loanId}/withdrawal, owner: expected a fact of decider loan, got a field of WithdrawRequest, which any caller can fill in; use a fact, or add WithdrawRequest to begins of loan",
  ],
  [
    "a list without an index by owner",
    { ...listing, owner: { field: "bookId", exempt } },
    'GET /loans, owner: expected an index by bookId in indexes, got byMember; add an index of projection loan-status with by: "bookId"',
  ],
  [
    "sagas for everyone",
    { ...sagas, access: "public" },
    "GET /sagas: expected access to be a name that owns nothing on other routes, because this route shows the things of all owners, got public; use a name that is exempt there",
  ],
  [
    "a history without an owner for everyone",
    { ...auditing, access: "public", owner: "none" },
    "GET /loans/{loanId}/events: expected access to be a name that owns nothing on other routes, because this route shows the things of all owners, got public; use a name that is exempt there, or give this route an owner",
  ],
];

describe("a route is refused that has", () => {
  test.each(wrong)("%s", (_, route, problem) => {
    expect(problemsWith(route)).toEqual([problem]);
  });

  test.each([
    ["a field that is not a string", "days", "which is not a string"],
    ["an object as the field", "borrower", "which is not a string"],
    ["a field that an object inside it does not have", "borrower.name", "which it does not have"],
    ["a field inside a string", "loanId.length", "which it does not have"],
  ])("%s", (_, field, why) => {
    expect(problemsWithLender(field)).toEqual([
      `POST /loans, owner: expected field to be a string in RequestFor, got ${field}, ${why}; ${aField}`,
    ]);
  });

  test.each<[what: string, route: Route]>([
    ["sagas for a name that owns things on another route", { ...sagas, ...member }],
    ["a history of all owners for such a name", { ...auditing, ...member, owner: "none" }],
  ])("%s", (_, route) => {
    expect(problemsWith(showing, route)).toEqual([
      expect.stringContaining("expected access to be a name that owns nothing on other routes"),
    ]);
    expect(problemsWith({ ...showing, owner: "none" }, route)).toEqual([]);
  });

  test("a field inside an object of the row", () => {
    const row = loanStatus.row.extend({ borrower: z.object({ id: z.string() }) });
    const query = { ...loanStatus, row };
    const projections = library.projections.map((each) => (each === loanStatus ? query : each));
    const routes = [{ ...showing, query, owner: { field: "borrower.id", exempt } }];
    expect(validate({ ...library, projections, routes })).toEqual([
      `${loans} borrower.id, which it does not have; ${aField}`,
    ]);
  });

  test("a list that does not use the index by owner", () => {
    const list = { ...loanStatus, indexes: { ...loanStatus.indexes, byBook: { by: "bookId" } } } as const;
    const routes: readonly Route[] = [{ ...listing, list, indexes: ["byBook"] }];
    const projections = library.projections.map((each) => (each === loanStatus ? list : each));
    expect(validate({ ...library, projections, routes })).toEqual([
      'GET /loans, owner: expected an index by memberId in indexes, got byBook; add an index of projection loan-status with by: "memberId"',
    ]);
  });
});
