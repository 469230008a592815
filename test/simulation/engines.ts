/** The engines that run the sagas of a simulation. */
import type { EndedExecution } from "../../lib/adapters/memory/saga-engine.ts";
import { type EngineTask, memorySagaEngine } from "../../lib/adapters/memory/saga-engine.ts";
import type { AnySaga } from "../../lib/model/saga.ts";
import type { SagaEngine } from "../../lib/ports/saga-engine.ts";
import { compiledEngine, expressEngine } from "./compiled-engine.ts";
import type { Timeline } from "./timeline.ts";

/** What an engine stands on. */
export type Ground = {
  readonly sagas: readonly AnySaga[];
  readonly time: Timeline;
  /** Invokes the saga's function; what it throws is told by its name. */
  readonly run: (saga: AnySaga, task: EngineTask) => Promise<void>;
  readonly ended: (
    execution: Pick<EndedExecution, "sagaId" | "execution" | "because"> & { readonly status: string },
  ) => void;
};

/** `endsUntold` are the sagas whose executions may end without anybody being told; none where it is missing. */
export type Engine = SagaEngine & { readonly endsUntold?: (saga: string) => boolean };

/** By events alone there is none. */
export type MakeEngine = "choreography" | ((ground: Ground) => Engine);

const reference = ({ sagas, time, run, ended }: Ground): SagaEngine =>
  memorySagaEngine({ sagas, run, ended, sleep: time.sleep, random: time.random });

export const stateMachines = [
  ["the reference engine", reference],
  ["the compiled state machine", compiledEngine],
] as const satisfies readonly (readonly [name: string, make: MakeEngine])[];

export const engines: readonly (readonly [name: string, make: MakeEngine])[] = [
  ...stateMachines,
  ["choreography", "choreography"],
];

/** Beside them, for sagas that do not wait. */
export const express = ["Express where nothing waits", expressEngine] as const satisfies readonly [
  name: string,
  make: MakeEngine,
];
