/** The table of the payment sandbox. It exists only if the sandbox is used in place of a payment provider. */
import { RemovalPolicy } from "aws-cdk-lib";
import { AttributeType, Billing, TableV2 } from "aws-cdk-lib/aws-dynamodb";
import type { Service } from "../../../constructs/ports.ts";

import { variables } from "./settings.ts";

export const paymentSandboxResources: Service = (scope) => {
  const payments = new TableV2(scope, "Payments", {
    partitionKey: { name: "pk", type: AttributeType.STRING },
    billing: Billing.onDemand(),
    pointInTimeRecoverySpecification: { pointInTimeRecoveryEnabled: true },
    deletionProtection: true,
    removalPolicy: RemovalPolicy.RETAIN,
  });
  return {
    environment: { [variables.payments]: payments.tableName },
    statements: [{ actions: ["dynamodb:UpdateItem"], resources: [payments.tableArn] }],
  };
};
