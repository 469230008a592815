/**
 * Delivers the message of a schedule to its queue, with the rights of the schedule's role. A schedule is in the journal
 * until its queue has the message, so that a kill -9 loses none. A failed delivery is retried, later each time, until
 * the retry policy ends it. The message then goes to the dead-letter queue, or is dropped and reported.
 */
import type { DurableMap } from "../machine/journal.ts";
import { backoffMilliseconds } from "../machine/random.ts";
import { type Cloud, ServiceError } from "../service/service.ts";
import type { Schedule } from "./schedule.ts";

type Delivery = {
  /** Sends the message of a schedule when it is due. The schedule must be in the journal. */
  readonly sendWhenDue: (schedule: Schedule) => void;
};

const firstRetryMilliseconds = 1000;
const retryMillisecondsMax = 600_000;

/** Errors that a retry cannot fix. */
const finalFaults: ReadonlySet<string> = new Set([
  "AccessDenied",
  "AccessDeniedException",
  "QueueDoesNotExist",
]);

type Failure = { readonly code: string; readonly message: string; readonly exhausted?: string };

const text = (StringValue: string) => ({ DataType: "String", StringValue });

const queueNameOf = (arn: string) => arn.split(":").at(-1) ?? arn;

const attributesOf = ({ arn, at, target, failures }: Schedule, { code, message, exhausted }: Failure) => ({
  SCHEDULE_ARN: text(arn),
  TARGET_ARN: text(target.Arn),
  SCHEDULED_TIME: text(`${new Date(at).toISOString().slice(0, 19)}Z`),
  ERROR_CODE: text(code),
  ERROR_MESSAGE: text(message),
  RETRY_ATTEMPTS: text(`${failures - 1}`),
  IS_PAYLOAD_TRUNCATED: text("false"),
  ...(exhausted !== undefined && { EXHAUSTED_RETRY_CONDITION: text(exhausted) }),
});

export const delivery = (cloud: Cloud, schedules: DurableMap<Schedule>): Delivery => {
  const send = ({ target }: Schedule, queueArn: string, message: Readonly<Record<string, unknown>> = {}) =>
    cloud.call(
      { kind: "role", arn: target.RoleArn },
      {
        service: "sqs",
        operation: "SendMessage",
        input: { QueueUrl: queueNameOf(queueArn), MessageBody: target.Input, ...message },
      },
    );

  const report = (message: string) => cloud.report({ source: "scheduler", level: "problem", message });

  const giveUp = async (schedule: Schedule, failure: Failure) => {
    const what = `${schedule.arn} after ${schedule.failures} attempts: ${failure.message}`;
    const deadLetters = schedule.target.DeadLetterConfig?.Arn;
    if (deadLetters === undefined) return report(`dropped ${what}`);
    try {
      await send(schedule, deadLetters, { MessageAttributes: attributesOf(schedule, failure) });
      report(`gave up ${what}: its message is in ${deadLetters}`);
    } catch (fault) {
      report(`dropped ${what}, because its dead-letter queue ${deadLetters} refused it: ${fault}`);
    }
  };

  /** The failure that ends the delivery. Undefined if the delivery is retried. */
  const endOf = ({ at, target, failures }: Schedule, fault: unknown): Failure | undefined => {
    const code = fault instanceof ServiceError ? fault.code : "INTERNAL_ERROR";
    const message = fault instanceof Error ? fault.message : String(fault);
    if (finalFaults.has(code)) return { code, message };
    const { MaximumRetryAttempts, MaximumEventAgeInSeconds } = target.RetryPolicy;
    if (failures > MaximumRetryAttempts) return { code, message, exhausted: "MaximumRetryAttempts" };
    if (cloud.clock.now() - at >= MaximumEventAgeInSeconds * 1000)
      return { code, message, exhausted: "MaximumEventAgeInSeconds" };
    return undefined;
  };

  const fail = async (before: Schedule, fault: unknown) => {
    const schedule = { ...before, failures: before.failures + 1 };
    const end = endOf(schedule, fault);
    if (end) {
      await giveUp(schedule, end);
      return schedules.delete(schedule.arn);
    }
    schedules.set(schedule.arn, schedule);
    const wait = backoffMilliseconds(schedule.failures - 1, firstRetryMilliseconds, retryMillisecondsMax);
    attemptAt(cloud.clock.now() + wait, schedule);
  };

  /** Whether the schedule was deleted. Another schedule may have its name by now. */
  const isGone = (schedule: Schedule): boolean => schedules.get(schedule.arn) !== schedule;

  const attempt = async (schedule: Schedule) => {
    if (isGone(schedule)) return;
    try {
      await send(schedule, schedule.target.Arn);
      if (!isGone(schedule)) schedules.delete(schedule.arn);
    } catch (fault) {
      if (!isGone(schedule)) await fail(schedule, fault);
    }
  };

  const attemptAt = (time: number, schedule: Schedule) =>
    void cloud.clock.at(time, () => void attempt(schedule));

  return { sendWhenDue: (schedule) => attemptAt(schedule.at, schedule) };
};
