import { expect, test } from "vitest";
import * as z from "zod";
import { toFlow, toSagaDiagram } from "../../../lib/compile/documents/diagrams.ts";
import type { Application } from "../../../lib/model/application.ts";
import type { Projection } from "../../../lib/model/projection.ts";
import { sending } from "../../../lib/model/saga.ts";
import { begin, begun, job, sagaOf, step } from "../small-saga.ts";

const row = z.object({ id: z.string() });

const jobList: Projection<typeof row, typeof job> = {
  name: "job-list",
  row,
  sources: [job],
  on: {
    Begun: { key: "id", evolve: (_, { data }) => data },
    Ended: { key: "id", evolve: () => undefined },
  },
  indexes: { all: {} },
};

const application: Application<unknown> = {
  name: "jobs",
  deciders: [job],
  projections: [jobList],
  effects: [{ name: "tell", on: begun, answers: [begin], uses: {}, perform: async () => undefined }],
  sagas: [sagaOf([step("first"), step("second", { pivot: true, undone: false })])],
  translators: ["requests", "offers"].map((name) => ({
    name,
    source: "crm",
    channel: "request",
    type: "Requested",
    schema: row,
    send: sending(begin, () => ({ id: "1" })),
  })),
  routes: [
    { method: "POST", path: "/jobs", access: "public", command: begin },
    { method: "GET", path: "/jobs/{id}", access: "public", query: jobList, versionOf: job },
    { method: "GET", path: "/jobs", access: "public", list: jobList, indexes: ["all"] },
    { method: "GET", path: "/jobs/{id}/events", access: "public", history: job },
    { method: "GET", path: "/sagas/{saga}/{id}", access: "public", sagas: "status" },
  ],
};

test("the flow shows who sends what to which stream, and what follows from it", () => {
  expect(toFlow(application)).toBe(`flowchart LR
  route_POST__jobs(["POST /jobs"])
  source_crm>"crm"]
  translator_requests[\\"requests"\\]
  translator_offers[\\"offers"\\]
  stream_job[("job")]
  route_reads_stream_job(["GET /jobs/{id}/events"])
  saga_run{{"run"}}
  route_reads_saga_run(["GET /sagas/{saga}/{id}"])
  effect_tell[["tell"]]
  projection_job_list[/"job-list"/]
  route_reads_projection_job_list(["GET /jobs/{id}<br>GET /jobs"])
  route_POST__jobs -->|"Begin"| stream_job
  source_crm -->|"Requested"| translator_requests
  translator_requests -->|"Begin"| stream_job
  source_crm -->|"Requested"| translator_offers
  translator_offers -->|"Begin"| stream_job
  stream_job -.-> route_reads_stream_job
  stream_job -->|"Begun<br>Done"| saga_run
  saga_run -->|"1 Do<br>2 Do<br>3 End<br>undo: Undo<br>after all undos: Undo"| stream_job
  saga_run -.-> route_reads_saga_run
  stream_job -->|"Begun"| effect_tell
  effect_tell -->|"Begin"| stream_job
  stream_job -.->|"Begun<br>Ended"| projection_job_list
  projection_job_list -.-> route_reads_projection_job_list`);
});

const arrowsOf = (diagram: string) => diagram.split("\n").filter((line) => line.includes("->"));

test("a step that fails leads to its own undo, and from there backwards to the end", () => {
  const saga = sagaOf([step("first"), step("second", { undone: false }), step("third")]);
  expect(arrowsOf(toSagaDiagram(saga))).toEqual([
    "  route_start --> task_first",
    '  task_first -->|"Done"| task_second',
    '  task_first -.->|"rejected<br>timed out"| task_undo_first',
    '  task_second -->|"Done"| task_third',
    '  task_second -.->|"rejected<br>timed out"| task_undo_first',
    '  task_third -->|"Done"| task_complete',
    '  task_third -.->|"rejected<br>timed out"| task_undo_third',
    "  task_complete --> end_completed",
    '  task_complete -.->|"rejected<br>timed out"| task_undo_third',
    "  task_undo_first --> task_abandon",
    "  task_undo_third --> task_undo_first",
    "  task_abandon --> end_compensated",
  ]);
});

test("after the pivot nothing leads back", () => {
  const saga = sagaOf([step("first"), step("second", { pivot: true }), step("third", { undone: false })]);
  const arrows = arrowsOf(toSagaDiagram(saga));
  expect(arrows).toContain('  task_second -.->|"rejected<br>timed out"| task_undo_second');
  expect(arrows).toContain('  task_third -.->|"timed out: retry<br>otherwise: parked"| task_third');
  expect(arrows).toContain('  task_complete -.->|"timed out: retry<br>otherwise: parked"| task_complete');
});

test("a saga without steps completes at once, and is abandoned where it cannot", () => {
  expect(arrowsOf(toSagaDiagram(sagaOf([])))).toEqual([
    "  route_start --> task_complete",
    "  task_complete --> end_completed",
    '  task_complete -.->|"rejected<br>timed out"| task_abandon',
    "  task_abandon --> end_compensated",
  ]);
});

test("a step with a condition is marked", () => {
  const diagram = toSagaDiagram(sagaOf([step("first"), step("second", { onlyIf: () => true })]));
  expect(diagram).toContain('task_first["1 first<br>');
  expect(diagram).toContain('task_second["2 second, optional<br>');
});
