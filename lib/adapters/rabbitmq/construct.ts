/**
 * A RabbitMQ of Amazon MQ that is there already and that functions reach without a network of their own: over TLS
 * with a name and a password. What stands in the broker is declared beforehand, and by whoever publishes.
 */
import { Lazy } from "aws-cdk-lib";
import { CfnEventSourceMapping } from "aws-cdk-lib/aws-lambda";
import type { Bus } from "../../constructs/ports.ts";
import { variables } from "./settings.ts";
import { type QueueSubscription, queueOf } from "./topology.ts";

type RabbitMqOptions = {
  /** Where functions reach it: amqps://user:password@host:5671. A secret in it is a reference that a deployment resolves. */
  readonly url: string;
  readonly brokerArn: string;
  /** A secret of Secrets Manager with `username` and `password`, which the mapping signs in with. */
  readonly secretArn: string;
};

const virtualHost = "/";

export const rabbitMqResources =
  ({ url, brokerArn, secretArn }: RabbitMqOptions): Bus =>
  (_scope, { source }) => {
    const subscriptions: QueueSubscription[] = [];
    const environment = { [variables.url]: url, [variables.source]: source };
    /** Complete once all of the application has subscribed. */
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
          // The mapping signs in with the rights of its function.
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
            new CfnEventSourceMapping(scope, "RabbitMq", {
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
          },
        };
      },
    };
  };
