import { expect, test } from "vitest";
import { machine, task } from "./machine.ts";
import { executionArn, FunctionError, machineArn, settled, worldOf } from "./world.ts";

const done = { definition: machine({ A: { Type: "Succeed" } }) };
const broken = {
  definition: machine({ A: task("fn", {}) }),
  functions: {
    fn: () => {
      throw new FunctionError({ errorType: "Odd" });
    },
  },
};

test("an execution announces its start and its end on the default bus", async () => {
  const world = worldOf(done);
  await world.run({ a: 1 });
  const entry = {
    EventBusName: "default",
    Source: "aws.states",
    DetailType: "Step Functions Execution Status Change",
    Resources: [executionArn("e")],
    Time: 1767225600,
  };
  expect(world.events).toMatchObject([entry, entry]);
  const [start, end] = world.events.map(({ Detail }) => JSON.parse(String(Detail)));
  expect(start).toEqual({
    executionArn: executionArn("e"),
    stateMachineArn: machineArn,
    name: "e",
    status: "RUNNING",
    startDate: 1767225600000,
    stopDate: null,
    input: '{"a":1}',
    output: null,
    inputDetails: { included: true },
    outputDetails: null,
    error: null,
    cause: null,
  });
  expect(end).toEqual({
    ...start,
    status: "SUCCEEDED",
    stopDate: 1767225600000,
    output: '{"a":1}',
    outputDetails: { included: true },
  });
});

test("a failed execution announces its error and cause, and reports them in one line", async () => {
  const world = worldOf(broken);
  await world.run();
  expect(JSON.parse(String(world.events[1]?.Detail))).toMatchObject({
    status: "FAILED",
    error: "Odd",
    cause: '{"errorType":"Odd"}',
  });
  const message = `${executionArn("e")} FAILED: Odd: {"errorType":"Odd"}`;
  expect(world.reports).toEqual([{ source: "states", level: "problem", message }]);
});

test("a successful execution reports nothing", async () => {
  const world = worldOf(done);
  await world.run();
  expect(world.reports).toEqual([]);
});

test("input and output that fill an event are left out of it", async () => {
  const world = worldOf(done);
  await world.run("x".repeat(130_000));
  expect(JSON.parse(String(world.events[1]?.Detail))).toMatchObject({
    input: null,
    inputDetails: { included: false },
    outputDetails: { included: true },
  });
});

test("without a rule nothing is announced", async () => {
  const world = worldOf({ ...done, withoutBus: true });
  await world.run();
  expect(world.events).toEqual([]);
});

test("a bus that fails is reported and ends no execution", async () => {
  const world = worldOf(done);
  world.bus.fails = true;
  expect((await world.run()).status).toBe("SUCCEEDED");
  await settled();
  expect(world.reports.map(({ message }) => message)).toContain(
    `${executionArn("e")} its status SUCCEEDED was not announced: Error: the bus is down`,
  );
});
