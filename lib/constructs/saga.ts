/**
 * One saga on its engine. With a state machine it has two functions: one runs the tasks, the other appends events to the
 * saga's history and notifies the state machine. With choreography, one function appends events and sends the commands
 * that follow.
 */
import { Construct } from "constructs";
import { toStateMachine } from "../compile/machine/state-machine.ts";
import type { Interest } from "../model/delivery/interest.ts";
import type { AnySaga } from "../model/saga.ts";
import { keepFormerExpress } from "./former-express.ts";
import { ApplicationFunction, type FunctionOptions } from "./function.ts";
import type { Binding, BusResources, SagaEngine, SagaEngines, StorageResources } from "./ports.ts";
import { Subscription } from "./subscription.ts";

type Choreography = Extract<SagaEngines, { kind: "events" }>;

type SagaOptions = {
  readonly saga: AnySaga;
  /** The events that it subscribes to. */
  readonly interest: Interest;
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
  /** The rights to continue an instance of a choreography. */
  readonly continues: readonly Binding[];

  constructor(scope: Construct, id: string, options: SagaOptions) {
    super(scope, id);
    const { engines } = options;
    const { resume, continues } =
      engines.kind === "events"
        ? this.choreographed(options, engines)
        : this.orchestrated(options, engines.engine);
    this.resume = resume;
    this.continues = continues;
  }

  private orchestrated(
    { saga, interest, deployment, storage, bus, purpose }: SagaOptions,
    engineOf: SagaEngine,
  ) {
    const { events, instances } = storage;
    const task = new ApplicationFunction(this, "Task", {
      role: "saga-task",
      deployment,
      bindings: [purpose, events.append, instances.append],
    });
    const functionArn = task.arn;
    const { start, complete, reportEnds } = engineOf(this, {
      saga: saga.name,
      definition: toStateMachine(saga, { functionArn }),
      functionArn,
      tracing: deployment.tracing,
    });
    task.allow("Complete", complete.statements);
    const resume = [start, complete];

    const react = new Subscription(this, "React", {
      role: "react",
      deployment,
      handler: saga.name,
      bus,
      interest,
      bindings: [purpose, instances.append, ...resume],
    });
    reportEnds(react, react.destination);
    return { resume, continues: [] };
  }

  private choreographed(options: SagaOptions, engines: Choreography) {
    const { saga, interest, deployment, storage, bus, purpose } = options;
    const { deadlines, continues, formerExpress } = engines;
    const { events, instances } = storage;
    const { queue } = new Subscription(this, "Choreograph", {
      role: "choreograph",
      deployment,
      handler: saga.name,
      bus,
      interest,
      bindings: [purpose, events.append, instances.append],
      deadlines,
    });
    if (formerExpress) keepFormerExpress(this, options, formerExpress);
    return { resume: [], continues: [continues(saga.name, queue)] };
  }
}
