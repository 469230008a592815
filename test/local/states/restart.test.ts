import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { cloudOf, executionArn, FunctionError, type Setting, settled, until } from "./cloud.ts";
import { machine, task, tokenTask } from "./machine.ts";

let folder = "";
let files = 0;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "states-"));
});
afterAll(() => rmSync(folder, { recursive: true }));

const newJournal = () => join(folder, `journal-${files++}`);

/** Kills the cloud and starts another on the same journal. */
const restarted = async (cloud: ReturnType<typeof cloudOf>, setting: Setting) => {
  const ahead = cloud.clock.ahead();
  await settled();
  cloud.kill();
  const next = cloudOf({ ...setting, ahead });
  await next.provider.start?.();
  await settled();
  return next;
};

const never = () => new Promise(() => {});
const tokenOf = (cloud: ReturnType<typeof cloudOf>) => {
  const payload = cloud.calls.at(-1)?.payload;
  return typeof payload === "object" && payload && "token" in payload ? payload.token : undefined;
};

test("a token is still valid after a restart, without a second invocation, and ends its task", async () => {
  const setting = {
    definition: machine({ A: tokenTask("fn") }),
    functions: { fn: () => 1 },
    journal: newJournal(),
  };
  const cloud = cloudOf(setting);
  await cloud.start("e");
  const next = await restarted(cloud, setting);
  expect(next.calls).toHaveLength(0);
  await next.call("SendTaskSuccess", { taskToken: tokenOf(cloud), output: "7" });
  expect(await next.describe("e")).toMatchObject({ status: "SUCCEEDED", output: "7" });
});

test("a token keeps the rest of its timeout", async () => {
  const setting = {
    definition: machine({ A: tokenTask("fn", { TimeoutSeconds: 60 }) }),
    functions: { fn: () => 1 },
    journal: newJournal(),
  };
  const cloud = cloudOf(setting);
  await cloud.start("e");
  await cloud.advance(50);
  const next = await restarted(cloud, setting);
  await next.advance(9);
  expect((await next.describe("e")).status).toBe("RUNNING");
  await next.advance(1);
  expect((await next.describe("e")).status).toBe("FAILED");
});

test("a function that had not answered gets the same token again", async () => {
  const setting = {
    definition: machine({ A: tokenTask("fn") }),
    functions: { fn: never },
    journal: newJournal(),
  };
  const cloud = cloudOf(setting);
  await cloud.start("e");
  await until(() => cloud.calls.length === 1);
  const next = await restarted(cloud, setting);
  expect(next.calls).toEqual(cloud.calls);
});

test("a plain task is invoked again, in the same attempt, with the same payload", async () => {
  const definition = machine({
    A: task("fn", { id: "{% $uuid() %}" }, { Output: "{% $states.result.Payload %}" }),
  });
  const journal = newJournal();
  const cloud = cloudOf({ definition, functions: { fn: never }, journal });
  await cloud.start("e");
  await until(() => cloud.calls.length === 1);
  const next = await restarted(cloud, { definition, functions: { fn: () => "again" }, journal });
  expect(next.calls).toEqual(cloud.calls);
  expect(await next.describe("e")).toMatchObject({ status: "SUCCEEDED", output: '"again"' });
});

test("a retry waits for the rest of its delay, and its count continues", async () => {
  const fn = () => {
    throw new FunctionError({ errorType: "Odd" });
  };
  const Retry = [{ ErrorEquals: ["Odd"], IntervalSeconds: 100, MaxAttempts: 1 }];
  const setting = {
    definition: machine({ A: task("fn", {}, { Retry }) }),
    functions: { fn },
    journal: newJournal(),
  };
  const cloud = cloudOf(setting);
  await cloud.start("e");
  await cloud.advance(90);
  const next = await restarted(cloud, setting);
  await next.advance(9);
  expect(next.calls).toHaveLength(0);
  await next.advance(1);
  expect(next.calls).toHaveLength(1);
  expect((await next.describe("e")).status).toBe("FAILED");
});

test("an execution whose start was only acknowledged runs after the restart, with its variables and input", async () => {
  const setting = {
    definition: machine({
      A: { Type: "Pass", Assign: { n: "{% $states.input.n %}" }, Next: "B" },
      B: task("fn", "{% $n %}", { Output: "{% $states.result.Payload %}" }),
    }),
    functions: { fn: (n: number) => n + 1 },
    journal: newJournal(),
  };
  const cloud = cloudOf(setting);
  const started = cloud.start("e", { n: 1 });
  cloud.kill();
  await started;
  const next = cloudOf(setting);
  await next.provider.start?.();
  await until(async () => (await next.describe("e")).status === "SUCCEEDED");
  expect((await next.describe("e")).output).toBe("2");
});

