/**
 * What the constructs need of the technologies: each gives the variables and the rights with which a function
 * uses it, and nothing that says how it is made. A technology is chosen in `bin`.
 */
import type { Construct } from "constructs";
import type { MachineKind } from "../compile/machine/machine-states.ts";
import type { Interest } from "../model/delivery/interest.ts";
import type { AnyProjection } from "../model/projection.ts";
import type { AnySaga } from "../model/saga.ts";

export type Statement = { readonly actions: readonly string[]; readonly resources: readonly string[] };

/** What a function needs to use something: the variables that name it, and the rights. */
export type Binding = {
  readonly environment: Readonly<Record<string, string>>;
  readonly statements: readonly Statement[];
};

export type EventStoreResources = {
  /** Loads streams and appends to them. */
  readonly append: Binding;
  readonly read: Binding;
  /** The changes of the store, for at most two readers. */
  readonly streamArn: string;
  readonly follow: Statement;
};

export type ReadModelsResources = {
  /** Answers queries. */
  readonly query: Binding;
  /** Follows the events. */
  readonly project: Binding;
};

export type InstancesResources = {
  readonly read: Binding;
  /** Lists them by status. */
  readonly list: Binding;
  readonly append: Binding;
};

export type LedgerResources = { readonly claim: Binding; readonly read: Binding };

export type IdempotencyKeysResources = {
  /** Marks keys and keeps answers. */
  readonly mark: Binding;
};

export type ParkedResources = {
  readonly park: Binding;
  /** Lists, releases and parks again. */
  readonly redrive: Binding;
};

export type StorageResources = {
  readonly events: EventStoreResources;
  readonly readModels: ReadModelsResources;
  readonly instances: InstancesResources;
  readonly ledger: LedgerResources;
  readonly idempotencyKeys: IdempotencyKeysResources;
  readonly parked: ParkedResources;
  /** What remembers the events of other systems. The first call makes its table: not every application takes such events. */
  readonly inbox: () => Binding;
};

export type Storage = (scope: Construct, projections: readonly AnyProjection[]) => StorageResources;

/** What a subscription is for. If `replayed`, it gets only events that the archive of the bus replays. */
export type SubscribedInterest = Interest & { readonly replayed?: true };

/** A queue, and how long to try to deliver to it before its dead letters get the event. */
export type Destination = {
  readonly queueArn: string;
  readonly deadLettersArn: string;
  readonly retry: { readonly attemptsMax: number; readonly ageSecondsMax: number };
  /** Lets an AWS service, on behalf of this resource, send to both. */
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

/** The function of a handler, and the queue that it works off besides whatever else comes to it. */
export type Consumer = { readonly functionName: string; readonly destination: Destination };

/** How often an event is tried before it is a dead letter; as usual, unless said. */
export type AttemptPolicy = { readonly attempts?: number };

/** How events come to a handler: to its queue, or to its function itself. */
export type Listening = {
  readonly consume: Binding;
  /** The bus cannot bring back what failed: the function waits and tries again itself. */
  readonly triesItself?: true;
  readonly connect: (scope: Construct, consumer: Consumer) => void;
};

export type BusResources = {
  readonly publish: Binding;
  /** What operators need besides, to redrive what it keeps for handlers. */
  readonly redrive?: Binding;
  /** It keeps the order of a stream, so that whoever publishes must be able to read what is missing. */
  readonly keepsOrder: boolean;
  /** It keeps what was published in an archive, and may replay it. */
  readonly keepsArchive?: true;
  /** Replays of an archive are no events of interest unless it says so. */
  readonly subscribe: (handler: string, interest: SubscribedInterest, policy?: AttemptPolicy) => Listening;
};

export type Bus = (scope: Construct, options: { readonly source: string }) => BusResources;

/** Whoever has the binding sets deadlines that come to this queue. */
export type Deadlines = (scope: Construct, destination: Destination) => Binding;

export type MetricName = {
  readonly namespace: string;
  readonly name: string;
  readonly dimensions: Readonly<Record<string, string>>;
};

export type SagaEngineResources = {
  readonly start: Binding;
  /**
   * What becomes of an execution that ended without an end of its saga: the queue is told, or nobody is, and whoever
   * looks for sagas that are stuck starts another.
   */
  readonly ends:
    | { readonly kind: "told"; readonly report: (scope: Construct, destination: Destination) => void }
    | { readonly kind: "untold" };
  /** Completes tasks that wait; nothing where none can. */
  readonly complete?: Binding;
  /** Each counts executions that ended so. */
  readonly failures: readonly MetricName[];
};

/** `definition` gives what runs, as a machine of this kind, and invokes the function of this ARN. */
export type SagaEngine = (
  scope: Construct,
  options: {
    readonly saga: string;
    readonly definition: (kind: MachineKind) => object;
    readonly functionArn: string;
  },
) => SagaEngineResources;

/** What a function is for: where it counts what operators are alarmed by, and which saga, effect or translator it serves. */
export type Purpose = {
  readonly namespace: string;
  readonly saga?: string;
  readonly effect?: string;
  readonly translator?: string;
};

/** State machines that know what is next, or events alone, with deadlines. */
export type SagaEngines =
  | { readonly kind: "state-machines"; readonly engine: SagaEngine }
  | { readonly kind: "events"; readonly deadlines: Deadlines };

export type System = (purpose: Purpose) => Binding;

/** The queue of an effect, a saga or a translator, and where what it gives up is kept. */
export type HandlerQueue = {
  readonly queueUrl: string;
  readonly queueArn: string;
  readonly deadLettersArn: string;
};

/** What operators need to look into the dead letters of this handler, and to give them to it again. */
export type DeadLetterAccess = (handler: string, queue: HandlerQueue) => Binding;

/** Something outside the system that effects use. */
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
