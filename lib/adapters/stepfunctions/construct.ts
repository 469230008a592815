/**
 * State machines that run the executions of one saga. Each may invoke only the function behind its tasks.
 */
import { Stack } from "aws-cdk-lib";
import { CfnRule } from "aws-cdk-lib/aws-events";
import { PolicyDocument, PolicyStatement, Role, ServicePrincipal } from "aws-cdk-lib/aws-iam";
import { CfnStateMachine } from "aws-cdk-lib/aws-stepfunctions";
import type { Construct } from "constructs";
import { acknowledge, type Reasons } from "../../constructs/findings/acknowledge.ts";
import { type FormerExpress, ruleTarget, type SagaEngine } from "../../constructs/ports.ts";
import { stateMachineVariable } from "./settings.ts";

/** How an execution may end without reaching the end of its definition. */
const ends = ["FAILED", "TIMED_OUT", "ABORTED"];

const accepted: Reasons = {
  "AwsSolutions-SF1":
    "AWS keeps the history of standard executions for 90 days. The saga's own history is in the table of instances, with every engine. A log would store both again, and is charged by volume.",
};

/** https://docs.aws.amazon.com/step-functions/latest/dg/xray-iam.html */
const traceStatement = {
  actions: [
    "xray:PutTraceSegments",
    "xray:PutTelemetryRecords",
    "xray:GetSamplingRules",
    "xray:GetSamplingTargets",
  ],
  resources: ["*"],
};

const acceptedForTraces: Reasons = {
  "AwsSolutions-IAM5[Resource::*]": "The actions of X-Ray do not support resources.",
};

const untraced =
  "Tracing is charged per trace, so it is off unless the deployment asks for it with tracing=xray.";

const acceptedWithoutTraces: Reasons = {
  "AwsSolutions-SF2": untraced,
  "Serverless-StepFunctionStateMachineXray": untraced,
};

type Options = Parameters<SagaEngine>[1];

const machineOf = (
  scope: Construct,
  { definition, functionArn, tracing }: Omit<Options, "saga">,
  stateMachineType: "STANDARD" | "EXPRESS",
) => {
  const traced = tracing === "xray";
  const role = new Role(scope, "MachineRole", {
    assumedBy: new ServicePrincipal("states.amazonaws.com"),
    inlinePolicies: {
      Needs: new PolicyDocument({
        statements: [
          new PolicyStatement({ actions: ["lambda:InvokeFunction"], resources: [functionArn] }),
          ...(traced ? [new PolicyStatement(traceStatement)] : []),
        ],
      }),
    },
  });
  const machine = new CfnStateMachine(scope, "Machine", {
    stateMachineType,
    roleArn: role.roleArn,
    definitionString: Stack.of(scope).toJsonString(definition),
    ...(traced && { tracingConfiguration: { enabled: true } }),
  });
  acknowledge(role, traced ? acceptedForTraces : {});
  acknowledge(machine, traced ? accepted : { ...accepted, ...acceptedWithoutTraces });
  return machine;
};

/** Creates the state machine of a saga. */
export const stepFunctionsResources: SagaEngine = (scope, options) => {
  const machine = machineOf(scope, options, "STANDARD");
  const may = (...actions: readonly string[]) => [
    { actions: actions.map((action) => `states:${action}`), resources: [machine.attrArn] },
  ];
  return {
    start: {
      environment: { [stateMachineVariable(options.saga)]: machine.attrArn },
      statements: may("StartExecution"),
    },
    complete: { environment: {}, statements: may("SendTaskSuccess", "SendTaskFailure") },
    reportEnds: (scope, destination) => {
      const rule = new CfnRule(scope, "EndedRule", {
        eventPattern: {
          source: ["aws.states"],
          "detail-type": ["Step Functions Execution Status Change"],
          detail: { stateMachineArn: [machine.attrArn], status: ends },
        },
        targets: [ruleTarget(destination)],
      });
      destination.admit("events.amazonaws.com", rule.attrArn);
    },
  };
};

/** The machine of a saga that ran on Express. See `constructs/former-express.ts`. */
export const formerExpressResources: FormerExpress = (scope, options) => {
  machineOf(scope, options, "EXPRESS");
};
