import { memorySagaEngine } from "../../lib/adapters/memory/saga-engine.ts";
import type { MachineTask } from "../../lib/model/sagas/machine-task.ts";
import { type SagaEngineUnderTest, sagaEngineContract } from "../../lib/testing/contracts/saga-engine.ts";
import { lendingOf, step } from "../library/fixtures/lending-of.ts";

const steps = [step("emma"), step("persuasion")];
const [firstStep] = steps;

const nextTurn = () => new Promise((resolve) => setImmediate(resolve));

/** Every step waits until its token is completed. A step that expires has failed. */
const make = async (): Promise<SagaEngineUnderTest> => {
  const tasks: MachineTask[] = [];
  const endTimes: (() => void)[] = [];
  const engine = memorySagaEngine({
    sagas: [{ ...lendingOf(steps), name: "checkout" }],
    run: async (_, task) => {
      tasks.push(task);
      if (task.act === "expire") throw Object.assign(new Error("expired"), { name: "StepFailed" });
    },
    sleep: () => new Promise((resolve) => endTimes.push(resolve)),
    random: () => 0,
    ended: () => {},
  });
  const of = (sagaId: string) => tasks.filter((task) => task.sagaId === sagaId);
  const taskWith = (token: string) => tasks.findIndex((task) => task.token === token);

  return {
    engine,
    executionsFor: async (sagaId) =>
      of(sagaId).filter(({ task, act }) => task === firstStep?.name && act === "run").length,
    end: async (sagaId) => {
      // Each answer starts the next task, which is added during this loop.
      for (const task of tasks) {
        if (task.sagaId !== sagaId || task.token === undefined) continue;
        await engine.complete(task.token, { kind: "succeeded" });
        await nextTurn();
      }
    },
    waiting: async () => {
      await engine.start("checkout", "waits", "checkout/waits");
      return of("checkout/waits").at(-1)?.token ?? "none";
    },
    stopWaiting: async () => {
      for (const end of endTimes) end();
      await nextTurn();
    },
    outcomeOf: async (token) => {
      await nextTurn();
      const next = tasks[taskWith(token) + 1];
      if (!next) return undefined;
      return next.act === "expire" ? "failed" : "succeeded";
    },
  };
};

sagaEngineContract("in memory", make);
