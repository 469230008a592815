import { expect, test } from "vitest";
import { cloudOf, executionArn, FunctionError, machineArn, settled } from "./cloud.ts";
import { machine, task } from "./machine.ts";

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
  const cloud = cloudOf(done);
  await cloud.run({ a: 1 });
  const entry = {
    EventBusName: "default",
    Source: "aws.states",
    DetailType: "Step Functions Execution Status Change",
    Resources: [executionArn("e")],
    Time: 1767225600,
  };
  expect(cloud.events).toMatchObject([entry, entry]);
  const [start, end] = cloud.events.map(({ Detail }) => JSON.parse(String(Detail)));
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
  const cloud = cloudOf(broken);
  await cloud.run();
  expect(JSON.parse(String(cloud.events[1]?.Detail))).toMatchObject({
    status: "FAILED",
    error: "Odd",
    cause: '{"errorType":"Odd"}',
  });
  const message = `${executionArn("e")} FAILED: Odd: {"errorType":"Odd"}`;
  expect(cloud.reports).toEqual([{ source: "states", level: "problem", message }]);
});

test("a successful execution reports nothing", async () => {
  const cloud = cloudOf(done);
  await cloud.run();
  expect(cloud.reports).toEqual([]);
});

test("input and output that would fill an event are omitted from it", async () => {
  const cloud = cloudOf(done);
  await cloud.run("x".repeat(130_000));
  expect(JSON.parse(String(cloud.events[1]?.Detail))).toMatchObject({
    input: null,
    inputDetails: { included: false },
    outputDetails: { included: true },
  });
});

test("without a rule nothing is announced", async () => {
  const cloud = cloudOf({ ...done, withoutBus: true });
  await cloud.run();
  expect(cloud.events).toEqual([]);
});

test("a failure of the bus is reported and does not end the execution", async () => {
  const cloud = cloudOf(done);
  cloud.bus.fails = true;
  expect((await cloud.run()).status).toBe("SUCCEEDED");
  await settled();
  expect(cloud.reports.map(({ message }) => message)).toContain(
    `the status SUCCEEDED of ${executionArn("e")} was not announced: Error: the bus is down`,
  );
});
