/**
 * A state machine as the interpreter runs it: checked, its JSONata compiled. What AWS offers beyond this
 * shape is refused by name when the definition is parsed.
 */
import type { Template } from "./jsonata.ts";
import type { Retrier } from "./retry.ts";

export type Definition = { readonly startAt: string; readonly states: ReadonlyMap<string, State> };

/** The way out of a state: what it hands on, what it remembers, where it leads; nowhere at the end. */
export type Exit = { readonly output?: Template; readonly assign?: Template; readonly next?: string };

export type Catcher = Exit & { readonly errorEquals: readonly string[] };

export type Task = Exit & {
  readonly type: "Task";
  /** With `.waitForTaskToken` the task lasts until someone answers its token. */
  readonly waitsForToken: boolean;
  readonly functionName: Template;
  readonly payload: Template;
  readonly timeoutSeconds?: Template;
  readonly retry: readonly Retrier[];
  readonly catch: readonly Catcher[];
};

/** Leads where the first condition that holds says, else on. */
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
