import { describe, expect, test } from "vitest";
import { machine, tokenTask } from "./machine.ts";
import { executionArn, machineArn, settled, until, worldOf } from "./world.ts";

const done = { definition: machine({ A: { Type: "Succeed" } }) };
const open = { definition: machine({ A: tokenTask("fn") }), functions: { fn: () => 1 } };

describe("StartExecution", () => {
  test("answers the same running execution for the same name and input", async () => {
    const world = worldOf(open);
    const first = await world.start("e", { a: 1 });
    await world.advance(5);
    expect(await world.start("e", { a: 1 })).toEqual(first);
    expect(world.calls).toHaveLength(1);
    expect(first).toEqual({ executionArn: executionArn("e"), startDate: Date.parse("2026-01-01") / 1000 });
  });

  test("refuses the name of a running execution with another input", async () => {
    const world = worldOf(open);
    await world.start("e", { a: 1 });
    const again = world.start("e", { a: 2 });
    await expect(again).rejects.toMatchObject({
      code: "ExecutionAlreadyExists",
      message: `Execution Already Exists: '${executionArn("e")}'`,
    });
  });

  test("refuses the name of a closed execution, until 90 days have passed", async () => {
    const world = worldOf(done);
    await world.run();
    await expect(world.start("e")).rejects.toMatchObject({ code: "ExecutionAlreadyExists" });
    await world.advance(90 * 24 * 3600 + 1);
    expect(await world.start("e")).toMatchObject({ executionArn: executionArn("e") });
  });

  test("makes up a name, and takes {} for a missing input", async () => {
    const world = worldOf(open);
    const { executionArn: arn } = await world.call("StartExecution", { stateMachineArn: machineArn });
    expect(arn).toMatch(/:execution:trip:[0-9a-f-]{36}$/);
    expect((await world.call("DescribeExecution", { executionArn: arn })).input).toBe("{}");
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
  ])("refuses %o as %s", async (input, code, message) => {
    const started = worldOf(done).call("StartExecution", { stateMachineArn: machineArn, ...input });
    await expect(started).rejects.toMatchObject({ code, message });
  });
});

test("DescribeExecution tells all of a running and of a closed execution", async () => {
  const world = worldOf(open);
  let token = "";
  await world.start("e", { a: 1 });
  await until(() => world.calls.length === 1);
  const [call] = world.calls;
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
  expect(await world.describe("e")).toEqual(running);
  await world.advance(10);
  await world.call("SendTaskSuccess", { taskToken: token, output: "2" });
  expect(await world.describe("e")).toEqual({
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
    const asked = worldOf(done).call(name, { executionArn: executionArn("no") });
    const message = `Execution Does Not Exist: '${executionArn("no")}'`;
    await expect(asked).rejects.toMatchObject({ code: "ExecutionDoesNotExist", message });
  },
);

test("StopExecution ends an execution that is just moving on", async () => {
  const world = worldOf(open);
  const started = world.start("e");
  const stopped = world.call("StopExecution", { executionArn: executionArn("e") });
  await Promise.all([started, stopped]);
  await settled();
  expect((await world.describe("e")).status).toBe("ABORTED");
  expect(world.calls).toEqual([]);
});

test("StopExecution leaves a closed execution as it is", async () => {
  const world = worldOf(done);
  const before = await world.run();
  await world.advance(9);
  expect(await world.call("StopExecution", { executionArn: executionArn("e") })).toEqual({
    stopDate: before.stopDate,
  });
  expect(await world.describe("e")).toEqual(before);
});

test("ListExecutions lists the newest first, by status and page by page", async () => {
  const world = worldOf(open);
  for (const name of ["a", "b", "c"]) {
    await world.start(name);
    await world.advance(1);
  }
  await world.call("StopExecution", { executionArn: executionArn("b") });
  const list = async (input: object) => {
    const { executions, nextToken } = await world.call("ListExecutions", {
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

test("GetExecutionHistory tells the events of a task", async () => {
  const world = worldOf(open);
  await world.start("e");
  await settled();
  await world.call("StopExecution", { executionArn: executionArn("e"), error: "E" });
  const { events } = await world.call("GetExecutionHistory", { executionArn: executionArn("e") });
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
])("%s needs its right on what it names", (name, input, resource) => {
  expect(worldOf(done).operation(name).requires(input)).toEqual([{ action: `states:${name}`, resource }]);
});
