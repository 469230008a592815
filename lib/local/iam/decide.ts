/**
 * Decides whether a caller may do something, as IAM does within one account: one deny refuses, otherwise one allow is
 * enough.
 */
import type { Caller, Requirement } from "../service/service.ts";
import type { ConditionContext } from "./condition.ts";
import type { Policies } from "./policies.ts";
import { isAbout, type Statement } from "./statement.ts";

export type Decision =
  | { readonly kind: "allowed" }
  /** `because` is the end of a sentence, in AWS's words. */
  | { readonly kind: "refused"; readonly because: string };

type Asked = Exclude<Caller, { readonly kind: "owner" }>;

const contextOf = (caller: Asked): ConditionContext => ({
  "aws:SecureTransport": "true",
  ...(caller.kind === "service"
    ? { "aws:SourceArn": caller.sourceArn, "aws:SourceAccount": caller.sourceArn.split(":")[4] ?? "" }
    : { "aws:PrincipalArn": caller.arn }),
});

const accountOf = (arn: string) => arn.split(":")[4] ?? "";

const isFor = ({ principals = [] }: Statement, caller: Asked): boolean =>
  principals.some(({ kind, name }) => {
    if (name === "*") return true;
    if (caller.kind === "service") return kind === "Service" && name === caller.principal;
    return kind === "AWS" && name === caller.arn;
  });

/**
 * A resource policy that names the account leaves the decision to the policies of its roles. A deny of the account
 * applies to all of them.
 */
const denies = (statement: Statement, caller: Asked): boolean => {
  if (isFor(statement, caller)) return true;
  if (caller.kind === "service") return false;
  const account = accountOf(caller.arn);
  return (statement.principals ?? []).some(
    ({ name }) => name === account || name === `arn:aws:iam::${account}:root`,
  );
};

/** AWS services put status events on the default bus of their account. No policy can allow or forbid this. */
const isNews = (caller: Asked, { action, resource }: Requirement): boolean =>
  caller.kind === "service" && action === "events:PutEvents" && resource.endsWith(":event-bus/default");

export const decide = (
  { roles, ofResources }: Policies,
  caller: Asked,
  requirement: Requirement,
): Decision => {
  if (isNews(caller, requirement)) return { kind: "allowed" };
  const context = contextOf(caller);
  const applies = (statement: Statement) => isAbout(statement, requirement, context);
  const own = caller.kind === "role" ? (roles.get(caller.arn)?.statements ?? []).filter(applies) : [];
  const foreign = ofResources.filter(applies);

  if (own.some(({ effect }) => effect === "Deny"))
    return { kind: "refused", because: "with an explicit deny in an identity-based policy" };
  if (foreign.some((statement) => statement.effect === "Deny" && denies(statement, caller)))
    return { kind: "refused", because: "with an explicit deny in a resource-based policy" };
  const isAllowed =
    own.length > 0 || foreign.some((statement) => statement.effect === "Allow" && isFor(statement, caller));
  if (isAllowed) return { kind: "allowed" };
  const based = caller.kind === "role" ? "identity-based" : "resource-based";
  return { kind: "refused", because: `because no ${based} policy allows the ${requirement.action} action` };
};

/** Whether a service may assume the role. For functions that is `lambda.amazonaws.com`. */
export const trusts = (trust: readonly Statement[], principal: string): boolean =>
  trust.some(
    ({ effect, actions, principals = [] }) =>
      effect === "Allow" &&
      actions.includes("sts:AssumeRole") &&
      principals.some(({ kind, name }) => kind === "Service" && name === principal),
  );
