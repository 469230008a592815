/** The identity that mail is sent from. SES asks its owner to confirm it before it sends. */
import { Stack } from "aws-cdk-lib";
import { CfnEmailIdentity } from "aws-cdk-lib/aws-ses";
import type { Service } from "../../constructs/ports.ts";

import { variables } from "./settings.ts";

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
