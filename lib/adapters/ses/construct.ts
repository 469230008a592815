/** The identity that sends mail. Its owner must confirm it before SES sends anything. */
import { Stack } from "aws-cdk-lib";
import { CfnEmailIdentity } from "aws-cdk-lib/aws-ses";
import type { Service } from "../../constructs/ports.ts";

import { variables } from "./settings.ts";

/** Creates the identity, and lets effects send from it. */
export const sesResources =
  (sender: string): Service =>
  (scope) => {
    const identity = new CfnEmailIdentity(scope, "Identity", { emailIdentity: sender });
    const identityArn = Stack.of(scope).formatArn({
      service: "ses",
      resource: "identity",
      resourceName: identity.ref,
    });
    return {
      environment: { [variables.from]: sender },
      statements: [{ actions: ["ses:SendEmail"], resources: [identityArn] }],
    };
  };
