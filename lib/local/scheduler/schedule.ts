/** What of CreateSchedule runs here: a schedule that sends to an SQS queue once and then deletes itself. */
import * as z from "zod";

const queueArn = z.string().regex(/^arn:[^:]+:sqs:/, "only an SQS queue is run here");
const name = z.string().regex(/^[0-9a-zA-Z-_.]{1,64}$/, "1 to 64 letters, digits and -_.");

/** Milliseconds since 1970. */
const at = z.string().transform((expression, { addIssue }): number => {
  const [, time = ""] = /^at\((\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)\)$/.exec(expression) ?? [];
  const date = new Date(`${time}Z`);
  // A day that no month has is read as one of the next.
  if (!Number.isNaN(date.getTime()) && date.toISOString().startsWith(time)) return date.getTime();
  addIssue("only at(yyyy-mm-ddThh:mm:ss) is run here");
  return z.NEVER;
});

export const createScheduleSchema = z.strictObject({
  Name: name,
  GroupName: name.default("default"),
  ScheduleExpression: at,
  ScheduleExpressionTimezone: z.literal("UTC", "only UTC is run here").optional(),
  FlexibleTimeWindow: z.strictObject({ Mode: z.literal("OFF", "only OFF is run here") }),
  ActionAfterCompletion: z.literal("DELETE", "only DELETE is run here"),
  State: z.literal("ENABLED", "only ENABLED is run here").optional(),
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

export const groupProperties = z.strictObject({ Name: z.string().optional(), Tags: z.unknown().optional() });

/** As the journal keeps it. */
export type Schedule = {
  readonly arn: string;
  readonly group: string;
  /** Milliseconds since 1970. */
  readonly at: number;
  /** Names the request that made it. */
  readonly token?: string;
  readonly target: z.infer<typeof createScheduleSchema>["Target"];
  /** Failed attempts so far. */
  readonly failures: number;
};
