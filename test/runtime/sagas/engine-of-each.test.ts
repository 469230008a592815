/** The engine of all sagas starts an execution for a saga with a state machine, and continues a choreography. */
import { expect, test } from "vitest";
import { engineOfEach } from "../../../lib/runtime/sagas/engine-of-each.ts";
import { waitingEngine } from "../waiting-engine.ts";

const engineWith = (machine: string) => {
  const { engine: machines, started, completed } = waitingEngine("token");
  const continued: string[] = [];
  const engine = engineOfEach({
    machines,
    hasMachine: (saga) => saga === machine,
    continueSaga: async (saga, sagaId) => void continued.push(`${saga} ${sagaId}`),
  });
  return { engine, started, completed, continued };
};

test("an execution is started for a saga with a state machine, without the steps that it skips", async () => {
  const { engine, started, continued } = engineWith("checkout");
  await engine.start("checkout", "1-1", "checkout/1", ["pay"]);
  expect([started, continued]).toEqual([["checkout 1-1 checkout/1 -pay"], []]);
});

test("an instance of a choreography is continued, each time", async () => {
  const { engine, started, continued } = engineWith("checkout");
  for (const _ of [1, 2]) await engine.start("restock", "1-1", "restock/1", ["refund"]);
  expect([started, continued]).toEqual([[], ["restock restock/1", "restock restock/1"]]);
});

test("a task that waits at its state machine is completed there", async () => {
  const { engine, completed } = engineWith("checkout");
  expect(await engine.complete("token", { kind: "succeeded" })).toBe("completed");
  expect(completed).toEqual(["token"]);
});
