/**
 * The interface between the providers of the local cloud. A *provider* runs the resources of some CloudFormation types.
 * It may offer a *service*, which functions call through the AWS SDK. Providers know each other only through `Cloud`.
 */
import type { Clock } from "../machine/clock.ts";
import type { Journal } from "../machine/journal.ts";

/** A resource of the template. Every intrinsic function is resolved. `name` is its physical name. */
export type Resource = {
  readonly id: string;
  readonly type: string;
  readonly name: string;
  readonly arn: string;
  readonly properties: Readonly<Record<string, unknown>>;
  /** The reason why it does not run here. Providers do not get such a resource. */
  readonly notRun?: string;
};

/**
 * The caller of an operation: a role (of a function or a state machine), an AWS service on behalf of a resource (such
 * as a rule that sends to a queue), or the owner of the machine, who may do anything.
 */
export type Caller =
  | { readonly kind: "role"; readonly arn: string; readonly functionName?: string }
  | { readonly kind: "service"; readonly principal: string; readonly sourceArn: string }
  | { readonly kind: "owner" };

export type Requirement = { readonly action: string; readonly resource: string };

/** Input and output have the shapes of the AWS API, as parsed JSON. */
export type Operation = {
  /** The IAM actions and resource ARNs that this call needs. They are checked before `run`. */
  readonly requires: (input: Input) => readonly Requirement[];
  readonly run: (input: Input, caller: Caller) => Promise<unknown> | unknown;
  /**
   * The capacity units of a call, by resource. The default is none. For a failed call, `answer` is the ServiceError.
   */
  readonly units?: (answer: unknown, input: Input) => readonly Units[];
};

/** `resource` is an ARN, for example of a table. */
export type Units = { readonly resource: string; readonly read?: number; readonly write?: number };

export type Input = Readonly<Record<string, unknown>>;

/** A call of an operation. `service` is the name of a Service. */
export type ServiceCall = { readonly service: string; readonly operation: string; readonly input: Input };

/**
 * `name` is the service's name in the credential scope of a signed request: `sqs`, `events`, `states`, `dynamodb`,
 * `lambda`.
 */
export type Service = { readonly name: string; readonly operations: Readonly<Record<string, Operation>> };

/** An error as AWS documents it. `code` is its name, `status` its HTTP status, and `members` its other fields. */
export class ServiceError extends Error {
  readonly code: string;
  readonly status: number;
  members: Readonly<Record<string, unknown>> = {};
  constructor(code: string, message: string, status = 400) {
    super(message);
    this.code = code;
    this.status = status;
  }

  with(members: Readonly<Record<string, unknown>>): this {
    this.members = members;
    return this;
  }
}

/**
 * The answer of a function. If `functionError` is "Unhandled", the function threw an error, and `payload` is the error
 * document.
 */
export type Invocation = {
  readonly requestId: string;
  readonly payload: unknown;
  readonly functionError?: "Unhandled" | "Handled";
};

/** A line of the live log and of the trace. `fields` are the members of a JSON line that a function wrote. */
export type Report = {
  readonly at: number;
  readonly source: string;
  readonly level: "info" | "problem";
  readonly message: string;
  readonly fields?: Readonly<Record<string, unknown>>;
};

export type Cloud = {
  readonly clock: Clock;
  readonly journal: Journal;
  readonly region: string;
  readonly account: string;
  readonly resources: readonly Resource[];
  /** The resource with this ARN, if it runs here. */
  readonly find: (arn: string) => Resource | undefined;
  /** Calls a service with the rights of `caller`. Throws ServiceError. */
  readonly call: (caller: Caller, call: ServiceCall) => Promise<unknown>;
  /**
   * Runs a function with a JSON text. `caller` needs the right `lambda:InvokeFunction`. The call waits if all
   * environments are busy.
   */
  readonly invoke: (caller: Caller, functionArn: string, event: string) => Promise<Invocation>;
  /** Throws AccessDenied, and reports it, if the caller lacks the right. Counts every call that is allowed. */
  readonly authorize: (caller: Caller, requirement: Requirement) => void;
  readonly report: (report: Omit<Report, "at">) => void;
  /** The role of a function, which its mappings use. */
  readonly roleOf: (functionArn: string) => Caller;
  /** Calls `listener` after each write to this table, so that its stream is read at once. */
  readonly onTableWrite: (tableName: string, listener: () => void) => void;
};

/** `start` is called when all providers exist. `stop` leaves nothing running. */
export type Provider = {
  readonly services?: readonly Service[];
  readonly start?: () => Promise<void> | void;
  readonly stop?: () => Promise<void> | void;
};

/**
 * Makes a provider for the resources of its types. Throws an error that names a property if the provider does not
 * support it.
 */
export type MakeProvider = (cloud: Cloud, resources: readonly Resource[]) => Provider;
