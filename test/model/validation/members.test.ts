/** Applications that were not type-checked, so that members are missing, misspelt or of another kind. */
import { expect, test } from "vitest";
import type { AnyApplication } from "../../../lib/model/application.ts";
import { validate } from "../../../lib/model/validation/validate.ts";
import { application as library } from "../../library/lib/application.ts";
import { borrowerOf, loan } from "../../library/lib/loans/loan.ts";

type Change = Readonly<Record<string, unknown>>;

/** A copy with other members. `undefined` removes a member. */
const changed = <Part extends object>(part: Part | undefined, change: Change): Part => {
  if (!part) throw new Error("expected a part to change");
  const copy = { ...part };
  for (const [name, value] of Object.entries(change))
    if (value === undefined) Reflect.deleteProperty(copy, name);
    else Reflect.set(copy, name, value);
  return copy;
};

const without = (name: string): Change => ({ [name]: undefined });

const [first, ...others] = library.sagas;
const routeWith = (kind: string) => library.routes.find((route) => kind in route);

const history = {
  method: "GET",
  path: "/loans/{loanId}/events",
  access: "member",
  owner: { fact: borrowerOf, exempt: ["librarian"] },
  history: loan,
} as const;

type Whole = AnyApplication;

/** For each kind of part: its required members, and the library with a changed part of this kind. */
const parts: Readonly<Record<string, readonly [required: readonly string[], (change: Change) => Whole]>> = {
  application: [
    ["name", "deciders", "projections", "effects", "sagas", "access", "routes"],
    (change) => changed(library, change),
  ],
  decider: [
    ["name", "identifiedBy", "commands", "events", "rejections", "initialState", "decide", "evolve"],
    (change) => ({ ...library, deciders: [changed(library.deciders[0], change)] }),
  ],
  projection: [
    ["name", "row", "sources", "on"],
    (change) => ({ ...library, projections: [changed(library.projections[0], change)] }),
  ],
  effect: [
    ["name", "on", "answers", "uses", "perform"],
    (change) => ({ ...library, effects: [changed(library.effects[0], change)] }),
  ],
  saga: [
    ["name", "startsOn", "identifiedBy", "steps", "completes", "abandons"],
    (change) => ({ ...library, sagas: [changed(first, change), ...others] }),
  ],
  step: [
    ["name", "send", "succeeds", "fails", "timeoutSeconds"],
    (change) => ({ ...library, sagas: [changed(first, { steps: [changed(first?.steps[0], change)] })] }),
  ],
  translator: [
    ["name", "source", "channel", "type", "schema", "send"],
    (change) => ({ ...library, translators: [changed(library.translators?.[0], change)] }),
  ],
  "command route": [
    ["method", "path", "access", "owner"],
    (change) => ({ ...library, routes: [changed(routeWith("command"), change)] }),
  ],
  "query route": [
    ["method", "path", "access", "owner", "versionOf"],
    (change) => ({ ...library, routes: [changed(routeWith("query"), change)] }),
  ],
  "list route": [
    ["owner", "indexes"],
    (change) => ({ ...library, routes: [changed(routeWith("list"), change)] }),
  ],
  "history route": [["access", "owner"], (change) => ({ ...library, routes: [changed(history, change)] })],
  "saga route": [
    ["access", "owner"],
    (change) => ({ ...library, routes: [changed(routeWith("sagas"), change)] }),
  ],
};

test.each(
  Object.entries(parts).flatMap(([kind, [required, change]]) =>
    required.map((name) => ({ kind, name, change })),
  ),
)("$kind without $name is refused, with the name of the member", ({ name, change }) => {
  const problems = validate(change(without(name)));
  expect(problems).toHaveLength(1);
  expect(problems[0]).toMatch(new RegExp(`: expected ${name} to be .+, got none; add ${name}$`));
});

const of = (kind: string, change: Change): readonly string[] => validate(parts[kind]?.[1](change) ?? library);

test("a misspelt member is named next to the one that is missing", () => {
  expect(of("decider", { initialState: undefined, initalState: {} })).toEqual([
    "decider book: expected initialState to be a value, got none; add initialState, or rename initalState",
  ]);
});

test("an initial state may be undefined", () => {
  const [book] = library.deciders;
  if (!book) throw new Error("the library has a decider");
  const deciders = [{ ...book, initialState: undefined }];
  expect(validate({ ...library, deciders }).filter((each) => each.includes("initialState"))).toEqual([]);
});

const kindOfRoute =
  "POST /members: expected one of command, query, list, history, sagas, document, redirect, got";

