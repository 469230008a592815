import { describe, expect, test } from "vitest";
import { cloudOf, executionArn, FunctionError, machineArn, settled, until } from "./cloud.ts";
import { machine, task, tokenTask } from "./machine.ts";

const refusal = (code: string, message: string) => expect.objectContaining({ code, message, status: 400 });
const gone = refusal("TaskTimedOut", "Task Timed Out: 'Provided task does not exist anymore'");

/** Functions that take a token, and the tokens that they got. */
const takers = () => {
  const tokens: string[] = [];
  return {
    tokens,
    functions: {
      take: ({ token }: { token: string }) => tokens.push(token),
      takeAndHang: ({ token }: { token: string }) => {
        tokens.push(token);
        return new Promise(() => {});
      },
      takeAndFail: ({ token }: { token: string }) => {
        tokens.push(token);
        throw new FunctionError({ errorType: "Odd" });
      },
    },
  };
};

const waiting = async (functionName = "take", fields: Readonly<Record<string, unknown>> = {}) => {
  const { tokens, functions } = takers();
  const definition = machine({
    A: tokenTask(functionName, { Next: "B", ...fields }),
    B: { Type: "Succeed" },
  });
  const cloud = cloudOf({ definition, functions });
  await cloud.start("e");
  await until(() => tokens.length === 1);
  await settled();
  const answer = (output: unknown, token = tokens.at(-1)) =>
    cloud.call("SendTaskSuccess", { taskToken: token, output: JSON.stringify(output) });
  return { ...cloud, tokens, answer };
};

describe("a task that waits for its token", () => {
  test("ends with the output of SendTaskSuccess, not with the answer of its function", async () => {
    const cloud = await waiting();
    expect((await cloud.describe("e")).status).toBe("RUNNING");
    expect(await cloud.answer({ done: true })).toEqual({});
    expect(await cloud.describe("e")).toMatchObject({ status: "SUCCEEDED", output: '{"done":true}' });
  });

  test("can be completed before its function has answered", async () => {
    const cloud = await waiting("takeAndHang");
    await cloud.answer(1);
    expect(await cloud.describe("e")).toMatchObject({ status: "SUCCEEDED", output: "1" });
  });

  test("fails at once when its function fails", async () => {
    const cloud = await waiting("takeAndFail");
    expect(await cloud.describe("e")).toMatchObject({ status: "FAILED", error: "Odd" });
  });

  test("fails with the error and cause of SendTaskFailure", async () => {
    const cloud = await waiting("take", { Catch: [{ ErrorEquals: ["Declined"], Next: "B" }] });
    await cloud.call("SendTaskFailure", { taskToken: cloud.tokens[0], error: "Declined", cause: "no money" });
    expect((await cloud.describe("e")).output).toBe('{"Error":"Declined","Cause":"no money"}');
  });

  test("refuses a second answer, even while the first is being processed", async () => {
    const cloud = await waiting("take", { Next: "B", End: undefined });
    const first = cloud.answer(1);
    await expect(cloud.answer(2)).rejects.toEqual(gone);
    await first;
    await expect(cloud.answer(2)).rejects.toEqual(gone);
    expect((await cloud.describe("e")).output).toBe("1");
  });

  test("refuses an answer after its timeout, even before the timeout is processed", async () => {
    const cloud = await waiting("take", { TimeoutSeconds: 60 });
    cloud.clock.advance(60_000);
    await expect(cloud.answer(1)).rejects.toEqual(gone);
    await until(async () => (await cloud.describe("e")).status === "FAILED");
    await expect(cloud.answer(1)).rejects.toEqual(gone);
    await expect(cloud.call("SendTaskHeartbeat", { taskToken: cloud.tokens[0] })).rejects.toEqual(gone);
  });

  test("has a new token for each attempt, and the old token is invalid", async () => {
    const cloud = await waiting("take", { Retry: [{ ErrorEquals: ["States.ALL"], IntervalSeconds: 5 }] });
    await cloud.call("SendTaskFailure", { taskToken: cloud.tokens[0] });
    await expect(cloud.answer(1, cloud.tokens[0])).rejects.toEqual(gone);
    await cloud.advance(5);
    expect(new Set(cloud.tokens).size).toBe(2);
    await expect(cloud.answer(1, cloud.tokens[0])).rejects.toEqual(gone);
    await cloud.answer(2);
    expect((await cloud.describe("e")).output).toBe("2");
  });

  test("refuses an answer if its execution was stopped", async () => {
    const cloud = await waiting();
    await cloud.call("StopExecution", { executionArn: executionArn("e"), error: "Enough", cause: "of it" });
    await expect(cloud.answer(1)).rejects.toEqual(gone);
    expect(await cloud.describe("e")).toMatchObject({ status: "ABORTED", error: "Enough", cause: "of it" });
  });

  test("accepts a heartbeat", async () => {
    const cloud = await waiting();
    expect(await cloud.call("SendTaskHeartbeat", { taskToken: cloud.tokens[0] })).toEqual({});
  });

  test("refuses an output that is not JSON, and continues to wait", async () => {
    const cloud = await waiting();
    const sent = cloud.call("SendTaskSuccess", { taskToken: cloud.tokens[0], output: "{" });
    await expect(sent).rejects.toMatchObject({ code: "InvalidOutput" });
    await cloud.answer(1);
    expect((await cloud.describe("e")).status).toBe("SUCCEEDED");
  });
});

test.each(["", "nonsense", Buffer.from("[1]").toString("base64url")])(
  "the token %o is invalid",
  async (taskToken) => {
    const cloud = cloudOf({ definition: machine({ A: task("fn", {}) }) });
    const sent = cloud.call("SendTaskSuccess", { taskToken, output: "1" });
    await expect(sent).rejects.toEqual(refusal("InvalidToken", "Invalid Token: 'Invalid token'"));
  },
);

test("the token of an unknown execution belongs to no task", async () => {
  const cloud = await waiting();
  const other = cloudOf({ definition: machine({ A: task("fn", {}) }) });
  const sent = other.call("SendTaskSuccess", { taskToken: cloud.tokens[0], output: "1" });
  await expect(sent).rejects.toMatchObject({ code: "TaskDoesNotExist" });
});

test("answering a token needs permission for the state machine of its task", async () => {
  const cloud = await waiting();
  for (const taskToken of [cloud.tokens[0], "nonsense"])
    expect(cloud.operation("SendTaskSuccess").requires({ taskToken, output: "1" })).toEqual([
      { action: "states:SendTaskSuccess", resource: machineArn },
    ]);
});
