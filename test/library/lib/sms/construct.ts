/** The table of the outbox, and the right to write to it. */
import { RemovalPolicy } from "aws-cdk-lib";
import { AttributeType, Billing, TableV2 } from "aws-cdk-lib/aws-dynamodb";
import type { Service } from "eventfold/constructs/ports";
import { variables } from "./settings.ts";

export const smsOutboxResources: Service = (scope) => {
  const outbox = new TableV2(scope, "SmsOutbox", {
    partitionKey: { name: "pk", type: AttributeType.STRING },
    billing: Billing.onDemand(),
    pointInTimeRecoverySpecification: { pointInTimeRecoveryEnabled: true },
    deletionProtection: true,
    removalPolicy: RemovalPolicy.RETAIN,
  });
  return {
    environment: { [variables.outbox]: outbox.tableName },
    statements: [{ actions: ["dynamodb:PutItem"], resources: [outbox.tableArn] }],
  };
};
