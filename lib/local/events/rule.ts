/** AWS::Events::EventBus and AWS::Events::Rule: the properties that run here, and the bus of a rule. */
import * as z from "zod";
import { propertiesOf } from "../service/properties.ts";
import type { Resource } from "../service/service.ts";
import { type Matcher, pattern } from "./pattern.ts";
import { rateMilliseconds } from "./rate.ts";

export const busProperties = z.strictObject({
  Name: z.string(),
  Description: z.string().optional(),
  Tags: z.unknown().optional(),
});

const queueArn = z
  .string()
  .regex(/^arn:[^:]+:sqs:/, "expected an SQS queue, because no other type runs here");

const targetArn = z
  .string()
  .regex(/^arn:[^:]+:(sqs|lambda):/, "expected an SQS queue or a function, because no other type runs here");

const targetSchema = z.strictObject({
  Id: z.string(),
  Arn: targetArn,
  RetryPolicy: z
    .strictObject({
      MaximumRetryAttempts: z.coerce.number().min(0).max(185).default(185),
      MaximumEventAgeInSeconds: z.coerce.number().min(60).max(86_400).default(86_400),
    })
    .prefault({}),
  DeadLetterConfig: z.strictObject({ Arn: queueArn }).optional(),
});

const ruleProperties = z.strictObject({
  Name: z.string().optional(),
  Description: z.string().optional(),
  EventBusName: z.string().default("default"),
  EventPattern: z.record(z.string(), z.unknown()).optional(),
  ScheduleExpression: z.string().optional(),
  State: z.enum(["ENABLED", "DISABLED"]).default("ENABLED"),
  Targets: z.array(targetSchema).max(5).default([]),
  Tags: z.unknown().optional(),
});

export type Target = z.infer<typeof targetSchema>;

export type Rule = {
  readonly id: string;
  readonly arn: string;
  readonly bus: string;
  readonly isEnabled: boolean;
  readonly matches: Matcher;
  /** The period of the schedule. Undefined if the rule has only an event pattern. */
  readonly everyMilliseconds?: number;
  readonly targets: readonly Target[];
};

/** The name of a bus. Templates give either the name or the ARN. */
export const busNameOf = (nameOrArn: string): string => nameOrArn.split("/").at(-1) ?? nameOrArn;

export const ofProperty = <Value>({ id, type }: Resource, name: string, value: () => Value): Value => {
  try {
    return value();
  } catch (fault) {
    // `value` throws only errors.
    throw new Error(`${id} (${type}): property ${name}: ${(fault as Error).message}`);
  }
};

export const ruleOf = (resource: Resource): Rule => {
  const { EventBusName, EventPattern, ScheduleExpression, State, Targets } = propertiesOf(
    resource,
    ruleProperties,
  );
  if (!EventPattern && ScheduleExpression === undefined)
    throw new Error(
      `${resource.id} (${resource.type}): expected EventPattern or ScheduleExpression, found neither`,
    );
  if (ScheduleExpression !== undefined && busNameOf(EventBusName) !== "default")
    throw new Error(
      `${resource.id} (${resource.type}): property ScheduleExpression: expected none, because only rules of the default bus may have a schedule`,
    );
  return {
    id: resource.id,
    arn: resource.arn,
    bus: busNameOf(EventBusName),
    isEnabled: State === "ENABLED",
    matches: EventPattern ? ofProperty(resource, "EventPattern", () => pattern(EventPattern)) : () => false,
    ...(ScheduleExpression !== undefined && {
      everyMilliseconds: ofProperty(resource, "ScheduleExpression", () =>
        rateMilliseconds(ScheduleExpression),
      ),
    }),
    targets: Targets,
  };
};
