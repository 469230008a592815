/** An engine that only records its calls. Its tasks wait with the tokens that it gets. */
import type { SagaEngine } from "../../lib/ports/saga-engine.ts";

export const waitingEngine = (...tokens: readonly string[]) => {
  const waiting = new Set(tokens);
  const started: string[] = [];
  const completed: string[] = [];
  const engine: SagaEngine = {
    start: async (saga, name, sagaId, skips = []) =>
      void started.push([saga, name, sagaId, ...skips.map((step) => `-${step}`)].join(" ")),
    complete: async (token, outcome) => {
      if (!waiting.delete(token)) return "gone";
      completed.push(outcome.kind === "failed" ? `${token} ${outcome.error}: ${outcome.because}` : token);
      return "completed";
    },
  };
  return { engine, started, completed, wait: (token: string) => void waiting.add(token) };
};
