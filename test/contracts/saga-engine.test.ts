import { memorySagaEngine } from "../../lib/adapters/memory/saga-engine.ts";
import { type SagaEngineUnderTest, sagaEngineContract } from "./saga-engine.ts";

const make = async (): Promise<SagaEngineUnderTest> => {
  const engine = memorySagaEngine();
  let tokens = 0;
  return {
    engine,
    startedFor: async (name) =>
      engine
        .started()
        .filter((each) => each.name === name)
        .map(({ sagaId }) => sagaId),
    // It runs nothing, so an execution that has ended is one that was started.
    end: async () => {},
    waiting: async () => {
      const token = `token-${++tokens}`;
      engine.wait(token);
      return token;
    },
    stopWaiting: async (token) => engine.stopWaiting(token),
    outcomeOf: async (token) => engine.outcomeOf(token),
  };
};

sagaEngineContract("in memory", make);
