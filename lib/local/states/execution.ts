/**
 * What is kept of an execution. While it runs, that is the place where it rests: a task that has been
 * handed to a function or waits for its token, a retry that waits, or a state about to be entered. Pass,
 * Succeed and Fail states lie between two rests and are never kept. Once it has ended: what
 * DescribeExecution answers.
 */
import { uniqueId } from "../machine/random.ts";
import type { Definition } from "./language/definition.ts";
import type { Variables } from "./language/jsonata.ts";

export const machineTypes = ["STANDARD", "EXPRESS"] as const;

export type Machine = {
  readonly type: (typeof machineTypes)[number];
  readonly arn: string;
  readonly name: string;
  readonly roleArn: string;
  /** Identifies the text of the definition: an execution goes on with the one it started with. */
  readonly definitionId: string;
  readonly definitionText: string;
  readonly definition: Definition;
};

export type Wait =
  | { readonly kind: "entering" }
  | {
      readonly kind: "task";
      readonly functionName: string;
      readonly payload: unknown;
      readonly token?: string;
      readonly deadline?: number;
      /** The function has taken the token: it is not invoked again after a restart. */
      readonly submitted?: boolean;
    }
  | { readonly kind: "retrying"; readonly until: number };

export type Running = {
  readonly machineArn: string;
  readonly definitionId: string;
  readonly name: string;
  readonly input: string;
  readonly startedAt: number;
  readonly state: string;
  readonly stateInput: unknown;
  readonly variables: Variables;
  readonly enteredAt: number;
  /** The id of the history event of the entry, which causes of failures name. */
  readonly enteredEvent: number;
  readonly retries: readonly number[];
  /** How many history events there are. */
  readonly events: number;
  readonly rest: Wait;
};

export type Status = "RUNNING" | "SUCCEEDED" | "FAILED" | "TIMED_OUT" | "ABORTED";

export type Ending =
  | { readonly status: "SUCCEEDED"; readonly output: string }
  | { readonly status: "FAILED" | "TIMED_OUT" | "ABORTED"; readonly error?: string; readonly cause?: string };

type Origin = Pick<Running, "machineArn" | "name" | "input" | "startedAt">;

export type Closed = Origin & Ending & { readonly stoppedAt: number };

export type Execution = Origin & {
  readonly status: Status;
  readonly stoppedAt?: number;
  readonly output?: string;
  readonly error?: string;
  readonly cause?: string;
};

export const executionArn = (machineArn: string, name: string): string =>
  `${machineArn.replace(":stateMachine:", ":execution:")}:${name}`;

/** Of Express each start is an execution of its own, whatever its name. */
export const newExecutionArn = ({ arn, type }: Machine, name: string): string =>
  type === "EXPRESS"
    ? `${arn.replace(":stateMachine:", ":express:")}:${name}:${uniqueId()}`
    : executionArn(arn, name);

export const isExpress = (execution: string): boolean => execution.includes(":express:");

/** An execution of Express is over then, whatever it is at. */
export const expressMilliseconds = 300_000;

export const machineArnOf = (execution: string): string =>
  execution.replace(":execution:", ":stateMachine:").split(":").slice(0, -1).join(":");

/** A token names its execution, so that nothing else needs to be kept to find it. */
export const newToken = (execution: string): string =>
  Buffer.from(JSON.stringify([execution, uniqueId()])).toString("base64url");

/** The execution of a token; undefined when it is none of ours. */
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

/** `$states.context`. */
export const contextOf = (arn: string, running: Running, machine: Machine, token?: string) => ({
  Execution: {
    Id: arn,
    get Input() {
      return JSON.parse(running.input);
    },
    Name: running.name,
    RoleArn: machine.roleArn,
    StartTime: new Date(running.startedAt).toISOString(),
    RedriveCount: 0,
  },
  StateMachine: { Id: machine.arn, Name: machine.name },
  State: {
    Name: running.state,
    EnteredTime: new Date(running.enteredAt).toISOString(),
    RetryCount: running.retries.reduce((sum, count) => sum + count, 0),
  },
  ...(token && { Task: { Token: token } }),
});
