/**
 * One saga on its engine. With a state machine it has two functions: one runs the tasks, the other appends events to the
 * saga's history and notifies the state machine. With choreography, one function appends events and sends the commands
 * that follow.
 */
import { Construct } from "constructs";
import { toStateMachine } from "../compile/machine/state-machine.ts";
import { interestOfSaga } from "../model/delivery/interest.ts";
import type { AnySaga } from "../model/saga.ts";
import { ApplicationFunction, type FunctionOptions } from "./function.ts";
import type { Binding, BusResources, Deadlines, SagaEngine, SagaEngines, StorageResources } from "./ports.ts";
import { Subscription } from "./subscription.ts";

type SagaOptions = {
  readonly saga: AnySaga;
  readonly deployment: FunctionOptions["deployment"];
  readonly storage: StorageResources;
  readonly bus: BusResources;
  readonly engines: SagaEngines;
  /** The settings of its functions. */
  readonly purpose: Binding;
};

/** The queue, the functions and the engine of one saga. */
export class SagaResources extends Construct {
  /** The rights that operators need to resume a parked instance. */
  readonly resume: readonly Binding[];
  /** The rights to start another execution, for engines that do not report how an execution ended. */
  readonly restart: readonly Binding[];

  constructor(scope: Construct, id: string, options: SagaOptions) {
    super(scope, id);
    const { engines } = options;
    const { resume, restart } =
      engines.kind === "events"
        ? this.choreographed(options, engines.deadlines)
        : this.orchestrated(options, engines.engine);
    this.resume = resume;
    this.restart = restart;
  }

  private orchestrated({ saga, deployment, storage, bus, purpose }: SagaOptions, engineOf: SagaEngine) {
    const { events, instances } = storage;
    const task = new ApplicationFunction(this, "Task", {
      role: "saga-task",
      deployment,
      bindings: [purpose, events.append, instances.append],
    });
    const functionArn = task.arn;
    const { start, complete, ends } = engineOf(this, {
      saga: saga.name,
      definition: (kind) => toStateMachine(saga, { functionArn, kind }),
      functionArn,
      tracing: deployment.tracing,
    });
    if (complete) task.allow("Complete", complete.statements);
    const resume = complete ? [start, complete] : [start];

    const react = new Subscription(this, "React", {
      role: "react",
      deployment,
      handler: saga.name,
      bus,
      interest: interestOfSaga(saga),
      bindings: [purpose, instances.append, ...resume],
    });
    if (ends.kind === "reported") ends.report(react, react.destination);
    return { resume, restart: ends.kind === "reported" ? [] : [start] };
  }

  /** An operator's decision is appended to the saga's history as an event, so `resume` needs no more rights. */
  private choreographed({ saga, deployment, storage, bus, purpose }: SagaOptions, deadlines: Deadlines) {
    const { events, instances } = storage;
    new Subscription(this, "Choreograph", {
      role: "choreograph",
      deployment,
      handler: saga.name,
      bus,
      interest: interestOfSaga(saga),
      bindings: [purpose, events.append, instances.append],
      deadlines,
    });
    return { resume: [], restart: [] };
  }
}
