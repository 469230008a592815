/**
 * How the providers of the local cloud work together. A *provider* runs the resources of some CloudFormation
 * types and may offer a *service*, which functions call through the AWS SDK. Providers know each other only
 * through `Cloud`.
 */
import type { Clock } from "../machine/clock.ts";
import type { Journal } from "../machine/journal.ts";

/** A resource of the template with every intrinsic function resolved. `name` is its physical name. */
export type Resource = {
  readonly id: string;
  readonly type: string;
  readonly name: string;
  readonly arn: string;
  readonly properties: Readonly<Record<string, unknown>>;
  /** Why it does not run here. No provider gets such a resource. */
  readonly notRun?: string;
};

/**
 * Who calls: a role (of a function or a state machine), an AWS service on behalf of a resource (a rule
 * that sends to a queue), or the owner of the machine, who may do anything.
 */
export type Caller =
  | { readonly kind: "role"; readonly arn: string; readonly functionName?: string }
  | { readonly kind: "service"; readonly principal: string; readonly sourceArn: string }
  | { readonly kind: "owner" };

export type Requirement = { readonly action: string; readonly resource: string };

/** Input and output are the parsed JSON of the AWS API's own shapes. */
export type Operation = {
  /** The IAM actions and resource ARNs that this call needs; the gateway asks before `run`. */
  readonly requires: (input: Input) => readonly Requirement[];
  readonly run: (input: Input, caller: Caller) => Promise<unknown> | unknown;
  /** Capacity units of a call, by the resource they are for; none by default. A failed one answers a ServiceError. */
  readonly units?: (answer: unknown, input: Input) => readonly Units[];
};

/** Of a table, say: `resource` is its ARN. */
export type Units = { readonly resource: string; readonly read?: number; readonly write?: number };

export type Input = Readonly<Record<string, unknown>>;

/** A call of an operation. `service` is the name of a Service. */
export type ServiceCall = { readonly service: string; readonly operation: string; readonly input: Input };

/** By the name in the credential scope of a signed request: `sqs`, `events`, `states`, `dynamodb`, `lambda`. */
export type Service = { readonly name: string; readonly operations: Readonly<Record<string, Operation>> };

/** An error as AWS documents it: `code` is its name, `status` its HTTP status, `members` its further fields. */
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

/** What a function answered. `functionError` is "Unhandled" when it threw; `payload` then is the error document. */
export type Invocation = {
  readonly requestId: string;
  readonly payload: unknown;
  readonly functionError?: "Unhandled" | "Handled";
};

/** One line for people (the live log) and for the trace. `fields` is what a function wrote as a JSON line. */
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
  /** The resource with this ARN or of this type and name, if it runs here. */
  readonly find: (arn: string) => Resource | undefined;
  /** A call of one service by another or by a resource, with the rights of `caller`; throws ServiceError. */
  readonly call: (caller: Caller, call: ServiceCall) => Promise<unknown>;
  /** Runs a function by name or ARN with an event in JSON; needs `lambda:InvokeFunction` of the caller. Queues when all environments are busy. */
  readonly invoke: (caller: Caller, functionArn: string, event: string) => Promise<Invocation>;
  /** Throws AccessDenied, and reports it, unless the caller may; counts every call that it allows. */
  readonly authorize: (caller: Caller, requirement: Requirement) => void;
  readonly report: (report: Omit<Report, "at">) => void;
  /** The role that the mappings of a function act with. */
  readonly roleOf: (functionArn: string) => Caller;
  /** `listener` is told after each write to the table of this name, so that its stream is read at once. */
  readonly onTableWrite: (tableName: string, listener: () => void) => void;
};

/** `start` begins its work once every provider exists. `stop` ends it and leaves nothing running. */
export type Provider = {
  readonly services?: readonly Service[];
  readonly start?: () => Promise<void> | void;
  readonly stop?: () => Promise<void> | void;
};

/** Given the cloud and the resources of the types it is for. Throws, naming it, on a property it does not run. */
export type MakeProvider = (cloud: Cloud, resources: readonly Resource[]) => Provider;
