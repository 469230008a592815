/** What every engine of sagas promises. */
import { describe, expect, test } from "vitest";
import type { SagaEngine, TaskOutcome } from "../../lib/ports/saga-engine.ts";

export type SagaEngineUnderTest = {
  /** It runs a saga named checkout. */
  readonly engine: SagaEngine;
  /** The instances that executions of this name were started for. */
  readonly startedFor: (name: string) => Promise<readonly string[]>;
  /** Lets the execution of this name end, however. */
  readonly end: (name: string) => Promise<void>;
  /** The token of a task that waits. */
  readonly waiting: () => Promise<string>;
  /** Lets nobody wait with this token any longer. */
  readonly stopWaiting: (token: string) => Promise<void>;
  /** How the task with this token was completed, if it was. */
  readonly outcomeOf: (token: string) => Promise<TaskOutcome | undefined>;
};

let executions = 0;
const newName = (prefix = "") => `${prefix}${process.pid}-${++executions}`;

const succeeded: TaskOutcome = { kind: "succeeded" };
const failed: TaskOutcome = { kind: "failed", error: "StepFailed", because: "pay rejected: no money ☕" };

export const sagaEngineContract = (name: string, make: () => Promise<SagaEngineUnderTest>): void => {
  describe(`the engine of sagas ${name}`, () => {
    test.each([
      ["an id", "10248."],
      ["anything", "größe: 1/2 "],
      ["something long", "x".repeat(100)],
    ])("starts an execution of this name for the instance: %s", async (_, prefix) => {
      const { engine, startedFor } = await make();
      const name = newName(prefix);
      await engine.start("checkout", name, "checkout/10248");
      expect(await startedFor(name)).toEqual(["checkout/10248"]);
    });

    test("starts executions of different names each", async () => {
      const { engine, startedFor } = await make();
      const [one, other] = [newName(), newName()];
      await engine.start("checkout", one, "checkout/1");
      await engine.start("checkout", other, "checkout/2");
      expect([await startedFor(one), await startedFor(other)]).toEqual([["checkout/1"], ["checkout/2"]]);
    });

    test("has enough of one execution of the same name that runs", async () => {
      const { engine, startedFor } = await make();
      const name = newName();
      for (const _ of [1, 2, 3]) await engine.start("checkout", name, "checkout/1");
      expect(await startedFor(name)).toEqual(["checkout/1"]);
    });

    test("has enough of one execution of the same name that has ended", async () => {
      const { engine, startedFor, end } = await make();
      const name = newName();
      await engine.start("checkout", name, "checkout/1");
      await end(name);
      await engine.start("checkout", name, "checkout/1");
      expect(await startedFor(name)).toEqual(["checkout/1"]);
    });

    test.each([
      ["success", succeeded],
      ["failure, with its name and why", failed],
    ])("completes the task that waits with this token: %s", async (_, outcome) => {
      const { engine, waiting, outcomeOf } = await make();
      const token = await waiting();
      expect(await outcomeOf(token)).toBeUndefined();
      expect(await engine.complete(token, outcome)).toBe("completed");
      expect(await outcomeOf(token)).toEqual(outcome);
    });

    test("says gone where it waits no longer because it was completed, which stands", async () => {
      const { engine, waiting, outcomeOf } = await make();
      const token = await waiting();
      await engine.complete(token, failed);
      expect(await engine.complete(token, succeeded)).toBe("gone");
      expect(await engine.complete(token, failed)).toBe("gone");
      expect(await outcomeOf(token)).toEqual(failed);
    });

    test("says gone where it waits no longer because nobody waited so long", async () => {
      const { engine, waiting, stopWaiting } = await make();
      const token = await waiting();
      await stopWaiting(token);
      expect(await engine.complete(token, succeeded)).toBe("gone");
    });

    test.each([["succeeded", succeeded] as const, ["failed", failed] as const])(
      "says gone where it never did: %s",
      async (_, outcome) => {
        const { engine } = await make();
        expect(await engine.complete("a token of nobody", outcome)).toBe("gone");
      },
    );
  });
};
