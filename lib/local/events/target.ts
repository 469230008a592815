/** Delivers an event to the target of a rule, or to the target's dead-letter queue, with the rights of the rule. */
import { type Caller, type Cloud, ServiceError } from "../service/service.ts";
import type { Rule, Target } from "./rule.ts";

/** One event for one target. `event` is the text that the target gets. */
export type Pending = {
  readonly event: string;
  readonly traceHeader?: string;
  readonly ruleArn: string;
  readonly targetId: string;
  readonly acceptedAt: number;
  /** The number of failed attempts. */
  readonly failures: number;
};

export type RuleTarget = { readonly rule: Rule; readonly target: Target };

type Failure = { readonly code: string; readonly message: string; readonly exhausted?: string };

/** Errors that a retry cannot fix. The event goes to the dead-letter queue at once, as on AWS. */
const finalErrors: Readonly<Record<string, string>> = {
  AccessDenied: "NO_PERMISSIONS",
  AccessDeniedException: "NO_PERMISSIONS",
  QueueDoesNotExist: "NO_RESOURCE",
  ResourceNotFoundException: "NO_RESOURCE",
};

const text = (StringValue: string) => ({ DataType: "String", StringValue });

const queueNameOf = (arn: string) => arn.split(":").at(-1) ?? arn;

/** The failure that ends the delivery. Undefined if the delivery is retried. */
export const endOf = (
  { RetryPolicy }: Target,
  { failures, acceptedAt }: Pending,
  { fault, now }: { readonly fault: unknown; readonly now: number },
): Failure | undefined => {
  const code = fault instanceof ServiceError ? fault.code : "INTERNAL_ERROR";
  const message = fault instanceof Error ? fault.message : String(fault);
  const final = finalErrors[code];
  if (final !== undefined) return { code: final, message };
  const { MaximumRetryAttempts, MaximumEventAgeInSeconds } = RetryPolicy;
  if (failures > MaximumRetryAttempts) return { code, message, exhausted: "MaximumRetryAttempts" };
  if (now - acceptedAt >= MaximumEventAgeInSeconds * 1000)
    return { code, message, exhausted: "MaximumEventAgeInSeconds" };
  return undefined;
};

const attributesOf = (
  { rule, target }: RuleTarget,
  { failures }: Pending,
  { code, message, exhausted }: Failure,
) => ({
  RULE_ARN: text(rule.arn),
  TARGET_ARN: text(target.Arn),
  ERROR_CODE: text(code),
  ERROR_MESSAGE: text(message),
  RETRY_ATTEMPTS: text(String(failures - 1)),
  ...(exhausted !== undefined && { EXHAUSTED_RETRY_CONDITION: text(exhausted) }),
});

type Targets = {
  readonly handOver: (to: RuleTarget, pending: Pending) => Promise<unknown>;
  /** Sends the event to the dead-letter queue, or drops it, and reports which. Never rejects. */
  readonly giveUp: (to: RuleTarget, pending: Pending, failure: Failure) => Promise<void>;
};

export const targets = (cloud: Cloud): Targets => {
  const callerOf = (rule: Rule): Caller => ({
    kind: "service",
    principal: "events.amazonaws.com",
    sourceArn: rule.arn,
  });

  const send = (rule: Rule, queueArn: string, message: Readonly<Record<string, unknown>>) =>
    cloud.call(callerOf(rule), {
      service: "sqs",
      operation: "SendMessage",
      input: { QueueUrl: queueNameOf(queueArn), ...message },
    });

  /** Lambda accepts the event and does its own retries. */
  const invoke = (rule: Rule, FunctionName: string, Payload: string) =>
    cloud.call(callerOf(rule), {
      service: "lambda",
      operation: "Invoke",
      input: { FunctionName, InvocationType: "Event", Payload },
    });

  return {
    handOver: ({ rule, target: { Arn } }, { event, traceHeader }) =>
      Arn.split(":")[2] === "lambda"
        ? invoke(rule, Arn, event)
        : send(rule, Arn, {
            MessageBody: event,
            ...(traceHeader !== undefined && {
              MessageSystemAttributes: { AWSTraceHeader: text(traceHeader) },
            }),
          }),
    giveUp: async (to, pending, failure) => {
      const { rule, target } = to;
      const report = (message: string) => cloud.report({ source: rule.id, level: "problem", message });
      const what = `an event for ${target.Arn} after ${pending.failures} attempts: ${failure.message}`;
      const deadLetters = target.DeadLetterConfig?.Arn;
      if (deadLetters === undefined) return report(`dropped ${what}`);
      const MessageAttributes = attributesOf(to, pending, failure);
      try {
        await send(rule, deadLetters, { MessageBody: pending.event, MessageAttributes });
        report(`gave up ${what}: it is in ${deadLetters}`);
      } catch (fault) {
        report(`dropped ${what}, because its dead-letter queue ${deadLetters} refused it: ${fault}`);
      }
    },
  };
};
