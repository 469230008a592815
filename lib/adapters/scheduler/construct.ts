/**
 * A schedule group for the deadlines of one saga, and the role with which the Scheduler sends them: only to the
 * saga's queue and its dead-letter queue, and only for schedules of this group.
 */
import { Stack } from "aws-cdk-lib";
import { PolicyDocument, PolicyStatement, Role, ServicePrincipal } from "aws-cdk-lib/aws-iam";
import { CfnScheduleGroup } from "aws-cdk-lib/aws-scheduler";
import type { Construct } from "constructs";
import type { Binding, Destination } from "../../constructs/ports.ts";

import { variables } from "./settings.ts";

const wildcard = "Each schedule is named for its deadline. The group belongs to this function alone.";

/** A function with this binding can set and delete deadlines. The role that it passes can be assumed only by the Scheduler. */
export const schedulerResources = (
  scope: Construct,
  { queueArn, deadLettersArn, retry }: Destination,
): Binding => {
  const stack = Stack.of(scope);
  const group = new CfnScheduleGroup(scope, "Deadlines");
  const role = new Role(scope, "DeadlinesRole", {
    assumedBy: new ServicePrincipal("scheduler.amazonaws.com", {
      conditions: { StringEquals: { "aws:SourceAccount": stack.account, "aws:SourceArn": group.attrArn } },
    }),
    inlinePolicies: {
      Needs: new PolicyDocument({
        statements: [
          new PolicyStatement({ actions: ["sqs:SendMessage"], resources: [queueArn, deadLettersArn] }),
        ],
      }),
    },
  });
  const schedules = stack.formatArn({
    service: "scheduler",
    resource: "schedule",
    resourceName: `${group.ref}/*`,
  });
  return {
    environment: {
      [variables.group]: group.ref,
      [variables.role]: role.roleArn,
      [variables.queue]: queueArn,
      [variables.deadLetters]: deadLettersArn,
      [variables.attemptsMax]: `${retry.attemptsMax}`,
      [variables.ageSecondsMax]: `${retry.ageSecondsMax}`,
    },
    statements: [
      { actions: ["scheduler:CreateSchedule", "scheduler:DeleteSchedule"], resources: [schedules], wildcard },
      { actions: ["iam:PassRole"], resources: [role.roleArn] },
    ],
  };
};
