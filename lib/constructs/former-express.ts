/**
 * For one release: the state machine of a saga that ran on Express, beside its choreography, until its executions have ended.
 * An execution lasts at most five minutes. No function may start another one. Delete it with the next release, together with
 * every line that `grep -ri "former.\?express"` finds.
 */

import type { Construct } from "constructs";
import { toFormerExpress } from "../compile/machine/former-express.ts";
import { toStateMachine } from "../compile/machine/state-machine.ts";
import type { AnySaga } from "../model/saga.ts";
import { ApplicationFunction, type Deployment } from "./function.ts";
import type { Binding, FormerExpress, StorageResources } from "./ports.ts";

type Options = {
  readonly saga: AnySaga;
  readonly deployment: Deployment;
  readonly storage: StorageResources;
  readonly purpose: Binding;
};

/** The machine and the function of its tasks, with the logical ids and the rights that they had. */
export const keepFormerExpress = (
  scope: Construct,
  { saga, deployment, storage, purpose }: Options,
  machineOf: FormerExpress,
): void => {
  const { arn: functionArn } = new ApplicationFunction(scope, "Task", {
    role: "saga-task",
    deployment,
    bindings: [purpose, storage.events.append, storage.instances.append],
  });
  const definition = toFormerExpress(toStateMachine(saga, { functionArn }));
  machineOf(scope, { definition, functionArn, tracing: deployment.tracing });
};
