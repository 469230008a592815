/** A function that looks, every few minutes, for what waits too long. Nobody tells it: it is called by the clock. */
import { Duration } from "aws-cdk-lib";
import { CfnRule } from "aws-cdk-lib/aws-events";
import { CfnPermission } from "aws-cdk-lib/aws-lambda";
import { Construct } from "constructs";
import { ApplicationFunction, type FunctionOptions } from "./function.ts";

/** An alarm that lasts from one look to the next has to be longer. */
const every = Duration.minutes(5);

export class Inspection extends Construct {
  constructor(scope: Construct, id: string, options: FunctionOptions) {
    super(scope, id);
    const inspect = new ApplicationFunction(this, "Default", options);
    const rule = new CfnRule(this, "Rule", {
      scheduleExpression: `rate(${every.toMinutes()} minutes)`,
      // A look that could not be taken is made up for by the next.
      targets: [
        {
          id: "function",
          arn: inspect.arn,
          retryPolicy: { maximumRetryAttempts: 1, maximumEventAgeInSeconds: every.toSeconds() },
        },
      ],
    });
    new CfnPermission(this, "Permission", {
      action: "lambda:InvokeFunction",
      functionName: inspect.arn,
      principal: "events.amazonaws.com",
      sourceArn: rule.attrArn,
    });
  }
}
