/** The ARNs of executions and the tokens of their tasks. */
import { uniqueId } from "../../machine/random.ts";
import type { Machine } from "./execution.ts";

export const executionArn = (machineArn: string, name: string): string =>
  `${machineArn.replace(":stateMachine:", ":execution:")}:${name}`;

/** Each start of an Express machine is a new execution, even with the same name. */
export const newExecutionArn = ({ arn, type }: Machine, name: string): string =>
  type === "EXPRESS"
    ? `${arn.replace(":stateMachine:", ":express:")}:${name}:${uniqueId()}`
    : executionArn(arn, name);

export const isExpress = (execution: string): boolean => execution.includes(":express:");

/** AWS ends an Express execution after this time. */
export const expressMilliseconds = 300_000;

export const machineArnOf = (execution: string): string =>
  execution.replace(":execution:", ":stateMachine:").split(":").slice(0, -1).join(":");

/** A token contains the ARN of its execution, so no other record is needed to find the execution. */
export const newToken = (execution: string): string =>
  Buffer.from(JSON.stringify([execution, uniqueId()])).toString("base64url");

/** The execution of a token. Undefined if the token is not one of ours. */
export const executionOfToken = (token: string): string | undefined => {
  try {
    const [execution, secret]: unknown[] = JSON.parse(Buffer.from(token, "base64url").toString());
    const isToken =
      typeof execution === "string" && execution.includes(":execution:") && typeof secret === "string";
    return isToken ? execution : undefined;
  } catch {
    return undefined;
  }
};
