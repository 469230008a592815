/** Wildcards in policies, which cdk-nag reports unless the statement gives a reason. */
import { Stack } from "aws-cdk-lib";
import type { IConstruct } from "constructs";
import type { Statement } from "../ports.ts";
import { acknowledge } from "./acknowledge.ts";

/** The text of a resolved ARN, with references as cdk-nag writes them: `<LogicalId.Arn>`. */
const textOf = (resolved: unknown): string => {
  if (typeof resolved !== "object" || resolved === null) return `${resolved}`;
  if ("Ref" in resolved) return `<${resolved.Ref}>`;
  if ("Fn::GetAtt" in resolved && Array.isArray(resolved["Fn::GetAtt"]))
    return `<${resolved["Fn::GetAtt"].join(".")}>`;
  if ("Fn::Join" in resolved && Array.isArray(resolved["Fn::Join"])) {
    const [separator, parts] = resolved["Fn::Join"];
    return parts.map(textOf).join(separator);
  }
  return JSON.stringify(resolved);
};

const rulesAbout = (resource: string): readonly string[] => [
  `AwsSolutions-IAM5[Resource::${resource}]`,
  ...(resource === "*" ? ["Serverless-LambdaStarPermissions"] : []),
];

/** Accepts the wildcards in the resources of statements that give a reason for them. */
export const acknowledgeWildcards = (scope: IConstruct, statements: readonly Statement[]): void => {
  for (const { resources, wildcard } of statements)
    if (wildcard !== undefined)
      for (const resource of resources.map((each) => textOf(Stack.of(scope).resolve(each))))
        if (resource.includes("*"))
          acknowledge(scope, Object.fromEntries(rulesAbout(resource).map((rule) => [rule, wildcard])));
};
