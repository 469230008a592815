/**
 * A group of schedules for the deadlines of one saga, and the role with which the Scheduler sends them: to the saga's
 * queue and its dead letters, for schedules of this group, and nothing else.
 */
import { Stack } from "aws-cdk-lib";
import { PolicyDocument, PolicyStatement, Role, ServicePrincipal } from "aws-cdk-lib/aws-iam";
import { CfnScheduleGroup } from "aws-cdk-lib/aws-scheduler";
import type { Construct } from "constructs";
import type { Binding, Destination } from "../../constructs/ports.ts";

import { variables } from "./settings.ts";

/** Whoever gets the binding sets deadlines. The role that it passes trusts the Scheduler alone. */
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
      { actions: ["scheduler:CreateSchedule"], resources: [schedules] },
      { actions: ["iam:PassRole"], resources: [role.roleArn] },
    ],
  };
};
