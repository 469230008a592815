/** One effect: a queue with the events that trigger it, and the function that performs it. */
import { Construct } from "constructs";
import type { DeliveryPolicy } from "../model/delivery/delivery-policy.ts";
import type { Interest } from "../model/delivery/interest.ts";
import type { FunctionOptions } from "./function.ts";
import type { Binding, BusResources, StorageResources } from "./ports.ts";
import { Subscription } from "./subscription.ts";

type EffectOptions = {
  readonly effect: {
    readonly name: string;
    readonly answers: readonly unknown[];
    readonly delivery?: DeliveryPolicy;
  };
  /** The events that trigger it. */
  readonly interest: Interest;
  readonly deployment: FunctionOptions["deployment"];
  readonly storage: StorageResources;
  readonly bus: BusResources;
  /** The services that it uses. */
  readonly services: readonly Binding[];
  /** The settings of its function. */
  readonly purpose: Binding;
};

/** The queue and the function of one effect. */
export class EffectResources extends Construct {
  constructor(
    scope: Construct,
    id: string,
    { effect, interest, deployment, storage, bus, services, purpose }: EffectOptions,
  ) {
    super(scope, id);
    const answers = effect.answers.length > 0 ? [storage.events.append] : [];
    new Subscription(this, "Perform", {
      role: "perform",
      deployment,
      handler: effect.name,
      bus,
      interest,
      delivery: effect.delivery,
      bindings: [purpose, storage.ledger.claim, ...answers, ...services],
    });
  }
}
