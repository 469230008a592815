/** An event bus of the application's own, with a rule for each that subscribes. */
import { Stack } from "aws-cdk-lib";
import { CfnEventBus, CfnRule } from "aws-cdk-lib/aws-events";
import type { Bus, Destination, Interest } from "../../constructs/ports.ts";

import { variables } from "./settings.ts";

/** Events of the application, no replays of an archive. */
const patternOf = (source: string, { eventTypes, saga }: Interest) => {
  const byType = { "detail-type": eventTypes };
  const common = { source: [source], "replay-name": [{ exists: false }] };
  if (saga === undefined) return { ...common, ...byType };
  const own = { prefix: `${saga.name}/` };
  const answers = saga.hearsItself ? {} : { commandid: [{ "anything-but": own }] };
  return { ...common, $or: [byType, { detail: { sagaid: [own], ...answers } }] };
};

const targetOf = ({ queueArn, deadLettersArn, retry }: Destination) => ({
  id: "queue",
  arn: queueArn,
  deadLetterConfig: { arn: deadLettersArn },
  retryPolicy: {
    maximumRetryAttempts: retry.attemptsMax,
    maximumEventAgeInSeconds: retry.ageSecondsMax,
  },
});

export const eventBridge: Bus = (scope, { source }) => {
  const bus = new CfnEventBus(scope, "Bus", { name: Stack.of(scope).stackName });
  return {
    publish: {
      environment: { [variables.bus]: bus.ref, [variables.source]: source },
      statements: [{ actions: ["events:PutEvents"], resources: [bus.attrArn] }],
    },
    subscribe: (_handler, interest) => ({
      consume: { environment: {}, statements: [] },
      connect: (scope, { destination }) => {
        const rule = new CfnRule(scope, "Rule", {
          eventBusName: bus.ref,
          eventPattern: patternOf(source, interest),
          targets: [targetOf(destination)],
        });
        destination.admit("events.amazonaws.com", rule.attrArn);
      },
    }),
  };
};
