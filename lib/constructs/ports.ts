/**
 * What the constructs need from each technology: the environment variables and the rights with which a function uses it,
 * and no details of its resources. `bin` chooses the technologies.
 */
import type { Construct } from "constructs";
import type { Interest } from "../model/delivery/interest.ts";
import type { AnyProjection } from "../model/projection.ts";
import type { AnySaga } from "../model/saga.ts";

/** The statement of a policy. */
export type Statement = {
  readonly actions: readonly string[];
  readonly resources: readonly string[];
  /** Why a resource contains `*`. Without a reason, cdk-nag reports it. */
  readonly wildcard?: string;
};

/** What a function needs to use a resource: environment variables that name it, and rights. */
export type Binding = {
  readonly environment: Readonly<Record<string, string>>;
  readonly statements: readonly Statement[];
};

/** The event store. Each binding is for one purpose. */
export type EventStoreResources = {
  /** Load streams and append to them. */
  readonly append: Binding;
  readonly read: Binding;
  /** The stream of changes of the table. It allows two readers per shard. */
  readonly streamArn: string;
  readonly follow: Statement;
};

/** The read models. */
export type ReadModelsResources = {
  /** Answer queries. */
  readonly query: Binding;
  /** Apply events. */
  readonly project: Binding;
};

/** The instances of sagas. */
export type InstancesResources = {
  readonly read: Binding;
  /** List instances by status. */
  readonly list: Binding;
  readonly append: Binding;
};

/** The ledger of effects. */
export type LedgerResources = { readonly claim: Binding; readonly read: Binding };

/** The idempotency keys. */
export type IdempotencyKeysResources = {
  /** Mark keys and store answers. */
  readonly mark: Binding;
};

/** The parked streams. */
export type ParkedResources = {
  readonly park: Binding;
  /** List, release and park streams. */
  readonly redrive: Binding;
};

/** All stores of an application. */
export type StorageResources = {
  readonly events: EventStoreResources;
  readonly readModels: ReadModelsResources;
  readonly instances: InstancesResources;
  readonly ledger: LedgerResources;
  readonly idempotencyKeys: IdempotencyKeysResources;
  readonly parked: ParkedResources;
  /** Remembers the processed events of other systems. The first call makes the table, because not every application needs it. */
  readonly inbox: () => Binding;
};

/** Creates the stores. */
export type Storage = (scope: Construct, projections: readonly AnyProjection[]) => StorageResources;

/** The events that a subscription wants. With `replayed`, it gets only events that an archive of the bus replays. */
export type SubscribedInterest = Interest & { readonly replayed?: true };

/** A queue with its dead-letter queue, and how long the bus tries to deliver to it. */
export type Destination = {
  readonly queueArn: string;
  readonly deadLettersArn: string;
  readonly retry: { readonly attemptsMax: number; readonly ageSecondsMax: number };
  /** Allows an AWS service to send to both queues on behalf of this resource. */
  readonly admit: (servicePrincipal: string, sourceArn: string) => void;
};

/** The destination as the target of an EventBridge rule. */
export const ruleTarget = ({ queueArn, deadLettersArn, retry }: Destination) => ({
  id: "queue",
  arn: queueArn,
  deadLetterConfig: { arn: deadLettersArn },
  retryPolicy: {
    maximumRetryAttempts: retry.attemptsMax,
    maximumEventAgeInSeconds: retry.ageSecondsMax,
  },
});

/** The function of a handler, and its queue. */
export type Consumer = { readonly functionName: string; readonly destination: Destination };

/** The number of attempts before an event becomes a dead letter. Default: `usualDelivery.attempts`. */
export type AttemptPolicy = { readonly attempts?: number };

/** How a handler receives events: from its queue, or by an invocation of its function. */
export type Listening = {
  readonly consume: Binding;
  /** The bus cannot redeliver a failed event, so the function itself waits and retries. */
  readonly triesItself?: true;
  readonly connect: (scope: Construct, consumer: Consumer) => void;
};

/** The bus: publishing, subscriptions and dead letters. */
export type BusResources = {
  readonly publish: Binding;
  /** The rights that operators need to redrive dead letters that the bus keeps. Absent if it keeps none. */
  readonly redrive?: Binding;
  /** The bus keeps the order of a stream. The publisher then needs to read missing events from the store. */
  readonly keepsOrder: boolean;
  /** The bus archives published events and can replay them. */
  readonly keepsArchive?: true;
  /** Replayed events are delivered only if `interest.replayed` is set. */
  readonly subscribe: (handler: string, interest: SubscribedInterest, policy?: AttemptPolicy) => Listening;
};

/** Creates the bus. `source` is the name of the application. */
export type Bus = (scope: Construct, options: { readonly source: string }) => BusResources;

/** Returns the binding with which a function schedules deadlines. They are delivered to `destination`. */
export type Deadlines = (scope: Construct, destination: Destination) => Binding;

/** The engine of one saga. */
export type SagaEngineResources = {
  readonly start: Binding;
  /** Completes waiting tasks. */
  readonly complete: Binding;
  /** Sends a message to the queue when an execution ends before its saga, which is then parked. */
  readonly reportEnds: (scope: Construct, destination: Destination) => void;
};

/** Whether X-Ray records what functions and state machines do. */
export type Tracing = "off" | "xray";

/** `definition` is a state machine. Its tasks invoke the function with `functionArn`. */
export type SagaEngine = (
  scope: Construct,
  options: {
    readonly saga: string;
    readonly definition: object;
    readonly functionArn: string;
    readonly tracing: Tracing;
  },
) => SagaEngineResources;

/** The settings of a function: the namespace of its metrics, and the saga, effect or translator that it runs. */
export type Purpose = {
  readonly namespace: string;
  readonly saga?: string;
  readonly effect?: string;
  readonly translator?: string;
};

/** Keeps the machine of a saga that ran on Express. It starts no executions. */
export type FormerExpress = (scope: Construct, options: Omit<Parameters<SagaEngine>[1], "saga">) => void;

/** Either state machines, or choreography with events and deadlines. */
export type SagaEngines =
  | { readonly kind: "state-machines"; readonly engine: SagaEngine }
  | {
      readonly kind: "events";
      readonly deadlines: Deadlines;
      readonly continues: ContinueAccess;
      readonly formerExpress?: FormerExpress;
    };

/** The environment from which a function reads its purpose. */
export type System = (purpose: Purpose) => Binding;

/** The queue of an effect, a saga or a translator, with its dead-letter queue. */
export type HandlerQueue = {
  readonly queueUrl: string;
  readonly queueArn: string;
  readonly deadLettersArn: string;
};

/** Returns the right to continue the instances of a choreography with messages to its queue. */
export type ContinueAccess = (saga: string, queue: HandlerQueue) => Binding;

/** Returns the rights that operators need to read and redrive the dead letters of a handler. */
export type DeadLetterAccess = (handler: string, queue: HandlerQueue) => Binding;

/** A service outside the application that effects use. */
export type Service = (scope: Construct) => Binding;

/** `services` has a row for each service that the effects use. */
export type Technologies<Services> = {
  readonly system: System;
  readonly storage: Storage;
  readonly bus: Bus;
  readonly sagas: (saga: AnySaga) => SagaEngines;
  readonly deadLetters: DeadLetterAccess;
  readonly services: { readonly [Name in keyof Services]: Service };
};