test("a route does exactly one thing", () => {
  expect(of("command route", { command: undefined, comand: 1 })).toEqual([
    `${kindOfRoute} none; add one, or rename comand`,
  ]);
  expect(of("command route", { redirect: "/" })).toEqual([
    `${kindOfRoute} command and redirect; remove all but one`,
  ]);
});

const wrong: readonly (readonly [kind: string, Change, problem: string])[] = [
  ["command route", { access: 1 }, "POST /members: expected access to be a string, got 1"],
  [
    "command route",
    { method: "PATCH" },
    'PATCH /members: expected method to be POST, PUT or DELETE, got "PATCH"',
  ],
  ["command route", { key: "require" }, 'POST /members: expected key to be required, got "require"'],
  ["decider", { rejections: ["a", 1] }, "decider book: expected rejections[1] to be a string, got 1"],
  [
    "decider",
    { events: { Lent: undefined } },
    "decider book: expected events.Lent to be a schema made with z.object, got none",
  ],
  ["projection", { on: { Lent: {} } }, "projection book-copies, on Lent: expected evolve to be a function"],
  ["projection", { sources: [undefined] }, "projection book-copies: expected sources[0] to be a decider"],
  ["effect", { answers: [() => {}] }, "effect send-reminder: expected answers[0] to be a reference made"],
  ["step", { waits: true }, "expected waits to be false, got true"],
  ["application", { routes: [undefined] }, "application library: expected routes[0] to be an object"],
  ["application", { deciders: [{}] }, "deciders[0]: expected name to be a string, got none; add name"],
];

const ownerOf = (kind: string, owner: unknown, problem: string): (typeof wrong)[number] => [
  kind,
  { owner },
  problem,
];

const wrongOwners = [
  ownerOf(
    "command route",
    "nobody",
    'POST /members: expected owner to be "none" or an object with field or fact, and exempt, got "nobody"',
  ),
  ownerOf("command route", { exempt: [] }, "POST /members, owner: expected field or fact, got none; add one"),
  ownerOf(
    "command route",
    { field: "memberId" },
    "POST /members, owner: expected exempt to be a list, got none; add exempt",
  ),
  ownerOf(
    "command route",
    { field: 1, exempt: [] },
    "POST /members, owner: expected field to be a string, got 1",
  ),
  ownerOf(
    "command route",
    { fact: () => "ada", exempt: [] },
    "POST /members, owner: expected fact to be a fact made with fact(), got a function",
  ),
  ownerOf(
    "query route",
    { fact: borrowerOf, exempt: [] },
    "GET /books/{bookId}, owner: expected field to be a string, got none; add field, or rename fact",
  ),
  ownerOf(
    "query route",
    { feild: "bookId", exempt: [] },
    "GET /books/{bookId}, owner: expected field to be a string, got none; add field, or rename feild",
  ),
  ownerOf(
    "list route",
    { field: "memberId", exempt: "librarian" },
    'GET /loans, owner: expected exempt to be a list, got "librarian"',
  ),
  ownerOf(
    "list route",
    { field: "memberId", exempt: [1] },
    "GET /loans, owner: expected exempt[0] to be a string, got 1",
  ),
  ownerOf(
    "history route",
    { field: "memberId", exempt: [] },
    "GET /loans/{loanId}/events, owner: expected fact to be a fact made with fact(), got none; add fact, or rename field",
  ),
  ownerOf("saga route", { field: "id", exempt: [] }, "GET /sagas: expected owner to be none, got an object"),
];

test.each([...wrong, ...wrongOwners])("a %s with %o is refused with its place", (kind, change, problem) => {
  expect(of(kind, change).join("\n")).toContain(problem);
});

test("a command or an event without a case is refused, and cases of no message are named", () => {
  const [book] = library.deciders;
  const { ReserveCopy: decide, ...decides } = book?.decide ?? {};
  const { CopyReserved: evolve, ...evolves } = book?.evolve ?? {};
  const change = { decide: { ...decides, ReserveCpy: decide }, evolve: { ...evolves, CopyReservd: evolve } };
  expect(of("decider", change).filter((each) => each.includes("a case"))).toEqual([
    "decider book, decide: expected a case for each of its commands, got none for ReserveCopy; add ReserveCopy, or rename ReserveCpy",
    "decider book, evolve: expected a case for each of its events, got none for CopyReserved; add CopyReserved, or rename CopyReservd",
  ]);
});

test("only a resume of sagas is a POST", () => {
  const [path, access] = ["/sagas", "librarian"] as const;
  const route = { method: "GET", path, access, owner: "none", sagas: "list" } as const;
  expect(validate({ ...library, routes: [changed(route, { method: "POST" })] })).toEqual([
    'POST /sagas: expected method to be GET for sagas: "list", got POST',
  ]);
});
