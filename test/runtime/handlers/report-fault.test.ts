import { expect, test } from "vitest";
import { memoryInstances } from "../../../lib/adapters/memory/instances.ts";
import { memoryLog } from "../../../lib/adapters/memory/log.ts";
import { reportFault } from "../../../lib/runtime/handlers/report-fault.ts";
import { sagaId, start } from "../../library/fixtures/loan-history.ts";

const clock = () => new Date("2026-01-02T00:00:00Z");
const error = new TypeError("it broke\n    at file:///var/task/index.mjs:1:2");

test("the log has the full fault, and the instance has a sentence", async () => {
  const instances = memoryInstances();
  await instances.append(sagaId, [start]);
  const log = memoryLog();
  await reportFault({ instances, clock, log }, { sagaId, step: "hold" }, error);
  expect((await instances.read(sagaId)).fault).toEqual({
    step: "hold",
    because: "TypeError: it broke",
    at: "2026-01-02T00:00:00.000Z",
  });
  expect(log.entries()).toMatchObject([{ kind: "problem", sagaId, step: "hold", error }]);
});

test("a fault that cannot be stored is in the log, and no error is thrown", async () => {
  const lost = new Error("the table does not answer");
  const instances = { fail: () => Promise.reject(lost) };
  const log = memoryLog();
  await reportFault({ instances, clock, log }, { sagaId, step: "hold" }, error);
  expect(log.entries().map(({ error }) => error)).toEqual([error, lost]);
});
