/**
 * Step Functions of the local cloud: AWS::StepFunctions::StateMachine of any template, as far as it uses Lambda tasks
 * and JSONata. Everything else is refused, and the error names it. `language/` parses a definition, `machines.ts` keeps
 * the parsed definitions, `interpreter/` runs their states, `executions/` moves executions from one wait to the next,
 * and `operations/` is the API that functions call.
 */
import { random } from "../machine/random.ts";
import type { MakeProvider } from "../service/service.ts";
import { executions } from "./executions/executions.ts";
import { interpreter } from "./interpreter/interpreter.ts";
import { compiler } from "./language/jsonata.ts";
import { stateMachinesOf } from "./machines.ts";
import { statesService } from "./operations/operations.ts";

/** `jitter` spreads retries. It returns a number from 0 to 1. */
export const stateMachinesWith =
  (jitter: () => number): MakeProvider =>
  (cloud, resources) => {
    const { now } = cloud.clock;
    const machines = stateMachinesOf(resources, compiler(now));
    const running = executions(cloud, machines, interpreter(now, jitter));
    return { services: [statesService(machines, running)], start: running.resume, stop: running.halt };
  };

export const stateMachines: MakeProvider = stateMachinesWith(random);
