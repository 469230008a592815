/** One translator: a queue with events of another system, and the function that turns them into commands. */
import { Construct } from "constructs";
import type { AnyTranslator } from "../model/translator.ts";
import type { FunctionOptions } from "./function.ts";
import type { Binding, BusResources, StorageResources } from "./ports.ts";
import { Subscription } from "./subscription.ts";

type TranslatorOptions = {
  readonly translator: AnyTranslator;
  readonly deployment: FunctionOptions["deployment"];
  readonly storage: StorageResources;
  readonly bus: BusResources;
  /** The settings of its function. */
  readonly purpose: Binding;
};

/** The queue and the function of one translator. */
export class TranslatorResources extends Construct {
  constructor(
    scope: Construct,
    id: string,
    { translator, deployment, storage, bus, purpose }: TranslatorOptions,
  ) {
    super(scope, id);
    const { name, source, channel, type, delivery } = translator;
    new Subscription(this, "Translate", {
      role: "translate",
      deployment,
      handler: name,
      bus,
      interest: { source, categories: [channel], eventTypes: [type] },
      delivery,
      bindings: [purpose, storage.events.append, storage.inbox()],
    });
  }
}
