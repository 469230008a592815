/**
 * What the journal keeps of an execution. While it runs, that is its wait: for a task that a function or the holder of
 * a token performs, for a retry, or for the entry into a state. Pass, Choice, Succeed and Fail states do not wait, and
 * are never kept. Once it has ended, it is what DescribeExecution answers.
 */
import type { Definition } from "../language/definition.ts";
import type { Variables } from "../language/jsonata.ts";

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

type Wait =
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
