/** The engine of an application whose sagas have state machines or are choreographies. */
import type { ContinueSaga } from "../../ports/deadlines.ts";
import type { SagaEngine } from "../../ports/saga-engine.ts";

type Engines = {
  readonly machines: SagaEngine;
  readonly hasMachine: (saga: string) => boolean;
  readonly continueSaga: ContinueSaga;
};

/** A choreography has no executions, so `start` continues its instance. */
export const engineOfEach = ({ machines, hasMachine, continueSaga }: Engines): SagaEngine => ({
  ...machines,
  start: (...execution) => {
    const [saga, , sagaId] = execution;
    return hasMachine(saga) ? machines.start(...execution) : continueSaga(saga, sagaId);
  },
});
