/**
 * From a rule to its target: an accepted event is in the journal until the target has it, so that a kill
 * -9 loses none. A failed delivery is tried again, later each time, until the target's retry policy ends
 * it; the event then goes to the target's dead-letter queue, or is dropped and reported.
 */
import { backoffMilliseconds } from "../machine/random.ts";
import { type Caller, type Cloud, ServiceError } from "../service/service.ts";
import type { Rule, Target } from "./rule.ts";

/** One event for one target. `event` is the text that the target gets. */
type Pending = {
  readonly event: string;
  readonly traceHeader?: string;
  readonly ruleArn: string;
  readonly targetId: string;
  readonly acceptedAt: number;
  /** Failed attempts so far. */
  readonly failures: number;
};

export type AcceptedEvent = { readonly id: string; readonly event: string; readonly traceHeader?: string };

export type Delivery = {
  /** On return the event is in the journal for every target of the rule; it is delivered after that. */
  readonly accept: (event: AcceptedEvent, rule: Rule) => void;
  /** Takes up what a former process accepted and did not deliver. */
  readonly resume: () => void;
};

const firstRetryMilliseconds = 1000;
const retryMillisecondsMax = 600_000;

/** What trying again cannot cure: such an event goes to the dead-letter queue at once, as on AWS. */
const finalFaults: Readonly<Record<string, string>> = {
  AccessDenied: "NO_PERMISSIONS",
  AccessDeniedException: "NO_PERMISSIONS",
  QueueDoesNotExist: "NO_RESOURCE",
  ResourceNotFoundException: "NO_RESOURCE",
};

type Failure = { readonly code: string; readonly message: string; readonly exhausted?: string };

const text = (StringValue: string) => ({ DataType: "String", StringValue });

const queueNameOf = (arn: string) => arn.split(":").at(-1) ?? arn;

export const delivery = (cloud: Cloud, rules: readonly Rule[]): Delivery => {
  const waiting = cloud.journal.map<Pending>("deliveries");
  const rulesByArn = new Map(rules.map((rule) => [rule.arn, rule]));
  let due: string[] = [];

  const report = (rule: Rule, message: string) =>
    cloud.report({ source: rule.id, level: "problem", message });

  const callerOf = (rule: Rule): Caller => ({
    kind: "service",
    principal: "events.amazonaws.com",
    sourceArn: rule.arn,
  });

  const send = (rule: Rule, queueArn: string, message: Readonly<Record<string, unknown>>) =>
    cloud.call(callerOf(rule), "sqs", "SendMessage", { QueueUrl: queueNameOf(queueArn), ...message });

  /** A function takes it over, and then has it until it is done or given up. */
  const invoke = (rule: Rule, FunctionName: string, Payload: string) =>
    cloud.call(callerOf(rule), "lambda", "Invoke", { FunctionName, InvocationType: "Event", Payload });

  const handOver = (rule: Rule, { Arn }: Target, { event, traceHeader }: Pending) =>
    Arn.split(":")[2] === "lambda"
      ? invoke(rule, Arn, event)
      : send(rule, Arn, {
          MessageBody: event,
          ...(traceHeader !== undefined && {
            MessageSystemAttributes: { AWSTraceHeader: text(traceHeader) },
          }),
        });

  const giveUp = async (rule: Rule, target: Target, pending: Pending, failure: Failure) => {
    const what = `an event for ${target.Arn} after ${pending.failures} attempts: ${failure.message}`;
    const deadLetters = target.DeadLetterConfig?.Arn;
    if (deadLetters === undefined) return report(rule, `dropped ${what}`);
    const MessageAttributes = {
      RULE_ARN: text(rule.arn),
      TARGET_ARN: text(target.Arn),
      ERROR_CODE: text(failure.code),
      ERROR_MESSAGE: text(failure.message),
      RETRY_ATTEMPTS: text(String(pending.failures - 1)),
      ...(failure.exhausted !== undefined && { EXHAUSTED_RETRY_CONDITION: text(failure.exhausted) }),
    };
    try {
      await send(rule, deadLetters, { MessageBody: pending.event, MessageAttributes });
      report(rule, `gave up ${what}: it is in ${deadLetters}`);
    } catch (fault) {
      report(rule, `dropped ${what}; its dead-letter queue ${deadLetters}: ${fault}`);
    }
  };

  /** The failure with which this delivery ends, unless it is to be tried again. */
  const endOf = (target: Target, pending: Pending, fault: unknown): Failure | undefined => {
    const code = fault instanceof ServiceError ? fault.code : "INTERNAL_ERROR";
    const message = fault instanceof Error ? fault.message : String(fault);
    const final = finalFaults[code];
    if (final !== undefined) return { code: final, message };
    const { MaximumRetryAttempts, MaximumEventAgeInSeconds } = target.RetryPolicy;
    if (pending.failures > MaximumRetryAttempts) return { code, message, exhausted: "MaximumRetryAttempts" };
    if (cloud.clock.now() - pending.acceptedAt >= MaximumEventAgeInSeconds * 1000)
      return { code, message, exhausted: "MaximumEventAgeInSeconds" };
    return undefined;
  };

  const fail = async (key: string, rule: Rule, target: Target, before: Pending, fault: unknown) => {
    const pending = { ...before, failures: before.failures + 1 };
    const end = endOf(target, pending, fault);
    if (end) {
      await giveUp(rule, target, pending, end);
      return waiting.delete(key);
    }
    waiting.set(key, pending);
    const wait = backoffMilliseconds(pending.failures - 1, firstRetryMilliseconds, retryMillisecondsMax);
    cloud.clock.at(cloud.clock.now() + wait, () => void deliver(key));
  };

  const deliver = async (key: string) => {
    const pending = waiting.get(key);
    if (!pending) return;
    const rule = rulesByArn.get(pending.ruleArn);
    const target = rule?.targets.find(({ Id }) => Id === pending.targetId);
    if (!rule || !target) return waiting.delete(key);
    try {
      await handOver(rule, target, pending);
      waiting.delete(key);
    } catch (fault) {
      await fail(key, rule, target, pending, fault);
    }
  };

  const deliverDue = () => {
    const keys = due;
    due = [];
    for (const key of keys) void deliver(key);
  };

  const deliverSoon = (key: string) => {
    if (due.length === 0) setImmediate(deliverDue);
    due.push(key);
  };

  return {
    accept: ({ id, ...event }, rule) => {
      for (const { Id: targetId } of rule.targets) {
        const key = `${id}/${rule.id}/${targetId}`;
        waiting.set(key, {
          ...event,
          ruleArn: rule.arn,
          targetId,
          acceptedAt: cloud.clock.now(),
          failures: 0,
        });
        deliverSoon(key);
      }
    },
    resume: () => {
      for (const [key] of waiting.entries()) deliverSoon(key);
    },
  };
};
