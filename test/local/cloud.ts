/**
 * A small local cloud in process: a real clock, a real journal, and the given providers. Every action is allowed,
 * except those that `deny` refuses. Each authorization check is recorded.
 */

import { invocationBytesMax } from "../../lib/local/lambda/settings.ts";
import { type Clock, localClock } from "../../lib/local/machine/clock.ts";
import { type Journal, openJournal } from "../../lib/local/machine/journal.ts";
import {
  type Caller,
  type Cloud,
  type Input,
  type Invocation,
  type MakeProvider,
  type Operation,
  type Provider,
  type Report,
  type Requirement,
  type Resource,
  ServiceError,
} from "../../lib/local/service/service.ts";

export const region = "eu-central-1";
export const account = "123456789012";
export const owner: Caller = { kind: "owner" };

/** What a function under test does with each event: it returns or throws. */
export type TestFunction = (event: unknown) => unknown;

export type TestCloud = {
  /** What the providers get. */
  readonly inner: Cloud;
  readonly clock: Clock;
  readonly journal: Journal;
  readonly reports: Omit<Report, "at">[];
  readonly asked: { readonly caller: Caller; readonly requirement: Requirement }[];
  readonly call: (service: string, operation: string, input: Input, caller?: Caller) => Promise<unknown>;
  readonly deny: (action: string) => void;
  readonly written: (tableName: string) => void;
  readonly stop: () => Promise<void>;
};

const servicesOf: Record<string, string> = {
  SQS: "sqs",
  Events: "events",
  S3: "s3",
  SES: "ses",
  Lambda: "lambda",
};

export const resource = (
  type: string,
  id: string,
  properties: Readonly<Record<string, unknown>> = {},
  arn?: string,
): Resource => {
  const service = servicesOf[type.split("::")[1] ?? ""] ?? "other";
  return { id, type, name: id, arn: arn ?? `arn:aws:${service}:${region}:${account}:${id}`, properties };
};

const invocation = async (run: TestFunction | undefined, payload: unknown): Promise<Invocation> => {
  const requestId = "00000000-0000-4000-8000-000000000001";
  try {
    return { requestId, payload: (await run?.(payload)) ?? null };
  } catch (fault) {
    return { requestId, payload: { errorMessage: String(fault) }, functionError: "Unhandled" };
  }
};

export const testCloud = async (given: {
  readonly providers: readonly (readonly [MakeProvider, ...string[]])[];
  readonly resources: readonly Resource[];
  readonly journalFile?: string;
  readonly clock?: Clock;
  readonly functions?: Readonly<Record<string, TestFunction>>;
  /** More services, such as DynamoDB in a test. */
  readonly services?: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
}): Promise<TestCloud> => {
  const clock = given.clock ?? localClock(Date.now);
  const journal = openJournal(given.journalFile);
  const reports: Omit<Report, "at">[] = [];
  const asked: TestCloud["asked"] = [];
  const denied = new Set<string>();
  const listeners: { readonly tableName: string; readonly listener: () => void }[] = [];
  const services = new Map<string, Readonly<Record<string, Operation>>>(Object.entries(given.services ?? {}));

  const authorize: Cloud["authorize"] = (caller, requirement) => {
    asked.push({ caller, requirement });
    if (denied.has(requirement.action))
      throw new ServiceError("AccessDenied", `not authorized to perform: ${requirement.action}`, 403);
  };

  const call: Cloud["call"] = async (caller, { service, operation: name, input }) => {
    const operation = services.get(service)?.[name];
    if (!operation) throw new Error(`the test cloud has no ${service}.${name}`);
    for (const requirement of operation.requires(input)) authorize(caller, requirement);
    return operation.run(input, caller);
  };

  const inner: Cloud = {
    clock,
    journal,
    region,
    account,
    resources: given.resources,
    find: (arn) => given.resources.find((one) => one.arn === arn),
    call,
    invoke: async (caller, arn, event) => {
      authorize(caller, { action: "lambda:InvokeFunction", resource: arn });
      if (Buffer.byteLength(event) > invocationBytesMax)
        throw new ServiceError("RequestTooLargeException", "larger than an invocation takes", 413);
      return invocation(given.functions?.[arn.split(":").at(-1) ?? ""], JSON.parse(event));
    },
    authorize,
    report: (report) => void reports.push(report),
    roleOf: (arn) => ({ kind: "role", arn: `role-of-${arn.split(":").at(-1)}` }),
    onTableWrite: (tableName, listener) => void listeners.push({ tableName, listener }),
  };

  const providers: Provider[] = given.providers.map(([makeProvider, ...types]) =>
    makeProvider(
      inner,
      given.resources.filter(({ type }) => types.includes(type)),
    ),
  );
  for (const { services: offered = [] } of providers)
    for (const { name, operations } of offered) services.set(name, operations);
  for (const provider of providers) await provider.start?.();

  return {
    inner,
    clock,
    journal,
    reports,
    asked,
    call: (service, operation, input, caller = owner) => call(caller, { service, operation, input }),
    deny: (action) => void denied.add(action),
    written: (tableName) => {
      for (const one of listeners) if (one.tableName === tableName) one.listener();
    },
    stop: async () => {
      for (const provider of [...providers].reverse()) await provider.stop?.();
      clock.stop();
      journal.close();
    },
  };
};
