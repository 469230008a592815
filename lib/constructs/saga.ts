/**
 * One saga: the engine that runs its definition, the function behind every task of it, and the function that
 * notes events for its instances and reacts.
 */
import { Construct } from "constructs";
import { toStateMachine } from "../compile/state-machine.ts";
import type { AnySaga } from "../model/saga.ts";
import { watchFailures } from "./alarms.ts";
import { ApplicationFunction, type FunctionOptions } from "./function.ts";
import type { Binding, BusResources, SagaEngine, SagaEngineResources, StorageResources } from "./ports.ts";
import { Subscription } from "./subscription.ts";

export type SagaOptions = {
  readonly saga: AnySaga;
  readonly code: FunctionOptions["code"];
  readonly storage: StorageResources;
  readonly bus: BusResources;
  readonly sagaEngine: SagaEngine;
  /** What its functions are for. */
  readonly purpose: Binding;
};

/** Its start, and outcomes that it did not cause, by their type; all that it caused, receipts too, by its name. */
const eventTypesFor = ({ startsOn, steps }: AnySaga): readonly string[] => {
  const outcomes = steps.flatMap(({ succeeds, fails }) => [...succeeds, ...fails]);
  const outside = outcomes.filter(({ instance }) => instance);
  return [...new Set([startsOn, ...outside].map(({ type }) => type))];
};

export class SagaResources extends Construct {
  readonly engine: SagaEngineResources;

  constructor(scope: Construct, id: string, { saga, code, storage, bus, sagaEngine, purpose }: SagaOptions) {
    super(scope, id);
    const { events, instances } = storage;
    const task = new ApplicationFunction(this, "Task", {
      role: "saga-task",
      code,
      bindings: [purpose, events.append, instances.note],
    });
    const functionArn = task.arn;
    const definition = toStateMachine(saga, { functionArn });
    this.engine = sagaEngine(this, { saga: saga.name, definition, functionArn });
    task.allow("Complete", this.engine.complete.statements);

    const react = new Subscription(this, "React", {
      role: "react",
      code,
      bindings: [purpose, instances.note, this.engine.start, this.engine.complete],
    });
    bus.subscribe(react, { eventTypes: eventTypesFor(saga), saga: saga.name }, react.destination);
    watchFailures(this, this.engine.failures);
    this.engine.reportEnds(react, react.destination);
  }
}
