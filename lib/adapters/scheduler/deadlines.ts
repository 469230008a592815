/**
 * EventBridge Scheduler for the deadlines of sagas: a deadline is a schedule that sends one message to the saga's
 * queue and then deletes itself. While the schedule exists, its name is in use, so setting the deadline again
 * changes nothing. A deadline that is no longer needed is deleted, which costs less than its message.
 */
import { createHash } from "node:crypto";
import {
  ConflictException,
  CreateScheduleCommand,
  DeleteScheduleCommand,
  ResourceNotFoundException,
  type SchedulerClient,
} from "@aws-sdk/client-scheduler";
import type { Clock } from "../../ports/clock.ts";
import { type Deadlines, deadlineMessage } from "../../ports/deadlines.ts";
import { permanently } from "./errors.ts";

/** The schedule group, and the role and queue of its schedules. */
export type SchedulerSettings = {
  readonly groupName: string;
  /** The role with which the Scheduler sends the message. */
  readonly roleArn: string;
  readonly queueArn: string;
  readonly deadLettersArn: string;
  readonly retry: { readonly attemptsMax: number; readonly ageSecondsMax: number };
};

/** The Scheduler refuses a time in the past. This margin covers the time that the request takes. */
const leadMilliseconds = 5000;

/** A name that the Scheduler does not allow is replaced by its hash. */
const legalName = (name: string): string =>
  /^[A-Za-z0-9_.-]{1,64}$/.test(name) ? name : createHash("sha256").update(name).digest("hex");

/** In whole seconds, UTC, never earlier than `at`. */
const expressionOf = (at: Date, now: Date): string => {
  const milliseconds = Math.max(at.getTime(), now.getTime() + leadMilliseconds);
  return `at(${new Date(Math.ceil(milliseconds / 1000) * 1000).toISOString().slice(0, 19)})`;
};

/** Deadlines as schedules of EventBridge Scheduler. */
export const schedulerDeadlines = (
  client: SchedulerClient,
  settings: SchedulerSettings,
  { clock }: { readonly clock: Clock },
): Deadlines => ({
  set: async (name, at, deadline) => {
    const { groupName, roleArn, queueArn, deadLettersArn, retry } = settings;
    const create = new CreateScheduleCommand({
      Name: legalName(name),
      GroupName: groupName,
      ScheduleExpression: expressionOf(at, clock()),
      FlexibleTimeWindow: { Mode: "OFF" },
      ActionAfterCompletion: "DELETE",
      Target: {
        Arn: queueArn,
        RoleArn: roleArn,
        Input: deadlineMessage(deadline),
        RetryPolicy: {
          MaximumRetryAttempts: retry.attemptsMax,
          MaximumEventAgeInSeconds: retry.ageSecondsMax,
        },
        DeadLetterConfig: { Arn: deadLettersArn },
      },
    });
    try {
      await permanently(() => client.send(create));
    } catch (error) {
      if (!(error instanceof ConflictException)) throw error;
    }
  },
  delete: async (name) => {
    const remove = new DeleteScheduleCommand({ Name: legalName(name), GroupName: settings.groupName });
    try {
      await permanently(() => client.send(remove));
    } catch (error) {
      if (!(error instanceof ResourceNotFoundException)) throw error;
    }
  },
});
