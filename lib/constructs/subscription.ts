/**
 * A queue of its own for one consumer, with a function that works it off: a slow or broken consumer delays
 * no other. What fails for longer than the outages that we promise to get over, cannot be delivered, or can never be
 * processed, is kept for two weeks, whatever becomes of the stack.
 */
import { Duration, RemovalPolicy } from "aws-cdk-lib";
import { PolicyStatement, ServicePrincipal } from "aws-cdk-lib/aws-iam";
import { CfnEventSourceMapping } from "aws-cdk-lib/aws-lambda";
import { Queue, QueueEncryption } from "aws-cdk-lib/aws-sqs";
import { Construct } from "constructs";
import { type DeliveryPolicy, usualDelivery } from "../model/delivery/delivery-policy.ts";
import { patienceSeconds, patienceSecondsMax, usualAttempts } from "../model/delivery/patience.ts";
import { watch } from "./alarms.ts";
import { ApplicationFunction, type FunctionOptions } from "./function.ts";
import type { BusResources, Deadlines, Destination, HandlerQueue, SubscribedInterest } from "./ports.ts";
import { needsOf } from "./roles.ts";

/** AWS asks for so many time-outs of the function: a batch that waits for a throttled function stays hidden. */
const visibilityFactor = 6;

const queueOptions = { encryption: QueueEncryption.SQS_MANAGED, enforceSSL: true };

const maySend = ({ queueArn }: Queue, servicePrincipal: string, sourceArn: string) =>
  new PolicyStatement({
    principals: [new ServicePrincipal(servicePrincipal)],
    actions: ["sqs:SendMessage"],
    resources: [queueArn],
    conditions: { ArnEquals: { "aws:SourceArn": sourceArn } },
  });

const patienceOf = (handler: string, attemptSeconds: number, attempts = usualAttempts): number => {
  const seconds = patienceSeconds(attempts, attemptSeconds);
  if (seconds <= patienceSecondsMax) return seconds;
  throw new Error(
    `${handler}: ${attempts} attempts of ${attemptSeconds} seconds take up to ${seconds} seconds, and a function that a broker brings events to runs for at most ${patienceSecondsMax}`,
  );
};

type SubscriptionOptions = Omit<FunctionOptions, "timeoutSeconds"> & {
  /** The effect or the saga that it brings events to. */
  readonly handler: string;
  readonly bus: BusResources;
  readonly interest: SubscribedInterest;
  readonly delivery?: DeliveryPolicy;
  /** The consumer sets deadlines, which come to its own queue. */
  readonly deadlines?: Deadlines;
};

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
    const queue = new Queue(this, "Queue", {
      ...queueOptions,
      visibilityTimeout: Duration.seconds(visibilityFactor * timeoutSeconds),
      deadLetterQueue: { queue: deadLetters, maxReceiveCount: attempts ?? usualDelivery.attempts },
    });
    const receive = {
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
        // A message that can never be processed goes there at once.
        { actions: ["sqs:SendMessage"], resources: [deadLetters.queueArn] },
      ],
    };
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
      bindings: [...options.bindings, receive, listening.consume, ...late],
    });
    listening.connect(this, { functionName: consumer.arn, destination: this.destination });
    new CfnEventSourceMapping(this, "Mapping", {
      functionName: consumer.arn,
      eventSourceArn: queue.queueArn,
      batchSize: 10,
      maximumBatchingWindowInSeconds: 0,
      functionResponseTypes: ["ReportBatchItemFailures"],
      ...(concurrency !== undefined && { scalingConfig: { maximumConcurrency: concurrency } }),
    });
    this.handler = options.handler;
    this.queue = {
      queueUrl: queue.queueUrl,
      queueArn: queue.queueArn,
      deadLettersArn: deadLetters.queueArn,
    };
    watch(queue, "queue", queue.queueName);
    watch(deadLetters, "deadLetters", deadLetters.queueName);
  }
}
