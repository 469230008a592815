/** The access names and owners of the library, as its API enforces and describes them. */
import { expect, test } from "vitest";
import * as z from "zod";
import { toOpenApi } from "../../lib/compile/openapi/openapi.ts";
import { templateOf } from "../library/fixtures/small-library.ts";
import { application } from "../library/lib/application.ts";

/** Who may call each route. The scopes of a route without a token are empty. */
const callers: Readonly<Record<string, readonly string[]>> = {
  "POST /members": ["librarian"],
  "POST /books/{bookId}/copies": ["librarian"],
  "POST /loans": ["member", "librarian"],
  "POST /loans/{loanId}/withdrawal": ["member", "librarian"],
  "POST /loans/{loanId}/return": ["librarian"],
  "GET /books/{bookId}": [],
  "GET /loans/{loanId}": ["member", "librarian"],
  "GET /loans": ["member", "librarian"],
  "GET /days": [],
  "GET /sagas": ["librarian"],
  "GET /sagas/{saga}/{id}": ["librarian"],
  "POST /sagas/{saga}/{id}/resume": ["librarian"],
  "GET /openapi.json": [],
  "GET /docs": [],
  "GET /health": [],
  "GET /": [],
};

const guard = { kind: "jwt", issuer: "https://login.example.com", audience: "library" } as const;

const routes = z.record(
  z.string(),
  z.object({
    Properties: z.object({
      RouteKey: z.string(),
      AuthorizationType: z.string().optional(),
      AuthorizationScopes: z.array(z.string()).optional(),
    }),
  }),
);

test("API Gateway asks for one of the scopes of each route", () => {
  const template = templateOf(guard, { application });
  const found = Object.values(routes.parse(template.findResources("AWS::ApiGatewayV2::Route")))
    .map(({ Properties }) => Properties)
    .filter(({ RouteKey }) => Object.hasOwn(callers, RouteKey));
  const scopes = found.map(({ RouteKey, AuthorizationScopes = [] }) => [RouteKey, AuthorizationScopes]);
  expect(Object.fromEntries(scopes)).toEqual(callers);
  for (const { RouteKey, AuthorizationType } of found)
    expect([RouteKey, AuthorizationType]).toEqual([RouteKey, callers[RouteKey]?.length ? "JWT" : "NONE"]);
});

test("OpenAPI names the scopes of each operation", () => {
  const { paths } = toOpenApi(application, "jwt");
  const scopes = Object.keys(callers).map((route) => {
    const [method = "", path = ""] = route.split(" ");
    const security = paths[path]?.[method.toLowerCase()]?.security ?? [];
    return [route, security.flatMap(({ token }) => token ?? [])];
  });
  expect(Object.fromEntries(scopes)).toEqual(callers);
});

test("OpenAPI says whose loans each operation is for, in the words of the library", () => {
  const { paths } = toOpenApi(application, "jwt");
  const described = (path: string, method: "get" | "post") => paths[path]?.[method]?.description;
  for (const text of [
    described("/loans/{loanId}", "get"),
    described("/loans", "get"),
    described("/loans", "post"),
  ])
    expect(text).toContain("Callers with the scope librarian are exempt.");
  expect(described("/loans", "post")).toContain("memberId must be the subject");
  expect(described("/members", "post") ?? "").not.toContain("exempt");
});
