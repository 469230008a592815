/** The AWS managed policies that are run here, by name: the CDK gives them to the roles that it makes for functions. */
import type { Statement } from "./statement.ts";

const actions: Readonly<Record<string, readonly string[]>> = {
  AWSLambdaBasicExecutionRole: ["logs:CreateLogGroup", "logs:CreateLogStream", "logs:PutLogEvents"],
};

/** Throws, naming `place`, on a policy that is not run here. */
export const managedStatement = (arn: string, place: string): Statement => {
  const found = actions[arn.split("/").at(-1) ?? ""];
  if (!arn.includes(":iam::aws:policy/") || !found) {
    const known = Object.keys(actions).join(", ");
    throw new Error(`${place}: managed policy ${arn} is not run here, only ${known}: write its statements`);
  }
  return { effect: "Allow", actions: found, resources: ["*"], conditions: [] };
};
