/** The reference of the engine of sagas: keeps which executions were started and how tasks ended. It runs nothing. */
import type { SagaEngine, TaskOutcome } from "../../ports/saga-engine.ts";

export type Execution = { readonly saga: string; readonly name: string; readonly sagaId: string };

export type MemorySagaEngine = SagaEngine & {
  readonly started: () => readonly Execution[];
  /** A task waits from here on, with this token, until it is completed or nobody waits any longer. */
  readonly wait: (token: string) => void;
  readonly stopWaiting: (token: string) => void;
  readonly outcomeOf: (token: string) => TaskOutcome | undefined;
};

export const memorySagaEngine = (): MemorySagaEngine => {
  const executions: Execution[] = [];
  const waiting = new Set<string>();
  const outcomes = new Map<string, TaskOutcome>();

  return {
    started: () => [...executions],
    wait: (token) => void waiting.add(token),
    stopWaiting: (token) => void waiting.delete(token),
    outcomeOf: (token) => outcomes.get(token),
    start: async (saga, name, sagaId) => {
      const isThere = executions.some((each) => each.saga === saga && each.name === name);
      if (!isThere) executions.push({ saga, name, sagaId });
    },
    complete: async (token, outcome) => {
      if (!waiting.delete(token)) return "gone";
      outcomes.set(token, outcome);
      return "completed";
    },
  };
};
