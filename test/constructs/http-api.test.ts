/** The access of routes of an application that was not type-checked, and that a program deploys without `validate`. */
import { expect, test } from "vitest";
import { application, templateOf } from "../library/fixtures/small-library.ts";

const [route, ...routes] = application.routes;
if (!route) throw new Error("the library has a route");

const guards = [
  { kind: "jwt", issuer: "https://id.example.com", audience: "library" },
  { kind: "iam" },
  { kind: "open" },
] as const;

test.each(guards)(
  "with the guard $kind, a route without access or with an unknown one is refused",
  (guard) => {
    const open = { ...route };
    Reflect.deleteProperty(open, "access");
    const unknown = { ...route };
    Reflect.set(unknown, "access", "admin");
    const templateWith = (changed: typeof route) => () =>
      templateOf(guard, { application: { ...application, routes: [changed, ...routes] } });
    const expected = "POST /loans: expected access to be public, member or librarian, got";
    expect(templateWith(open)).toThrow(`${expected} none; add access to the route`);
    expect(templateWith(unknown)).toThrow(`${expected} admin`);
  },
);
