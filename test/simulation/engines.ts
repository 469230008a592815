/** The engines that run the sagas of a simulation. */
import { memorySagaEngine } from "../../lib/adapters/memory/saga-engine.ts";
import type { SagaEngine } from "../../lib/ports/saga-engine.ts";
import { compiledEngine } from "./compiled-engine.ts";
import type { Engine, Ground } from "./engine.ts";

/** Choreography needs no engine. */
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
