/**
 * The form of CreateSchedule that runs here: a schedule that sends one message to an SQS queue and then deletes itself.
 */
import * as z from "zod";

const queueArn = z.string().regex(/^arn:[^:]+:sqs:/, "only an SQS queue runs here");
const name = z.string().regex(/^[0-9a-zA-Z-_.]{1,64}$/, "expected 1 to 64 letters, digits and -_.");

/** Milliseconds since 1970. */
const at = z.string().transform((expression, { addIssue }): number => {
  const [, time = ""] = /^at\((\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)\)$/.exec(expression) ?? [];
  const date = new Date(`${time}Z`);
  // A day that the month does not have, such as 31 April, would be read as a day of the next month.
  if (!Number.isNaN(date.getTime()) && date.toISOString().startsWith(time)) return date.getTime();
  addIssue("only at(yyyy-mm-ddThh:mm:ss) runs here");
  return z.NEVER;
});

export const createScheduleSchema = z.strictObject({
  Name: name,
  GroupName: name.default("default"),
  ScheduleExpression: at,
  ScheduleExpressionTimezone: z.literal("UTC", "only UTC runs here").optional(),
  FlexibleTimeWindow: z.strictObject({ Mode: z.literal("OFF", "only OFF runs here") }),
  ActionAfterCompletion: z.literal("DELETE", "only DELETE runs here"),
  State: z.literal("ENABLED", "only ENABLED runs here").optional(),
  ClientToken: z.string().optional(),
  Target: z.strictObject({
    Arn: queueArn,
    RoleArn: z.string(),
    Input: z.string().min(1),
    RetryPolicy: z
      .strictObject({
        MaximumRetryAttempts: z.int().min(0).max(185).default(185),
        MaximumEventAgeInSeconds: z.int().min(60).max(86_400).default(86_400),
      })
      .prefault({}),
    DeadLetterConfig: z.strictObject({ Arn: queueArn }).optional(),
  }),
});

export const deleteScheduleSchema = z.strictObject({
  Name: name,
  GroupName: name.default("default"),
  ClientToken: z.string().optional(),
});

export const groupProperties = z.strictObject({ Name: z.string().optional(), Tags: z.unknown().optional() });

/** A schedule in the journal. */
export type Schedule = {
  readonly arn: string;
  readonly group: string;
  /** Milliseconds since 1970. */
  readonly at: number;
  /** The ClientToken of the request that created it. */
  readonly token?: string;
  readonly target: z.infer<typeof createScheduleSchema>["Target"];
  /** The number of failed attempts. */
  readonly failures: number;
};
