/** What sets executions of Express apart: no names, no record, no tokens, no events, five minutes. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { machine, task, tokenTask } from "./machine.ts";
import { executionArn, FunctionError, machineArn, settled, worldOf } from "./world.ts";

const properties = { StateMachineType: "EXPRESS" };
const folder = mkdtempSync(join(tmpdir(), "express-"));
afterAll(() => rmSync(folder, { recursive: true }));

const never = () => new Promise(() => {});
const oneTask = { definition: machine({ A: task("fn", "{% $states.input %}") }), properties };

test("each start is an execution of its own, whatever its name and input", async () => {
  const world = worldOf({ ...oneTask, functions: { fn: () => 1 } });
  const [one, other] = [await world.start("e", { a: 1 }), await world.start("e", { a: 1 })];
  await settled();
  const arn = machineArn.replace(":stateMachine:", ":express:");
  expect(one.executionArn).toMatch(new RegExp(`^${arn}:e:[0-9a-f-]{36}$`));
  expect(other.executionArn).not.toBe(one.executionArn);
  expect(world.calls).toHaveLength(2);
  await world.start("e", { a: 2 });
  await settled();
  expect(world.calls).toHaveLength(3);
});

test("nobody can ask for one, nor list them", async () => {
  const world = worldOf({ ...oneTask, functions: { fn: never } });
  const { executionArn: arn } = await world.start("e");
  await expect(world.call("DescribeExecution", { executionArn: arn })).rejects.toThrow("Invalid Arn");
  await expect(world.call("GetExecutionHistory", { executionArn: arn })).rejects.toThrow("Invalid Arn");
  await expect(world.call("StopExecution", { executionArn: arn })).rejects.toThrow("Invalid Arn");
  await expect(world.describe("e")).rejects.toThrow(executionArn("e"));
  await expect(world.call("ListExecutions", { stateMachineArn: machineArn })).rejects.toThrow(
    "not supported",
  );
});

test("neither its start nor its end is an event, but its failure is reported", async () => {
  const fails = () => {
    throw new FunctionError({ errorType: "Odd" });
  };
  const world = worldOf({ ...oneTask, functions: { fn: fails } });
  const { executionArn: arn } = await world.start("e");
  await settled();
  expect(world.events).toEqual([]);
  expect(world.reports).toEqual([
    { source: "states", level: "problem", message: `${arn} FAILED: Odd: {"errorType":"Odd"}` },
  ]);
});

test("after five minutes it is over, whatever it is at", async () => {
  const world = worldOf({ ...oneTask, functions: { fn: never } });
  const { executionArn: arn } = await world.start("e");
  await world.advance(299);
  expect(world.reports).toEqual([]);
  await world.advance(1);
  expect(world.reports).toMatchObject([{ message: `${arn} TIMED_OUT: States.Timeout: no cause` }]);
});

test("after five minutes it tries nothing again", async () => {
  const retry = [{ ErrorEquals: ["States.ALL"], IntervalSeconds: 200, BackoffRate: 1, MaxAttempts: 9 }];
  const definition = machine({ A: task("fn", {}, { Retry: retry }) });
  const fails = () => {
    throw new FunctionError({ errorType: "Odd" });
  };
  const world = worldOf({ definition, properties, functions: { fn: fails } });
  await world.start("e");
  for (const _ of [1, 2, 3, 4]) await world.advance(200);
  expect(world.calls).toHaveLength(2);
});

test("it goes on after a restart, for the rest of its time", async () => {
  const journal = join(folder, "journal");
  const before = worldOf({ ...oneTask, journal, functions: { fn: never } });
  await before.start("e");
  await before.advance(100);
  before.kill();
  const world = worldOf({ ...oneTask, journal, functions: { fn: never }, ahead: 100_000 });
  world.part.start?.();
  await settled();
  expect(world.calls).toHaveLength(1);
  await world.advance(200);
  expect(world.reports).toMatchObject([{ message: expect.stringContaining("TIMED_OUT") }]);
});

test("one that has ended leaves nothing behind", async () => {
  const journal = join(folder, "ended");
  const before = worldOf({ ...oneTask, journal, functions: { fn: () => 1 } });
  await before.start("e");
  await settled();
  before.kill();
  const world = worldOf({ ...oneTask, journal, functions: { fn: () => 1 } });
  world.part.start?.();
  await settled();
  expect([world.calls, world.events]).toEqual([[], []]);
});

test("a task that waits for a token is refused by name", () => {
  expect(() => worldOf({ definition: machine({ A: tokenTask("fn") }), properties })).toThrow(
    'state machine trip, state A: Resource ".waitForTaskToken": Express has no tokens',
  );
});
