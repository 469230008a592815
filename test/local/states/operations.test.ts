import { describe, expect, test } from "vitest";
import { cloudOf, executionArn, machineArn, settled, until } from "./cloud.ts";
import { machine, tokenTask } from "./machine.ts";

const done = { definition: machine({ A: { Type: "Succeed" } }) };
const open = { definition: machine({ A: tokenTask("fn") }), functions: { fn: () => 1 } };

describe("StartExecution", () => {
  test("returns the same running execution for the same name and input", async () => {
    const cloud = cloudOf(open);
    const first = await cloud.start("e", { a: 1 });
    await cloud.advance(5);
    expect(await cloud.start("e", { a: 1 })).toEqual(first);
    expect(cloud.calls).toHaveLength(1);
    expect(first).toEqual({ executionArn: executionArn("e"), startDate: Date.parse("2026-01-01") / 1000 });
  });

  test("refuses the name of a running execution if the input differs", async () => {
    const cloud = cloudOf(open);
    await cloud.start("e", { a: 1 });
    const again = cloud.start("e", { a: 2 });
    await expect(again).rejects.toMatchObject({
      code: "ExecutionAlreadyExists",
      message: `Execution Already Exists: '${executionArn("e")}'`,
    });
  });

  test("refuses the name of a closed execution until 90 days have passed", async () => {
    const cloud = cloudOf(done);
    await cloud.run();
    await expect(cloud.start("e")).rejects.toMatchObject({ code: "ExecutionAlreadyExists" });
    await cloud.advance(90 * 24 * 3600 + 1);
    expect(await cloud.start("e")).toMatchObject({ executionArn: executionArn("e") });
  });

  test("generates a missing name, and uses {} for a missing input", async () => {
    const cloud = cloudOf(open);
    const { executionArn: arn } = await cloud.call("StartExecution", { stateMachineArn: machineArn });
    expect(arn).toMatch(/:execution:trip:[0-9a-f-]{36}$/);
    expect((await cloud.call("DescribeExecution", { executionArn: arn })).input).toBe("{}");
  });

  test.each([
    [{ name: "a/b" }, "InvalidName", "Invalid Name: 'a/b'"],
    [{ name: "a b" }, "InvalidName", "Invalid Name: 'a b'"],
    [
      { name: "x".repeat(81) },
      "ValidationException",
      expect.stringContaining("length less than or equal to 80"),
    ],
    [
      { input: "{" },
      "InvalidExecutionInput",
      expect.stringContaining("Invalid State Machine Execution Input: '"),
    ],
    [{ input: `"${"x".repeat(262_143)}"` }, "ValidationException", expect.stringContaining("262144")],
    [
      { stateMachineArn: `${machineArn}s` },
      "StateMachineDoesNotExist",
      `State Machine Does Not Exist: '${machineArn}s'`,
    ],
  ])("refuses %o with %s", async (input, code, message) => {
    const started = cloudOf(done).call("StartExecution", { stateMachineArn: machineArn, ...input });
    await expect(started).rejects.toMatchObject({ code, message });
  });
});

test("DescribeExecution returns all fields of a running and of a closed execution", async () => {
  const cloud = cloudOf(open);
  let token = "";
  await cloud.start("e", { a: 1 });
  await until(() => cloud.calls.length === 1);
  const [call] = cloud.calls;
  if (typeof call?.payload === "object" && call.payload && "token" in call.payload)
    token = String(call.payload.token);
  const running = {
    executionArn: executionArn("e"),
    stateMachineArn: machineArn,
    name: "e",
    status: "RUNNING",
    startDate: 1767225600,
    input: '{"a":1}',
    inputDetails: { included: true },
  };
  expect(await cloud.describe("e")).toEqual(running);
  await cloud.advance(10);
  await cloud.call("SendTaskSuccess", { taskToken: token, output: "2" });
  expect(await cloud.describe("e")).toEqual({
    ...running,
    status: "SUCCEEDED",
    stopDate: 1767225610,
    output: "2",
    outputDetails: { included: true },
  });
});

test.each(["DescribeExecution", "StopExecution", "GetExecutionHistory"])(
  "%s of an unknown execution",
  async (name) => {
    const asked = cloudOf(done).call(name, { executionArn: executionArn("no") });
    const message = `Execution Does Not Exist: '${executionArn("no")}'`;
    await expect(asked).rejects.toMatchObject({ code: "ExecutionDoesNotExist", message });
  },
);

test("StopExecution ends an execution that is moving to its next state", async () => {
  const cloud = cloudOf(open);
  const started = cloud.start("e");
  const stopped = cloud.call("StopExecution", { executionArn: executionArn("e") });
  await Promise.all([started, stopped]);
  await settled();
  expect((await cloud.describe("e")).status).toBe("ABORTED");
  expect(cloud.calls).toEqual([]);
});

test("StopExecution does not change a closed execution", async () => {
  const cloud = cloudOf(done);
  const before = await cloud.run();
  await cloud.advance(9);
  expect(await cloud.call("StopExecution", { executionArn: executionArn("e") })).toEqual({
    stopDate: before.stopDate,
  });
  expect(await cloud.describe("e")).toEqual(before);
});

test("ListExecutions lists the newest first, by status and in pages", async () => {
  const cloud = cloudOf(open);
  for (const name of ["a", "b", "c"]) {
    await cloud.start(name);
    await cloud.advance(1);
  }
  await cloud.call("StopExecution", { executionArn: executionArn("b") });
  const list = async (input: object) => {
    const { executions, nextToken } = await cloud.call("ListExecutions", {
      stateMachineArn: machineArn,
      ...input,
    });
    return { names: executions.map(({ name }: { name: string }) => name), nextToken };
  };
  expect((await list({})).names).toEqual(["c", "b", "a"]);
  expect((await list({ statusFilter: "RUNNING" })).names).toEqual(["c", "a"]);
  const first = await list({ maxResults: 2 });
  expect(first.names).toEqual(["c", "b"]);
  expect(await list({ maxResults: 2, nextToken: first.nextToken })).toEqual({
    names: ["a"],
    nextToken: undefined,
  });
});

test("GetExecutionHistory returns the events of a task", async () => {
  const cloud = cloudOf(open);
  await cloud.start("e");
  await settled();
  await cloud.call("StopExecution", { executionArn: executionArn("e"), error: "E" });
  const { events } = await cloud.call("GetExecutionHistory", { executionArn: executionArn("e") });
  expect(events.map(({ id, type }: { id: number; type: string }) => [id, type])).toEqual([
    [1, "ExecutionStarted"],
    [2, "TaskStateEntered"],
    [3, "TaskScheduled"],
    [4, "TaskStarted"],
    [5, "TaskSubmitted"],
    [6, "ExecutionAborted"],
  ]);
  expect(events[1].stateEnteredEventDetails).toEqual({ name: "A", input: "{}" });
  expect(events[5].executionAbortedEventDetails).toEqual({ error: "E" });
});

test.each([
  ["StartExecution", { stateMachineArn: machineArn }, machineArn],
  ["ListExecutions", { stateMachineArn: machineArn }, machineArn],
  ["DescribeExecution", { executionArn: executionArn("e") }, executionArn("e")],
  ["StopExecution", { executionArn: executionArn("e") }, executionArn("e")],
  ["GetExecutionHistory", { executionArn: executionArn("e") }, executionArn("e")],
])("%s needs its permission for the resource that it names", (name, input, resource) => {
  expect(cloudOf(done).operation(name).requires(input)).toEqual([{ action: `states:${name}`, resource }]);
});
