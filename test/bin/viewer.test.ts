/** The page of the API on this machine. `npm run test:pages` shows it in a browser. */
import { existsSync, readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { hostPages } from "../../bin/local/pages/host-pages.ts";
import { viewerFiles, viewerPage } from "../../bin/local/pages/viewer.ts";

const pages = { name: "jobs", version: "1.0.0", links: [], openapi: "/openapi.json", page: "/docs" };

test("the viewer takes the place of the application's page if there is a document for it", () => {
  const insteadOf = (given: typeof pages | Omit<typeof pages, "openapi">) =>
    Object.keys(hostPages(given, { data: "data", tokens: false }).insteadOf);
  const { openapi: _, ...withoutDocument } = pages;
  expect(insteadOf(pages)).toEqual(["/docs"]);
  expect(insteadOf(withoutDocument)).toEqual([]);
});

test("the viewer loads files of this machine only, and no script is in the page", () => {
  const { text, policy } = viewerPage(pages);
  const loaded = [...text.matchAll(/(?:src|stylesheet" href)="([^"]*)"/g)].map(([, path]) => path);
  expect(loaded.toSorted()).toEqual(viewerFiles.map(({ path }) => path).toSorted());
  expect(text).not.toMatch(/<script[^>]*>[^<]|\son\w+=/);
  expect(policy).toContain("script-src 'self';");
  expect(policy).toContain("connect-src 'self';");
  for (const { file } of viewerFiles) expect(existsSync(file)).toBe(true);
});

test("text of the application does not become markup of the viewer's page", () => {
  const hostile = `"><script>alert('&')</script>`;
  const { text } = viewerPage({ name: hostile, version: hostile, openapi: hostile });
  expect(text).not.toContain("<script>");
  expect(text).toContain('data-openapi="&quot;&gt;&lt;script&gt;');
});

test("the start page names the application, its versions and what it runs on", () => {
  const { about } = hostPages(pages, {
    data: "/data",
    bus: "kafka",
    saga: ["choreography"],
    dynamodb: "http://db",
    tokens: false,
  });
  const { version } = JSON.parse(readFileSync("package.json", "utf8"));
  expect(about.title).toBe("jobs on this machine");
  expect(about.facts.map(({ name, value }) => `${name}: ${value}`)).toEqual([
    "Application: jobs 1.0.0",
    `eventfold: ${version}`,
    "Bus: kafka",
    "Saga engine: choreography",
    "DynamoDB: http://db",
    "Data folder: /data",
    "Access: open to every request",
  ]);
});
