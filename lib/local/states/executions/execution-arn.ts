/** The ARNs of executions, and the tokens that name them. */
import { uniqueId } from "../../machine/random.ts";
import type { Machine } from "./execution.ts";

export const executionArn = (machineArn: string, name: string): string =>
  `${machineArn.replace(":stateMachine:", ":execution:")}:${name}`;

/** Each start of an Express machine is an execution of its own, whatever its name. */
export const newExecutionArn = ({ arn, type }: Machine, name: string): string =>
  type === "EXPRESS"
    ? `${arn.replace(":stateMachine:", ":express:")}:${name}:${uniqueId()}`
    : executionArn(arn, name);

export const isExpress = (execution: string): boolean => execution.includes(":express:");

/** AWS ends an Express execution after this time. */
export const expressMilliseconds = 300_000;

export const machineArnOf = (execution: string): string =>
  execution.replace(":execution:", ":stateMachine:").split(":").slice(0, -1).join(":");

/** A token names its execution, so that nothing else needs to be kept to find it. */
export const newToken = (execution: string): string =>
  Buffer.from(JSON.stringify([execution, uniqueId()])).toString("base64url");

/** The execution of a token; undefined if this is not one of our tokens. */
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
