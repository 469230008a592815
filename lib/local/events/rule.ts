/** AWS::Events::EventBus and AWS::Events::Rule: what of them runs here, and which bus a rule listens to. */
import * as z from "zod";
import { propertiesOf } from "../properties.ts";
import type { Resource } from "../service.ts";
import { type Matcher, pattern } from "./pattern.ts";

export const busProperties = z.strictObject({
  Name: z.string(),
  Description: z.string().optional(),
  Tags: z.unknown().optional(),
});

const queueArn = z.string().regex(/^arn:[^:]+:sqs:/, "only an SQS queue is run here");

const targetSchema = z.strictObject({
  Id: z.string(),
  Arn: queueArn,
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
  EventPattern: z.record(z.string(), z.unknown()),
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
  readonly targets: readonly Target[];
};

/** A bus is named by its name or by its ARN. */
export const busNameOf = (nameOrArn: string): string => nameOrArn.split("/").at(-1) ?? nameOrArn;

const matcherOf = (resource: Resource, definition: unknown): Matcher => {
  try {
    return pattern(definition);
  } catch (fault) {
    // What `pattern` throws is an Error.
    throw new Error(`${resource.id} (${resource.type}): property EventPattern: ${(fault as Error).message}`);
  }
};

export const ruleOf = (resource: Resource): Rule => {
  const { EventBusName, EventPattern, State, Targets } = propertiesOf(resource, ruleProperties);
  return {
    id: resource.id,
    arn: resource.arn,
    bus: busNameOf(EventBusName),
    isEnabled: State === "ENABLED",
    matches: matcherOf(resource, EventPattern),
    targets: Targets,
  };
};
