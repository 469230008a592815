import { expect, test } from "vitest";
import { guideOf } from "../../lib/deploy/guide.ts";
import { begin } from "../compile/small-saga.ts";

const application = {
  name: "jobs",
  deciders: [],
  projections: [],
  effects: [],
  sagas: [],
  routes: [
    { method: "POST", path: "/jobs/{id}", access: "public", command: begin },
    { method: "GET", path: "/jobs/{id}/events", access: "public", document: "page" },
    { method: "GET", path: "/docs", access: "public", document: "page" },
  ],
} as const;
const technologies = { services: () => ({}) };

test("without a guide of its own an application shows a request for each of its first commands", () => {
  const guide = guideOf({ application, technologies });
  const lines = guide("http://local").split("\n");
  expect(lines.filter((line) => line.startsWith("curl"))).toEqual([
    "curl -w '\\n' -X POST -H 'content-type: application/json' -H 'idempotency-key: Begin-1' -d '{}' http://local/jobs/id",
  ]);
  expect(guide("http://local")).toContain("Also: http://local/docs");
});

test("an application's own guide comes first", () => {
  const own = guideOf({
    application,
    technologies: { ...technologies, guide: (url) => `see ${url}` },
  });
  expect(own("http://local")).toBe("see http://local");
});
