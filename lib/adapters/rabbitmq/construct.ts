/**
 * An existing RabbitMQ broker of Amazon MQ, which functions reach without a VPC: over TLS with a user name and a
 * password. Exchanges and queues are declared beforehand, and also by every publisher.
 */
import { Lazy } from "aws-cdk-lib";
import { CfnEventSourceMapping } from "aws-cdk-lib/aws-lambda";
import { acknowledge, type Reasons } from "../../constructs/findings/acknowledge.ts";
import type { Bus } from "../../constructs/ports.ts";
import { variables } from "./settings.ts";
import { type QueueSubscription, queueOf } from "./topology.ts";

type RabbitMqOptions = {
  /**
   * The URL for functions: amqps://user:password@host:5671. A secret in it must be a reference that a deployment
   * resolves.
   */
  readonly url: string;
  readonly brokerArn: string;
  /** A secret of Secrets Manager with `username` and `password`, with which the mapping signs in. */
  readonly secretArn: string;
};

const virtualHost = "/";

const acceptedForMapping: Reasons = {
  "Serverless-LambdaEventSourceMappingDestination":
    "A mapping of Amazon MQ supports no destination for failures. The function itself sends a message that it gives up to a dead-letter queue of the broker.",
};

/** Connects functions to the broker. */
export const rabbitMqResources =
  ({ url, brokerArn, secretArn }: RabbitMqOptions): Bus =>
  (_scope, { source }) => {
    const subscriptions: QueueSubscription[] = [];
    const environment = { [variables.url]: url, [variables.source]: source };
    /** Complete once the whole application has subscribed. */
    const declared = Lazy.string({ produce: () => JSON.stringify(subscriptions) });

    return {
      publish: { environment: { ...environment, [variables.subscriptions]: declared }, statements: [] },
      keepsOrder: true,
      subscribe: (handler, { source: other, eventTypes, saga }, { attempts } = {}) => {
        subscriptions.push({
          name: handler,
          ...(other !== undefined && { source: other }),
          eventTypes,
          ...(saga && { saga }),
        });
        return {
          triesItself: true,
          // The mapping signs in with the permissions of its function.
          consume: {
            environment: {
              ...environment,
              ...(attempts !== undefined && { [variables.attempts]: `${attempts}` }),
            },
            statements: [
              { actions: ["mq:DescribeBroker"], resources: [brokerArn] },
              { actions: ["secretsmanager:GetSecretValue"], resources: [secretArn] },
            ],
          },
          connect: (scope, { functionName }) => {
            const mapping = new CfnEventSourceMapping(scope, "RabbitMq", {
              functionName,
              eventSourceArn: brokerArn,
              queues: [queueOf(source, handler)],
              sourceAccessConfigurations: [
                { type: "BASIC_AUTH", uri: secretArn },
                { type: "VIRTUAL_HOST", uri: virtualHost },
              ],
              batchSize: 100,
              maximumBatchingWindowInSeconds: 0,
            });
            acknowledge(mapping, acceptedForMapping);
          },
        };
      },
    };
  };