test("an answer to a token is in the journal once it is acknowledged, with the variables", async () => {
  const definition = machine({
    A: tokenTask("first", { Assign: { got: "{% $states.result %}" }, Next: "B" }),
    B: tokenTask("second", { Output: ["{% $got %}", "{% $states.result %}"] }),
  });
  const journal = newJournal();
  const functions = { first: () => 1, second: never };
  const cloud = cloudOf({ definition, functions, journal });
  await cloud.start("e");
  await settled();
  await cloud.call("SendTaskSuccess", { taskToken: tokenOf(cloud), output: "5" });
  cloud.kill();
  const next = cloudOf({ definition, functions, journal });
  await next.provider.start?.();
  expect(next.calls.map(({ functionName }) => functionName)).toEqual(["second"]);
  await next.call("SendTaskSuccess", { taskToken: tokenOf(next), output: "6" });
  expect((await next.describe("e")).output).toBe("[5,6]");
});

test("a closed execution is still known after a restart, and its name is still taken", async () => {
  const setting = { definition: machine({ A: { Type: "Succeed" } }), journal: newJournal() };
  const cloud = cloudOf(setting);
  const ended = await cloud.run();
  const next = await restarted(cloud, setting);
  expect(await next.describe("e")).toEqual(ended);
  await expect(next.start("e")).rejects.toMatchObject({ code: "ExecutionAlreadyExists" });
  expect(next.events).toEqual([]);
});

test("the end of an execution that the bus did not accept is announced after the restart", async () => {
  const setting = { definition: machine({ A: { Type: "Fail", Error: "Odd" } }), journal: newJournal() };
  const cloud = cloudOf(setting);
  cloud.bus.fails = true;
  await cloud.run();
  const next = await restarted(cloud, setting);
  expect(next.events.map(({ Detail }) => JSON.parse(String(Detail)).status)).toEqual(["FAILED"]);
  expect(next.calls).toEqual([]);
});

test("an execution continues with the definition that it started with", async () => {
  const journal = newJournal();
  const functions = { fn: () => 1 };
  const before = machine({ A: tokenTask("fn", { Next: "B" }), B: { Type: "Succeed", Output: "old" } });
  const cloud = cloudOf({ definition: before, functions, journal });
  await cloud.start("e");
  const after = machine({ A: { Type: "Succeed", Output: "new" } });
  const next = await restarted(cloud, { definition: after, functions, journal });
  await next.call("SendTaskSuccess", { taskToken: tokenOf(cloud), output: "1" });
  expect((await next.describe("e")).output).toBe('"old"');
  await next.start("f");
  await settled();
  expect((await next.describe("f")).output).toBe('"new"');
});

test("an execution whose state machine is no longer in the template is aborted, and this is reported", async () => {
  const setting = {
    definition: machine({ A: tokenTask("fn") }),
    functions: { fn: () => 1 },
    journal: newJournal(),
  };
  const cloud = cloudOf(setting);
  await cloud.start("e");
  const next = await restarted(cloud, { ...setting, name: "other" });
  expect(await next.describe("e")).toMatchObject({ status: "ABORTED" });
  expect(next.reports[0]?.message).toContain(executionArn("e"));
});

test("a cloud that stops finishes the current answer and accepts no others", async () => {
  const definition = machine({ A: tokenTask("fn", { Next: "B" }), B: tokenTask("fn") });
  const setting = { definition, functions: { fn: () => 1 }, journal: newJournal() };
  const cloud = cloudOf(setting);
  await cloud.start("e");
  await settled();
  const [taskToken, output] = [tokenOf(cloud), "1"];
  const underWay = cloud.call("SendTaskSuccess", { taskToken, output });
  await cloud.provider.stop?.();
  const late = cloud.call("SendTaskSuccess", { taskToken, output });
  await expect(late).rejects.toMatchObject({ code: "ServiceUnavailable", status: 503 });
  expect(await underWay).toEqual({});
  expect(cloud.calls).toHaveLength(1);
  const next = await restarted(cloud, setting);
  await next.call("SendTaskSuccess", { taskToken: tokenOf(next), output: "2" });
  expect((await next.describe("e")).output).toBe("2");
});
