/** A state machine that runs the executions of one saga. It may invoke the function behind its tasks, nothing else. */
import { Stack } from "aws-cdk-lib";
import { CfnRule } from "aws-cdk-lib/aws-events";
import { PolicyDocument, PolicyStatement, Role, ServicePrincipal } from "aws-cdk-lib/aws-iam";
import { CfnStateMachine } from "aws-cdk-lib/aws-stepfunctions";
import type { Destination, SagaEngine } from "../../constructs/ports.ts";

import { stateMachineVariable } from "./settings.ts";

/** How an execution ends that its definition did not end. */
const failures = [
  { status: "FAILED", metric: "ExecutionsFailed" },
  { status: "TIMED_OUT", metric: "ExecutionsTimedOut" },
  { status: "ABORTED", metric: "ExecutionsAborted" },
] as const;

const targetOf = ({ queueArn, deadLettersArn, retry }: Destination) => ({
  id: "queue",
  arn: queueArn,
  deadLetterConfig: { arn: deadLettersArn },
  retryPolicy: {
    maximumRetryAttempts: retry.attemptsMax,
    maximumEventAgeInSeconds: retry.ageSecondsMax,
  },
});

export const stepFunctions: SagaEngine = (scope, { saga, definition, functionArn }) => {
  const role = new Role(scope, "MachineRole", {
    assumedBy: new ServicePrincipal("states.amazonaws.com"),
    inlinePolicies: {
      Needs: new PolicyDocument({
        statements: [new PolicyStatement({ actions: ["lambda:InvokeFunction"], resources: [functionArn] })],
      }),
    },
  });
  const machine = new CfnStateMachine(scope, "Machine", {
    stateMachineType: "STANDARD",
    roleArn: role.roleArn,
    definitionString: Stack.of(scope).toJsonString(definition),
  });
  const may = (...actions: readonly string[]) => [
    { actions: actions.map((action) => `states:${action}`), resources: [machine.attrArn] },
  ];
  return {
    start: {
      environment: { [stateMachineVariable(saga)]: machine.attrArn },
      statements: may("StartExecution"),
    },
    complete: { environment: {}, statements: may("SendTaskSuccess", "SendTaskFailure") },
    failures: failures.map(({ metric }) => ({
      namespace: "AWS/States",
      name: metric,
      dimensions: { StateMachineArn: machine.attrArn },
    })),
    reportEnds: (scope, destination) => {
      const rule = new CfnRule(scope, "EndedRule", {
        eventPattern: {
          source: ["aws.states"],
          "detail-type": ["Step Functions Execution Status Change"],
          detail: { stateMachineArn: [machine.attrArn], status: failures.map(({ status }) => status) },
        },
        targets: [targetOf(destination)],
      });
      destination.admit("events.amazonaws.com", rule.attrArn);
    },
  };
};
