/** An event bus for the application, with an archive, and with a rule for each subscription. */
import { Stack } from "aws-cdk-lib";
import { CfnArchive, CfnEventBus, CfnRule } from "aws-cdk-lib/aws-events";
import { type Bus, ruleTarget, type SubscribedInterest } from "../../constructs/ports.ts";

import { variables } from "./settings.ts";

/**
 * The same time for which logs are kept and streams can be republished. Older events are in the event store, which
 * keeps everything. With the archive, operators need not find out which streams an outage affected.
 */
const archiveDays = 30;

/** Events of the application, either as they happen or as an archive replays them. */
const ownEvents = (source: string, isReplayed = false) => ({
  source: [source],
  "replay-name": [{ exists: isReplayed }],
});

const patternOf = (source: string, { source: other, eventTypes, saga, replayed }: SubscribedInterest) => {
  const byType = { "detail-type": eventTypes };
  // A replay by another system is delivered as well: a translator processes each event once.
  if (other !== undefined) return { source: [other], ...byType };
  const common = ownEvents(source, replayed);
  if (saga === undefined) return { ...common, ...byType };
  const own = { prefix: `${saga.name}/` };
  const byOthers = { sagaid: [own], commandid: [{ "anything-but": own }] };
  return { ...common, $or: [byType, { detail: byOthers }] };
};

/** Creates the bus. */
export const eventBridgeResources: Bus = (scope, { source }) => {
  const bus = new CfnEventBus(scope, "Bus", { name: Stack.of(scope).stackName });
  new CfnArchive(scope, "Archive", {
    sourceArn: bus.attrArn,
    eventPattern: ownEvents(source),
    retentionDays: archiveDays,
  });
  return {
    keepsArchive: true,
    publish: {
      environment: { [variables.bus]: bus.ref, [variables.source]: source },
      statements: [{ actions: ["events:PutEvents"], resources: [bus.attrArn] }],
    },
    keepsOrder: false,
    subscribe: (_handler, interest) => ({
      consume: { environment: {}, statements: [] },
      connect: (scope, { destination }) => {
        const rule = new CfnRule(scope, "Rule", {
          eventBusName: bus.ref,
          eventPattern: patternOf(source, interest),
          targets: [ruleTarget(destination)],
        });
        destination.admit("events.amazonaws.com", rule.attrArn);
      },
    }),
  };
};
