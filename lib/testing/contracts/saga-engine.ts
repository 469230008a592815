/** The contract of every saga engine. */
import { describe, expect, test } from "vitest";
import type { SagaEngine, TaskOutcome } from "../../ports/saga-engine.ts";

/** An engine, and what the contract needs to test it. */
export type SagaEngineUnderTest = {
  /** Runs a saga named checkout. */
  readonly engine: SagaEngine;
  /** The number of executions that were started for the instance. */
  readonly executionsFor: (sagaId: string) => Promise<number>;
  /** Ends the executions of the instance in any way. */
  readonly end: (sagaId: string) => Promise<void>;
  /** The token of a waiting task. */
  readonly waiting: () => Promise<string>;
  /** Ends the wait with this token. */
  readonly stopWaiting: (token: string) => Promise<void>;
  /** How the task with this token was completed. Undefined if it was not. */
  readonly outcomeOf: (token: string) => Promise<TaskOutcome["kind"] | undefined>;
};

let names = 0;
const newName = () => `${process.pid}-${++names}`;

const outcomes: readonly TaskOutcome[] = [
  { kind: "succeeded" },
  { kind: "failed", error: "StepFailed", because: "pay rejected: no money ☕" },
];

const startsContract = (name: string, make: () => Promise<SagaEngineUnderTest>): void => {
  describe(`the saga engine ${name}`, () => {
    test.each([
      ["the instance's own id", (id: string) => id],
      ["the name of a restart", (id: string) => `${id}.2`],
      ["anything", (id: string) => `größe: 1/2 ${id}`],
      ["something long", (id: string) => `${id}${"x".repeat(100)}`],
    ])("starts an execution with this name for the instance: %s", async (_, nameOf) => {
      const { engine, executionsFor } = await make();
      const id = newName();
      await engine.start("checkout", nameOf(id), `checkout/${id}`);
      expect(await executionsFor(`checkout/${id}`)).toBe(1);
    });

    test("starts executions with other names, too", async () => {
      const { engine, executionsFor } = await make();
      const id = newName();
      await engine.start("checkout", id, `checkout/${id}`);
      await engine.start("checkout", `${id}.2`, `checkout/${id}`);
      expect(await executionsFor(`checkout/${id}`)).toBe(2);
    });

    test("keeps one execution with the same name while one runs", async () => {
      const { engine, executionsFor } = await make();
      const id = newName();
      for (const _ of [1, 2, 3]) await engine.start("checkout", id, `checkout/${id}`);
      expect(await executionsFor(`checkout/${id}`)).toBe(1);
    });

    test("keeps one execution with the same name after one has ended", async () => {
      const { engine, executionsFor, end } = await make();
      const id = newName();
      await engine.start("checkout", id, `checkout/${id}`);
      await end(`checkout/${id}`);
      for (const _ of [1, 2]) await engine.start("checkout", id, `checkout/${id}`);
      expect(await executionsFor(`checkout/${id}`)).toBe(1);
    });
  });
};

/** Tests an engine. `make` returns a new one for each test. */
export const sagaEngineContract = (name: string, make: () => Promise<SagaEngineUnderTest>): void => {
  startsContract(name, make);

  describe(`the saga engine ${name}`, () => {
    test.each(outcomes)("completes the task that waits with this token: $kind", async (outcome) => {
      const { engine, waiting, outcomeOf } = await make();
      const token = await waiting();
      expect(await outcomeOf(token)).toBeUndefined();
      expect(await engine.complete(token, outcome)).toBe("completed");
      expect(await outcomeOf(token)).toBe(outcome.kind);
    });

    test.each(outcomes)("answers gone for a task that was completed: $kind", async (outcome) => {
      const { engine, waiting, outcomeOf } = await make();
      const token = await waiting();
      await engine.complete(token, outcome);
      for (const later of outcomes) expect(await engine.complete(token, later)).toBe("gone");
      expect(await outcomeOf(token)).toBe(outcome.kind);
    });

    test.each(outcomes)("answers gone for a task whose wait has ended: $kind", async (outcome) => {
      const { engine, waiting, stopWaiting } = await make();
      const token = await waiting();
      await stopWaiting(token);
      expect(await engine.complete(token, outcome)).toBe("gone");
    });

    test.each(outcomes)("answers gone for an unknown token: $kind", async (outcome) => {
      const { engine } = await make();
      expect(await engine.complete("an unknown token", outcome)).toBe("gone");
    });
  });
};
