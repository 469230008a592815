/** The pages that an application adds to the local cloud, over HTTP. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type LocalCloud, localCloud } from "../../../lib/local/local-cloud.ts";
import { httpApi, lambda, logs, role, temporaryFolder, writeAssembly } from "../app.ts";

const code = {
  docs: `
    export const handler = async ({ rawPath, headers }) => {
      if (headers["if-match"]) return { statusCode: 412, headers: { "content-type": "text/html" }, body: "stale" };
      const type = rawPath === "/text" ? "text/plain" : "text/html; charset=utf-8";
      return {
        statusCode: 200,
        headers: { "content-type": type, etag: '"1"', "cache-control": "no-cache", "x-correlation-id": "c-1" },
        body: "of the API",
      };
    };`,
};

const file = join(temporaryFolder(), "viewer.js");
writeFileSync(file, "viewer()");

const insteadOf = Object.fromEntries(
  ["/docs", "/text", "/none"].map((path) => [
    path,
    { text: `instead of ${path}`, policy: "script-src 'self'" },
  ]),
);

let cloud: LocalCloud;

beforeAll(async () => {
  cloud = await localCloud({
    assembly: writeAssembly({
      code,
      Resources: {
        Role: role("lambda.amazonaws.com", logs),
        Docs: lambda("docs", "Role", {}),
        ...httpApi("Docs", ["ANY /docs", "ANY /text", "ANY /other"]),
      },
    }),
    port: 0,
    report: () => {},
    pages: {
      about: { title: "docs here", facts: [], links: [], concerns: async () => [] },
      files: [{ path: "/_local/viewer.js", contentType: "text/javascript", file }],
      insteadOf,
    },
  });
});
afterAll(() => cloud?.stop());

const ask = async (path: string, init?: RequestInit) => {
  const answer = await fetch(`${cloud.url}${path}`, init);
  return { status: answer.status, headers: answer.headers, text: await answer.text() };
};

test("a page of the API is replaced, with its own policy and without the entity tag of the API", async () => {
  const { status, headers, text } = await ask("/docs?x=1");
  expect({ status, text }).toEqual({ status: 200, text: "instead of /docs" });
  expect(headers.get("content-type")).toBe("text/html; charset=utf-8");
  expect(headers.get("content-security-policy")).toBe("script-src 'self'");
  expect(headers.get("etag")).toBe(null);
  expect(headers.get("cache-control")).toBe("no-store");
  expect(headers.get("x-correlation-id")).toBe("c-1");
});

test("HEAD describes the page that GET answers", async () => {
  const { headers, text } = await ask("/docs", { method: "HEAD" });
  expect(text).toBe("");
  expect(headers.get("content-length")).toBe(`${"instead of /docs".length}`);
  expect(headers.get("etag")).toBe(null);
});

test.each([
  ["/text", {}, 200, "of the API"],
  ["/docs", { headers: { "if-match": '"2"' } }, 412, "stale"],
  ["/other", {}, 200, "of the API"],
  ["/none", {}, 404, '{"message":"Not Found"}'],
] as const)(
  "a response that is not a page of the API is not replaced: %s %o",
  async (path, init, status, text) => {
    expect(await ask(path, init)).toMatchObject({ status, text });
  },
);

test("a file of the application is served, and 304 answers a client that has it", async () => {
  const { status, headers, text } = await ask("/_local/viewer.js");
  expect({ status, text }).toEqual({ status: 200, text: "viewer()" });
  expect(headers.get("content-type")).toBe("text/javascript");
  expect(headers.get("cache-control")).toBe("no-cache");
  const etag = headers.get("etag") ?? "";
  for (const known of [etag, `W/${etag}`, `"x", ${etag}`, "*"])
    expect(await ask("/_local/viewer.js", { headers: { "if-none-match": known } })).toMatchObject({
      status: 304,
      text: "",
    });
  expect(await ask("/_local/viewer.js", { headers: { "if-none-match": '"x"' } })).toMatchObject({
    status: 200,
  });
  expect((await ask("/_local/viewer.js", { method: "HEAD" })).headers.get("content-length")).toBe("8");
  expect((await ask("/_local/viewer.js", { method: "PUT" })).status).toBe(405);
});

test.each(["/_local", "/_local/", "/_local/?x=1"])("%s is the start page", async (path) => {
  const { status, headers, text } = await ask(path);
  expect({ status, type: headers.get("content-type") }).toEqual({
    status: 200,
    type: "text/html; charset=utf-8",
  });
  expect(text).toContain("<h1>docs here</h1>");
  expect(headers.get("cache-control")).toBe("no-store");
  expect(headers.get("content-security-policy")).toContain("default-src 'none'");
  expect(await ask(path, { method: "HEAD" })).toMatchObject({ status: 200, text: "" });
});

test("the list has requests to the API, but not requests to the local cloud", async () => {
  await ask("/other?a=b", { method: "PUT" });
  await ask("/_local/resources");
  const [last] = JSON.parse((await ask("/_local/requests")).text).requests;
  expect(last).toEqual({
    at: expect.stringMatching(/^\d{4}-\d\d-\d\dT/),
    method: "PUT",
    path: "/other?a=b",
    status: 200,
    correlationId: "c-1",
  });
  expect((await ask("/_local/")).text).toContain('<a href="/_local/trace/c-1">');
});
