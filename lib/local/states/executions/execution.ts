/**
 * The record of an execution in the journal. While the execution runs, the record is its current wait. An execution
 * waits until a function or the holder of a token has performed a task, until a retry is due, or until it enters a
 * state. Pass, Choice, Succeed and Fail states do not wait, so they are not stored. When the execution has ended, the
 * record is the answer of DescribeExecution.
 */
import type { Definition } from "../language/definition.ts";
import type { Variables } from "../language/jsonata.ts";

export const machineTypes = ["STANDARD", "EXPRESS"] as const;

export type Machine = {
  readonly type: (typeof machineTypes)[number];
  readonly arn: string;
  readonly name: string;
  readonly roleArn: string;
  /** Identifies the text of the definition. An execution keeps the definition that it started with. */
  readonly definitionId: string;
  readonly definitionText: string;
  readonly definition: Definition;
};

type Wait =
  | { readonly kind: "entering" }
  | {
      readonly kind: "task";
      readonly functionName: string;
      readonly payload: unknown;
      readonly token?: string;
      readonly deadline?: number;
      /** The function has taken the token, so it is not invoked again after a restart. */
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
  /** The id of the history event of the entry. Causes of failures name it. */
  readonly enteredEvent: number;
  readonly retries: readonly number[];
  /** The number of history events. */
  readonly events: number;
  readonly rest: Wait;
};

type Status = "RUNNING" | "SUCCEEDED" | "FAILED" | "TIMED_OUT" | "ABORTED";

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
