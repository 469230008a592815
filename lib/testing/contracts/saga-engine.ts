/** What every engine of sagas promises. */
import { describe, expect, test } from "vitest";
import type { SagaEngine, TaskOutcome } from "../../ports/saga-engine.ts";

export type StartsUnderTest = {
  /** It runs a saga named checkout. */
  readonly engine: Pick<SagaEngine, "start">;
  /** How many executions were started for the instance. */
  readonly executionsFor: (sagaId: string) => Promise<number>;
  /** Lets the executions for the instance end, however. */
  readonly end: (sagaId: string) => Promise<void>;
};

export type SagaEngineUnderTest = StartsUnderTest & {
  readonly engine: SagaEngine;
  /** The token of a task that waits. */
  readonly waiting: () => Promise<string>;
  /** Lets nobody wait with this token any longer. */
  readonly stopWaiting: (token: string) => Promise<void>;
  /** How the task with this token was completed, if it was. */
  readonly outcomeOf: (token: string) => Promise<TaskOutcome["kind"] | undefined>;
};

let names = 0;
const newName = () => `${process.pid}-${++names}`;

const outcomes: readonly TaskOutcome[] = [
  { kind: "succeeded" },
  { kind: "failed", error: "StepFailed", because: "pay rejected: no money ☕" },
];

/** Of an engine whose tasks cannot wait this is all. */
export const startsContract = (
  name: string,
  make: () => Promise<StartsUnderTest>,
  { keepsNames }: { readonly keepsNames: boolean },
): void => {
  const several = keepsNames ? 1 : 3;
  const enough = keepsNames ? "has enough of one execution" : "starts another execution";

  describe(`the engine of sagas ${name}`, () => {
    test.each([
      ["the instance's own id", (id: string) => id],
      ["that of a restart", (id: string) => `${id}.2`],
      ["anything", (id: string) => `größe: 1/2 ${id}`],
      ["something long", (id: string) => `${id}${"x".repeat(100)}`],
    ])("starts an execution of this name for the instance: %s", async (_, nameOf) => {
      const { engine, executionsFor } = await make();
      const id = newName();
      await engine.start("checkout", nameOf(id), `checkout/${id}`);
      expect(await executionsFor(`checkout/${id}`)).toBe(1);
    });

    test("starts executions of other names too", async () => {
      const { engine, executionsFor } = await make();
      const id = newName();
      await engine.start("checkout", id, `checkout/${id}`);
      await engine.start("checkout", `${id}.2`, `checkout/${id}`);
      expect(await executionsFor(`checkout/${id}`)).toBe(2);
    });

    test(`${enough} of the same name while one runs`, async () => {
      const { engine, executionsFor } = await make();
      const id = newName();
      for (const _ of [1, 2, 3]) await engine.start("checkout", id, `checkout/${id}`);
      expect(await executionsFor(`checkout/${id}`)).toBe(several);
    });

    test(`${enough} of the same name when one has ended`, async () => {
      const { engine, executionsFor, end } = await make();
      const id = newName();
      await engine.start("checkout", id, `checkout/${id}`);
      await end(`checkout/${id}`);
      for (const _ of [1, 2]) await engine.start("checkout", id, `checkout/${id}`);
      expect(await executionsFor(`checkout/${id}`)).toBe(several);
    });
  });
};

export const sagaEngineContract = (name: string, make: () => Promise<SagaEngineUnderTest>): void => {
  startsContract(name, make, { keepsNames: true });

  describe(`the engine of sagas ${name}`, () => {
    test.each(outcomes)("completes the task that waits with this token: $kind", async (outcome) => {
      const { engine, waiting, outcomeOf } = await make();
      const token = await waiting();
      expect(await outcomeOf(token)).toBeUndefined();
      expect(await engine.complete(token, outcome)).toBe("completed");
      expect(await outcomeOf(token)).toBe(outcome.kind);
    });

    test.each(outcomes)("says gone where it waits no longer, completed before: $kind", async (outcome) => {
      const { engine, waiting, outcomeOf } = await make();
      const token = await waiting();
      await engine.complete(token, outcome);
      for (const later of outcomes) expect(await engine.complete(token, later)).toBe("gone");
      expect(await outcomeOf(token)).toBe(outcome.kind);
    });

    test.each(outcomes)("says gone where it waits no longer, its time is over: $kind", async (outcome) => {
      const { engine, waiting, stopWaiting } = await make();
      const token = await waiting();
      await stopWaiting(token);
      expect(await engine.complete(token, outcome)).toBe("gone");
    });

    test.each(outcomes)("says gone where it never did: $kind", async (outcome) => {
      const { engine } = await make();
      expect(await engine.complete("a token of nobody", outcome)).toBe("gone");
    });
  });
};
