/** Earlier names that cannot be: each is reported with its place and what to do. */
import { expect, test } from "vitest";
import * as z from "zod";
import type { AnyApplication } from "../../../lib/model/application.ts";
import { command } from "../../../lib/model/reference.ts";
import { unfitIds } from "../../../lib/model/validation/unfit-ids.ts";
import { validate } from "../../../lib/model/validation/validate.ts";
import { application as library } from "../../library/lib/application.ts";
import { book } from "../../library/lib/books/book.ts";
import { borrowerOf, loan } from "../../library/lib/loans/loan.ts";
import { renamed } from "./renamed.ts";

/** Without routes, which name the projections as they were before. */
const application: AnyApplication<never> = { ...library, routes: [] };

test("an application in which every part was renamed is valid", () => {
  expect(validate(renamed(library))).toEqual([]);
  expect(validate(renamed(renamed(library)))).toEqual([]);
});

test("the history of a renamed decider may have an owner", () => {
  const route = {
    method: "GET",
    path: "/loans/{loanId}/events",
    access: "member",
    owner: { fact: borrowerOf, exempt: ["librarian"] },
    history: loan,
  } as const;
  expect(validate(renamed({ ...library, routes: [...library.routes, route] }))).toEqual([]);
});

test("the ids of a renamed decider are checked", () => {
  const schema = z.object({ bookId: z.string(), copies: z.int() });
  const shelf = {
    ...book,
    name: "shelf",
    formerly: ["book"],
    commands: { ...book.commands, AcquireCopies: schema },
  };
  const route = {
    method: "POST",
    path: "/books",
    access: "librarian",
    owner: "none",
    command: command(shelf, "AcquireCopies"),
  } as const;
  const problems = unfitIds({ deciders: [shelf], routes: [route] });
  expect(problems).toContainEqual(
    expect.stringContaining(
      "decider shelf, command AcquireCopies, bookId: expected a schema that accepts only ids",
    ),
  );
  const inPath = unfitIds({ deciders: [shelf], routes: [{ ...route, path: "/books/{bookId}" }] });
  expect(inPath).toEqual(problems);
});

type Kind = "deciders" | "projections" | "effects" | "sagas" | "translators";

/** The application whose first part of this kind says these earlier names. */
const saying = (kind: Kind, formerly: readonly string[]): AnyApplication<never> => ({
  ...application,
  [kind]: application[kind]?.map((part, index) => (index === 0 ? { ...part, formerly } : part)),
});

const ofSteps = (lists: readonly (readonly string[] | undefined)[]): AnyApplication<never> => ({
  ...application,
  sagas: application.sagas.map((saga) =>
    saga.name === "lending"
      ? { ...saga, steps: saga.steps.map((step, index) => ({ ...step, formerly: lists[index] })) }
      : saga,
  ),
});

const choose = "choose another name for one, or correct its formerly";

const lists: readonly (readonly [what: string, application: AnyApplication<never>, problem: string])[] = [
  [
    "an empty list",
    saying("effects", []),
    "effect send-reminder, formerly: expected at least one earlier name, got an empty list; add the name, or remove formerly",
  ],
  [
    "an empty name",
    saying("projections", [""]),
    'projection book-copies, formerly: expected 1 to 64 characters: letters, digits, _ and dashes, a letter first; got ""',
  ],
  [
    "a name that breaks the rules of its kind",
    saying("translators", ["Deliveries"]),
    'translator publisher-deliveries, formerly: expected 1 to 64 characters: a-z, 0-9 and dashes, a letter first; got "Deliveries"',
  ],
  [
    "a reserved name",
    ofSteps([["undo-it"]]),
    "saga lending, step reserve-copy, formerly: expected a name that is not reserved, got undo-it: a task that is not a step has this name; choose another name",
  ],
  [
    "a repeated name",
    saying("sagas", ["loans", "lend", "loans"]),
    "saga lending, formerly: expected each earlier name once, got loans twice; remove the later one",
  ],
  [
    "the present name as the stored name",
    saying("sagas", ["lending", "loans"]),
    "saga lending, formerly: expected earlier names, got lending, the present name; remove formerly, because this is the stored name",
  ],
  [
    "the present name among the later names",
    saying("sagas", ["loans", "lending"]),
    "saga lending, formerly: expected earlier names, got lending, the present name; remove lending from the list",
  ],
  [
    "the name of another projection",
    saying("projections", ["loan-status"]),
    `projections: expected names that no other one has or had, got loan-status for projection book-copies and projection loan-status; ${choose}`,
  ],
  [
    "the name of a saga as an earlier name of an effect",
    saying("effects", ["take-back"]),
    `effects, sagas and translators: expected names that no other one has or had, got take-back for effect send-reminder and saga take-back; ${choose}`,
  ],
  [
    "the name of another step",
    ofSteps([["check-limit"]]),
    `saga lending, steps: expected names that no other one has or had, got check-limit for saga lending, step reserve-copy and saga lending, step check-limit; ${choose}`,
  ],
  [
    "one stored name for two steps",
    ofSteps([["first"], ["first"]]),
    `saga lending, steps: expected names that no other one has or had, got first for saga lending, step reserve-copy and saga lending, step check-limit; ${choose}`,
  ],
  [
    "a name between that another part has",
    saying("projections", ["copies", "loan-status"]),
    `projections: expected names that no other one has or had, got loan-status for projection book-copies and projection loan-status; ${choose}`,
  ],
  [
    "a stored name that gives the environment variable of another one",
    saying("projections", ["loan_status"]),
    "projection loan_status and projection loan-status: expected different names, got the same environment variable READ_MODEL_LOAN_STATUS; rename one",
  ],
];

test.each(lists)("%s is refused", (_, invalid, problem) => {
  expect(validate(invalid)).toEqual([problem]);
});

test("the name of another decider is refused", () => {
  expect(validate(saying("deciders", ["loan"]))).toContain(
    `deciders: expected names that no other one has or had, got loan for decider book and decider loan; ${choose}`,
  );
});

test("a reference that was made without the earlier names is refused, because it leads to other streams", () => {
  const problem =
    "saga lending, step reserve-copy: expected event CopyReserved of decider book, got a reference to the streams of book, not of novel; make it from the decider in deciders, with its formerly";
  expect(validate(saying("deciders", ["novel"]))).toContain(problem);
});
