import { describe, expect, test } from "vitest";
import { taskHandler } from "../../../lib/adapters/stepfunctions/task.ts";
import type { MachineTask } from "../../../lib/model/sagas/machine-task.ts";

const payload = { sagaId: "checkout/1", task: "pay", act: "run", token: "AQCE" };

const given = async (event: unknown): Promise<readonly MachineTask[]> => {
  const tasks: MachineTask[] = [];
  const answer = await taskHandler(async (task) => void tasks.push(task))(event);
  expect(answer).toEqual({});
  return tasks;
};

describe("a payload is passed on", () => {
  const { token: _, ...withoutToken } = payload;
  test.each([
    payload,
    withoutToken,
    { ...withoutToken, task: ["pay", "ship"] },
    { ...withoutToken, act: "expire" },
    { ...payload, act: "park" },
    { ...withoutToken, act: "park", execution: "1" },
  ])("%j", async (event) => {
    expect(await given(event)).toEqual([event]);
  });
});

describe("an invalid payload is refused", () => {
  const cases = [
    [undefined, "expected object"],
    [{ ...payload, act: "jump" }, "act"],
    [{ ...payload, sagaId: undefined }, "sagaId"],
    [{ ...payload, task: 1 }, "task"],
    [{ ...payload, task: [] }, "task"],
    [{ ...payload, upTo: "ship" }, "upTo"],
  ] as const;
  test.each(cases)("%j", async (event, because) => {
    await expect(given(event)).rejects.toThrow(because);
  });
});

test("an error of a task keeps its name, by which the machine catches it", async () => {
  const fault = Object.assign(new Error("rejected"), { name: "StepFailed" });
  await expect(taskHandler(() => Promise.reject(fault))(payload)).rejects.toBe(fault);
});
