import { expect, test } from "vitest";
import { guideOf } from "../../lib/deploy/guide.ts";
import { application as library } from "../library/lib/application.ts";
import { declineLoan, requestLoan } from "../library/lib/loans/loan.ts";
import { technologies } from "../library/lib/technologies.ts";

const application = {
  ...library,
  routes: [
    { method: "POST", path: "/loans/{loanId}", access: "public", owner: "none", command: requestLoan },
    {
      method: "POST",
      path: "/loans/{loanId}/{reason}",
      access: "public",
      owner: "none",
      command: declineLoan,
    },
    { method: "GET", path: "/docs", access: "public", document: "page" },
    { method: "GET", path: "/openapi.json", access: "public", document: "openapi" },
  ],
} as const;

test("an application without a guide shows a request for each of its first commands, with examples or names as values", () => {
  const guide = guideOf({ application, technologies });
  const lines = guide("http://local").split("\n");
  expect(lines.filter((line) => line.startsWith("curl"))).toEqual([
    "curl -w '\\n' -X POST -H 'content-type: application/json' -H 'idempotency-key: RequestLoan-1' -d '{\"bookId\":\"emma\",\"memberId\":\"ada\"}' http://local/loans/loan-1",
    "curl -w '\\n' -X POST -H 'content-type: application/json' -H 'idempotency-key: DeclineLoan-1' -d '{}' http://local/loans/loan-1/reason",
  ]);
  expect(guide("http://local")).toContain("Also: http://local/openapi.json");
});

test("one line names the start page, and the page of the API if there is a route for it", () => {
  const lineOf = (routes: typeof library.routes) =>
    guideOf({ application: { ...library, routes }, technologies })("http://local").match(
      /^In a browser.+$/m,
    )?.[0];
  const start = "In a browser: http://local/_local/ shows what runs and what needs attention";
  expect(lineOf(application.routes)).toBe(`${start}, http://local/docs is the API.`);
  expect(lineOf([])).toBe(`${start}.`);
});

test("an application's own guide is preferred", () => {
  const own = guideOf({
    application,
    technologies: { ...technologies, guide: (url) => `see ${url}` },
  });
  expect(own("http://local")).toBe("see http://local");
});
