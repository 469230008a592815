/** A function on a schedule that looks for sagas that wait too long. No event announces them. */
import { Duration } from "aws-cdk-lib";
import { CfnRule } from "aws-cdk-lib/aws-events";
import { CfnPermission } from "aws-cdk-lib/aws-lambda";
import { Construct } from "constructs";
import { acknowledge, type Reasons } from "./findings/acknowledge.ts";
import { ApplicationFunction, type FunctionOptions } from "./function.ts";

/** The period of the alarm on SagaStuck must be longer than this. */
const every = Duration.minutes(5);

const acceptedForRule: Reasons = {
  "Serverless-EventBusDLQ": "The next run looks again, so a run that could not start needs no dead letter.",
};

/** The function that looks for stuck sagas, and its schedule. */
export class Inspection extends Construct {
  constructor(scope: Construct, id: string, options: FunctionOptions) {
    super(scope, id);
    const inspect = new ApplicationFunction(this, "Default", options);
    const rule = new CfnRule(this, "Rule", {
      scheduleExpression: `rate(${every.toMinutes()} minutes)`,
      targets: [
        {
          id: "function",
          arn: inspect.arn,
          retryPolicy: { maximumRetryAttempts: 1, maximumEventAgeInSeconds: every.toSeconds() },
        },
      ],
    });
    acknowledge(rule, acceptedForRule);
    new CfnPermission(this, "Permission", {
      action: "lambda:InvokeFunction",
      functionName: inspect.arn,
      principal: "events.amazonaws.com",
      sourceArn: rule.attrArn,
    });
  }
}
