/** The execution environments of one function: how many there are, and when they end. */
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import type { Answer } from "../../../../lib/local/lambda/environments/answer.ts";
import type { Environment } from "../../../../lib/local/lambda/environments/environment.ts";
import { pool } from "../../../../lib/local/lambda/environments/pool.ts";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const task = { requestId: "r", payload: "{}", traceHeader: "" };
const done: Answer = { payload: "1" };

/** Environments that answer when the test says so. */
const stage = (environmentsMax: number) => {
  const made: { readonly answer: () => void; readonly crash: () => void; isStopped: boolean }[] = [];
  const running = pool(environmentsMax, (ended) => {
    let isSpent = false;
    let answer = (_: Answer) => {};
    const own = {
      answer: () => answer(done),
      crash: () => {
        isSpent = true;
        answer({ payload: "0", functionError: "Unhandled" });
        ended();
      },
      isStopped: false,
    };
    made.push(own);
    const environment: Environment = {
      run: () =>
        new Promise((resolve) => {
          answer = resolve;
        }),
      isSpent: () => isSpent,
      stop: async () => {
        own.isStopped = true;
        isSpent = true;
        ended();
      },
    };
    return environment;
  });
  return { made, running, alive: () => made.filter(({ isStopped }) => !isStopped).length };
};

/** Enough tasks for a long queue: one is running, and more wait than a short queue holds. */
const manyTasks = Array.from({ length: 6 }, (_, index) => index);

test("one environment serves a short queue", async () => {
  const { made, running } = stage(2);
  const answers = [1, 2, 3].map(() => running.run(task));
  for (const _ of answers) {
    expect(made).toHaveLength(1);
    made[0]?.answer();
    await vi.advanceTimersByTimeAsync(0);
  }
  expect(await Promise.all(answers)).toEqual([done, done, done]);
  await vi.advanceTimersByTimeAsync(1_000);
  expect(made).toHaveLength(1);
});

test("a long queue starts more environments, up to the limit", async () => {
  const { made, running } = stage(2);
  const answers = manyTasks.map(() => running.run(task));
  expect(made).toHaveLength(2);
  for (const _ of answers) {
    for (const { answer } of made) answer();
    await vi.advanceTimersByTimeAsync(0);
  }
  expect(await Promise.all(answers)).toEqual(answers.map(() => done));
  expect(made).toHaveLength(2);
});

test("a task does not wait long for a busy environment, because that environment may wait for the task", async () => {
  const { made, running } = stage(2);
  void running.run(task);
  const second = running.run(task);
  await vi.advanceTimersByTimeAsync(199);
  expect(made).toHaveLength(1);
  await vi.advanceTimersByTimeAsync(1);
  expect(made).toHaveLength(2);
  made[1]?.answer();
  expect(await second).toEqual(done);
});

test("a task gets an environment even if the timer is early by the other clock", async () => {
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
  const { made, running } = stage(2);
  void running.run(task);
  const second = running.run(task);
  await vi.advanceTimersByTimeAsync(200);
  made[1]?.answer();
  expect(await second).toEqual(done);
});

test("environments that are idle for a minute end, except for one", async () => {
  const { made, running, alive } = stage(3);
  const answers = [1, 2, 3].map(() => running.run(task));
  await vi.advanceTimersByTimeAsync(200);
  for (const { answer } of made) answer();
  await Promise.all(answers);
  await vi.advanceTimersByTimeAsync(59_000);
  expect(alive()).toBe(3);
  await vi.advanceTimersByTimeAsync(2_000);
  expect(alive()).toBe(1);
  await vi.advanceTimersByTimeAsync(600_000);
  expect(alive()).toBe(1);
});

test("an environment that crashes is replaced", async () => {
  const { made, running } = stage(1);
  const [first, second] = [running.run(task), running.run(task)];
  made[0]?.crash();
  expect(await first).toMatchObject({ functionError: "Unhandled" });
  await vi.advanceTimersByTimeAsync(0);
  expect(made).toHaveLength(2);
  made[1]?.answer();
  expect(await second).toEqual(done);
});

test("stop answers the waiting tasks and ends all environments", async () => {
  const { running, alive } = stage(1);
  void running.run(task);
  const waiting = running.run(task);
  await running.stop();
  expect(await waiting).toMatchObject({ functionError: "Unhandled" });
  expect(alive()).toBe(0);
});

test("a warm environment takes the first task and is made only once", async () => {
  const { made, running } = stage(2);
  running.warm();
  running.warm();
  expect(made).toHaveLength(1);
  const answer = running.run(task);
  expect(made).toHaveLength(1);
  made[0]?.answer();
  expect(await answer).toEqual(done);
  running.warm();
  expect(made).toHaveLength(1);
});
