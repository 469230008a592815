/** How Express executions differ: no names, no history, no tokens, no events, and a limit of five minutes. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { cloudOf, executionArn, FunctionError, machineArn, settled } from "./cloud.ts";
import { machine, task, tokenTask } from "./machine.ts";

const properties = { StateMachineType: "EXPRESS" };
const folder = mkdtempSync(join(tmpdir(), "express-"));
afterAll(() => rmSync(folder, { recursive: true }));

const never = () => new Promise(() => {});
const oneTask = { definition: machine({ A: task("fn", "{% $states.input %}") }), properties };

test("each start is a new execution, even with the same name and input", async () => {
  const cloud = cloudOf({ ...oneTask, functions: { fn: () => 1 } });
  const [one, other] = [await cloud.start("e", { a: 1 }), await cloud.start("e", { a: 1 })];
  await settled();
  const arn = machineArn.replace(":stateMachine:", ":express:");
  expect(one.executionArn).toMatch(new RegExp(`^${arn}:e:[0-9a-f-]{36}$`));
  expect(other.executionArn).not.toBe(one.executionArn);
  expect(cloud.calls).toHaveLength(2);
  await cloud.start("e", { a: 2 });
  await settled();
  expect(cloud.calls).toHaveLength(3);
});

test("an execution cannot be described or listed", async () => {
  const cloud = cloudOf({ ...oneTask, functions: { fn: never } });
  const { executionArn: arn } = await cloud.start("e");
  await expect(cloud.call("DescribeExecution", { executionArn: arn })).rejects.toThrow("Invalid Arn");
  await expect(cloud.call("GetExecutionHistory", { executionArn: arn })).rejects.toThrow("Invalid Arn");
  await expect(cloud.call("StopExecution", { executionArn: arn })).rejects.toThrow("Invalid Arn");
  await expect(cloud.describe("e")).rejects.toThrow(executionArn("e"));
  await expect(cloud.call("ListExecutions", { stateMachineArn: machineArn })).rejects.toThrow(
    "not supported",
  );
});

test("the start and the end of an execution send no event, but its failure is reported", async () => {
  const fails = () => {
    throw new FunctionError({ errorType: "Odd" });
  };
  const cloud = cloudOf({ ...oneTask, functions: { fn: fails } });
  const { executionArn: arn } = await cloud.start("e");
  await settled();
  expect(cloud.events).toEqual([]);
  expect(cloud.reports).toEqual([
    { source: "states", level: "problem", message: `${arn} FAILED: Odd: {"errorType":"Odd"}` },
  ]);
});

test("an execution ends after five minutes, whatever its state", async () => {
  const cloud = cloudOf({ ...oneTask, functions: { fn: never } });
  const { executionArn: arn } = await cloud.start("e");
  await cloud.advance(299);
  expect(cloud.reports).toEqual([]);
  await cloud.advance(1);
  expect(cloud.reports).toMatchObject([{ message: `${arn} TIMED_OUT: States.Timeout: no cause` }]);
});

test("after five minutes nothing is retried", async () => {
  const retry = [{ ErrorEquals: ["States.ALL"], IntervalSeconds: 200, BackoffRate: 1, MaxAttempts: 9 }];
  const definition = machine({ A: task("fn", {}, { Retry: retry }) });
  const fails = () => {
    throw new FunctionError({ errorType: "Odd" });
  };
  const cloud = cloudOf({ definition, properties, functions: { fn: fails } });
  await cloud.start("e");
  for (const _ of [1, 2, 3, 4]) await cloud.advance(200);
  expect(cloud.calls).toHaveLength(2);
});

test("an execution continues after a restart until its time is over", async () => {
  const journal = join(folder, "journal");
  const before = cloudOf({ ...oneTask, journal, functions: { fn: never } });
  await before.start("e");
  await before.advance(100);
  before.kill();
  const cloud = cloudOf({ ...oneTask, journal, functions: { fn: never }, ahead: 100_000 });
  cloud.provider.start?.();
  await settled();
  expect(cloud.calls).toHaveLength(1);
  await cloud.advance(200);
  expect(cloud.reports).toMatchObject([{ message: expect.stringContaining("TIMED_OUT") }]);
});

test("an execution that has ended leaves nothing behind", async () => {
  const journal = join(folder, "ended");
  const before = cloudOf({ ...oneTask, journal, functions: { fn: () => 1 } });
  await before.start("e");
  await settled();
  before.kill();
  const cloud = cloudOf({ ...oneTask, journal, functions: { fn: () => 1 } });
  cloud.provider.start?.();
  await settled();
  expect([cloud.calls, cloud.events]).toEqual([[], []]);
});

test("a task that waits for a token is refused by name", () => {
  expect(() => cloudOf({ definition: machine({ A: tokenTask("fn") }), properties })).toThrow(
    'state machine trip, state A: Resource ".waitForTaskToken": an Express machine has no tokens',
  );
});
