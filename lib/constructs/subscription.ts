/**
 * One consumer's queue and function. Each consumer has its own, so that a slow or broken consumer does not delay others. A
 * message goes to the dead-letter queue if it fails for a day, cannot be delivered, or can never be processed. Dead letters
 * are kept for two weeks, even if the stack is deleted.
 */
import { Duration, RemovalPolicy } from "aws-cdk-lib";
import { PolicyStatement, ServicePrincipal } from "aws-cdk-lib/aws-iam";
import { CfnEventSourceMapping } from "aws-cdk-lib/aws-lambda";
import { Queue, QueueEncryption } from "aws-cdk-lib/aws-sqs";
import { Construct } from "constructs";
import { type DeliveryPolicy, usualDelivery } from "../model/delivery/delivery-policy.ts";
import { patienceSeconds, patienceSecondsMax, usualAttempts } from "../model/delivery/patience.ts";
import { watch } from "./alarms/alarms.ts";
import { acknowledge, type Reasons } from "./findings/acknowledge.ts";
import { ApplicationFunction, type FunctionOptions } from "./function.ts";
import type {
  Binding,
  BusResources,
  Deadlines,
  Destination,
  HandlerQueue,
  SubscribedInterest,
} from "./ports.ts";
import { needsOf } from "./roles.ts";

/** AWS recommends six times the function's timeout: a batch then stays hidden while a throttled invocation is retried. */
const visibilityFactor = 6;

const acceptedForDeadLetters: Reasons = {
  "Serverless-SQSRedrivePolicy": "This is a dead-letter queue.",
};

const acceptedForMapping: Reasons = {
  "Serverless-LambdaEventSourceMappingDestination":
    "The queue has its own dead-letter queue. A mapping of a queue supports no destination for failures.",
};

const queueOptions = { encryption: QueueEncryption.SQS_MANAGED, enforceSSL: true };

const maySend = ({ queueArn }: Queue, servicePrincipal: string, sourceArn: string) =>
  new PolicyStatement({
    principals: [new ServicePrincipal(servicePrincipal)],
    actions: ["sqs:SendMessage"],
    resources: [queueArn],
    conditions: { ArnEquals: { "aws:SourceArn": sourceArn } },
  });

const receiving = (queue: Queue, deadLetters: Queue): Binding => ({
  environment: {},
  statements: [
    {
      actions: [
        "sqs:ReceiveMessage",
        "sqs:DeleteMessage",
        "sqs:ChangeMessageVisibility",
        "sqs:GetQueueAttributes",
      ],
      resources: [queue.queueArn],
    },
    // The function sends a message that can never be processed to the dead-letter queue at once.
    { actions: ["sqs:SendMessage"], resources: [deadLetters.queueArn] },
  ],
});

const patienceOf = (handler: string, attemptSeconds: number, attempts = usualAttempts): number => {
  const seconds = patienceSeconds(attempts, attemptSeconds);
  if (seconds <= patienceSecondsMax) return seconds;
  throw new Error(
    `${handler}: ${attempts} attempts of ${attemptSeconds} seconds take up to ${seconds} seconds; expected at most ${patienceSecondsMax}, the limit of a function that a broker invokes. Reduce attempts or timeoutSeconds`,
  );
};

type SubscriptionOptions = Omit<FunctionOptions, "timeoutSeconds"> & {
  /** The name of the effect, saga, translator or function that handles the events. */
  readonly handler: string;
  readonly bus: BusResources;
  readonly interest: SubscribedInterest;
  readonly delivery?: DeliveryPolicy;
  /** The consumer schedules deadlines, which are delivered to its own queue. */
  readonly deadlines?: Deadlines;
};

/** The queue and the function of one consumer. */
export class Subscription extends Construct {
  readonly destination: Destination;
  readonly handler: string;
  readonly queue: HandlerQueue;

  constructor(scope: Construct, id: string, options: SubscriptionOptions) {
    super(scope, id);
    const { attempts, concurrency, ...delivery } = options.delivery ?? {};
    const listening = options.bus.subscribe(options.handler, options.interest, { attempts });
    const attemptSeconds = delivery.timeoutSeconds ?? needsOf(options.role).timeoutSeconds;
    const timeoutSeconds = listening.triesItself
      ? patienceOf(options.handler, attemptSeconds, attempts)
      : attemptSeconds;
    const deadLetters = new Queue(this, "DeadLetters", {
      ...queueOptions,
      retentionPeriod: Duration.days(14),
      removalPolicy: RemovalPolicy.RETAIN,
    });
    acknowledge(deadLetters, acceptedForDeadLetters);
    const queue = new Queue(this, "Queue", {
      ...queueOptions,
      visibilityTimeout: Duration.seconds(visibilityFactor * timeoutSeconds),
      deadLetterQueue: { queue: deadLetters, maxReceiveCount: attempts ?? usualDelivery.attempts },
    });
    this.destination = {
      queueArn: queue.queueArn,
      deadLettersArn: deadLetters.queueArn,
      retry: { attemptsMax: 185, ageSecondsMax: Duration.days(1).toSeconds() },
      admit: (servicePrincipal, sourceArn) => {
        for (const each of [queue, deadLetters])
          each.addToResourcePolicy(maySend(each, servicePrincipal, sourceArn));
      },
    };
    const { deadlines } = options;
    const late = deadlines ? [deadlines(this, this.destination)] : [];
    const consumer = new ApplicationFunction(this, "Default", {
      ...options,
      timeoutSeconds,
      bindings: [...options.bindings, receiving(queue, deadLetters), listening.consume, ...late],
    });
    listening.connect(this, { functionName: consumer.arn, destination: this.destination });
    const mapping = new CfnEventSourceMapping(this, "Mapping", {
      functionName: consumer.arn,
      eventSourceArn: queue.queueArn,
      batchSize: 10,
      maximumBatchingWindowInSeconds: 0,
      functionResponseTypes: ["ReportBatchItemFailures"],
      ...(concurrency !== undefined && { scalingConfig: { maximumConcurrency: concurrency } }),
    });
    acknowledge(mapping, acceptedForMapping);
    this.handler = options.handler;
    this.queue = {
      queueUrl: queue.queueUrl,
      queueArn: queue.queueArn,
      deadLettersArn: deadLetters.queueArn,
    };
    const { logs: logGroup } = consumer;
    watch(queue, "queue", { name: queue.queueName, queue: queue.queueUrl, logGroup });
    watch(deadLetters, options.role === "repair" ? "replayDeadLetters" : "deadLetters", {
      name: deadLetters.queueName,
      deadLetters: deadLetters.queueArn,
      handler: options.handler,
      logGroup,
    });
  }
}
