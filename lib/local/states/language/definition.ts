/**
 * A state machine as the interpreter runs it: checked, and with its JSONata compiled. Features of AWS that do not fit
 * into this form are refused when the definition is parsed, and the error names them.
 */
import type { Template } from "./jsonata.ts";
import type { Retrier } from "./retry.ts";

export type Definition = { readonly startAt: string; readonly states: ReadonlyMap<string, State> };

/**
 * How a state is left: its output, the variables that it assigns, and the next state. Without `next`, the execution
 * ends.
 */
export type Exit = { readonly output?: Template; readonly assign?: Template; readonly next?: string };

export type Catcher = Exit & { readonly errorEquals: readonly string[] };

export type Task = Exit & {
  readonly type: "Task";
  /** With `.waitForTaskToken`, the task lasts until its token is answered. */
  readonly waitsForToken: boolean;
  readonly functionName: Template;
  readonly payload: Template;
  readonly timeoutSeconds?: Template;
  readonly retry: readonly Retrier[];
  readonly catch: readonly Catcher[];
};

/** Leads to the state of the first rule whose condition is true, otherwise to the default. */
export type Choice = {
  readonly type: "Choice";
  readonly choices: readonly { readonly condition: Template; readonly next: string }[];
  readonly otherwise: string;
};

export type State =
  | Task
  | Choice
  | (Exit & { readonly type: "Pass" })
  | (Exit & { readonly type: "Succeed" })
  | { readonly type: "Fail"; readonly error?: Template; readonly cause?: Template };
