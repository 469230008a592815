/**
 * The AWS managed policies that are supported here, by name. The CDK attaches them to the roles that it creates for
 * functions.
 */
import type { Statement } from "./statement.ts";

const actions: Readonly<Record<string, readonly string[]>> = {
  AWSLambdaBasicExecutionRole: ["logs:CreateLogGroup", "logs:CreateLogStream", "logs:PutLogEvents"],
};

/** Throws an error that names `place` if the policy is not supported here. */
export const managedStatement = (arn: string, place: string): Statement => {
  const found = actions[arn.split("/").at(-1) ?? ""];
  if (!arn.includes(":iam::aws:policy/") || !found) {
    const known = Object.keys(actions).join(", ");
    throw new Error(
      `${place}: managed policy ${arn} is not supported here, only ${known} is: write its statements instead`,
    );
  }
  return { effect: "Allow", actions: found, resources: ["*"], conditions: [] };
};
