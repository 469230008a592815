/**
 * Step Functions of the local cloud: AWS::StepFunctions::StateMachine of any template, as far as it uses
 * Lambda tasks and JSONata; the rest is refused by name. From a template to a run:
 * machines, definition-parser, fields → definition (with jsonata's templates) → interpreter (with failure,
 * retry) → transitions (with lambda-task, status-change) → executions (with execution, execution-store, history)
 * → operations (with listing), the API that functions call.
 */
import { random } from "../machine/random.ts";
import type { MakeProvider } from "../service/service.ts";
import { executions } from "./executions.ts";
import { interpreter } from "./interpreter.ts";
import { compiler } from "./language/jsonata.ts";
import { stateMachinesOf } from "./machines.ts";
import { statesService } from "./operations.ts";

/** `jitter` spreads retries. It answers a number from 0 to 1. */
export const stateMachinesWith =
  (jitter: () => number): MakeProvider =>
  (cloud, resources) => {
    const { now } = cloud.clock;
    const machines = stateMachinesOf(resources, compiler(now));
    const running = executions(cloud, machines, interpreter(now, jitter));
    return { services: [statesService(machines, running)], start: running.resume, stop: running.halt };
  };

export const stateMachines: MakeProvider = stateMachinesWith(random);
