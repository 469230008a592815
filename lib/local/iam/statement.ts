/** The statements of policies of roles and of resources, and of trust policies. */
import * as z from "zod";
import type { Requirement } from "../service/service.ts";
import { type Condition, type ConditionContext, conditionOf, isMet } from "./condition.ts";
import { matchesWildcard } from "./wildcard.ts";

/** A principal in the policy of a resource. */
type Principal = { readonly kind: "Service" | "AWS"; readonly name: string };

export type Statement = {
  readonly effect: "Allow" | "Deny";
  readonly actions: readonly string[];
  readonly resources: readonly string[];
  /** Undefined in the policies of roles. */
  readonly principals?: readonly Principal[];
  readonly conditions: readonly Condition[];
};

const oneOrMore = z.union([z.string(), z.array(z.string())]).transform((value) => [value].flat());

const statementSchema = z.strictObject({
  Sid: z.string().optional(),
  Effect: z.enum(["Allow", "Deny"]),
  Action: oneOrMore,
  Resource: oneOrMore.default([]),
  Principal: z.union([z.literal("*"), z.record(z.enum(["Service", "AWS"]), oneOrMore.optional())]).optional(),
  Condition: z.record(z.string(), z.record(z.string(), z.unknown())).default({}),
});

const documentSchema = z.object({
  Version: z.string().optional(),
  Statement: z.union([z.array(statementSchema), statementSchema]).transform((value) => [value].flat()),
});

const anyone: readonly Principal[] = [
  { kind: "AWS", name: "*" },
  { kind: "Service", name: "*" },
];

const principalsOf = (
  principal: z.infer<typeof statementSchema>["Principal"],
): readonly Principal[] | undefined => {
  if (principal === undefined) return undefined;
  if (principal === "*") return anyone;
  return (["Service", "AWS"] as const).flatMap((kind) =>
    (principal[kind] ?? []).map((name): Principal => ({ kind, name })),
  );
};

const toStatement = (given: z.infer<typeof statementSchema>): Statement => {
  const principals = principalsOf(given.Principal);
  return {
    effect: given.Effect,
    actions: given.Action,
    resources: given.Resource,
    ...(principals && { principals }),
    conditions: Object.entries(given.Condition).flatMap(([operator, tests]) =>
      Object.entries(tests).map(([key, value]) => conditionOf(operator, key, value)),
    ),
  };
};

/** Throws an error that names `place` if the document has something that is not evaluated here. */
export const statementsOf = (document: unknown, place: string): readonly Statement[] => {
  const parsed = documentSchema.safeParse(document);
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    throw new Error(`${place}: policy ${issue?.path.join(".")}: ${issue?.message}`);
  }
  try {
    return parsed.data.Statement.map(toStatement);
  } catch (fault) {
    throw new Error(`${place}: ${fault instanceof Error ? fault.message : fault}`);
  }
};

const actionMatches = (pattern: string, action: string): boolean =>
  matchesWildcard(pattern.toLowerCase(), action.toLowerCase());

/** Rights on a log group may be granted with or without `:*` at the end of its ARN. Both forms include its streams. */
const formsOf = (resource: string): readonly string[] => {
  const stream = /^(arn:[^:]+:logs:[^:]*:[^:]*:log-group:[^:]+):/.exec(resource);
  return stream?.[1] === undefined ? [resource] : [resource, stream[1]];
};

export const isAbout = (
  statement: Statement,
  { action, resource }: Requirement,
  context: ConditionContext,
): boolean =>
  statement.actions.some((pattern) => actionMatches(pattern, action)) &&
  statement.resources.some((pattern) => formsOf(resource).some((form) => matchesWildcard(pattern, form))) &&
  statement.conditions.every((condition) => isMet(condition, context));
