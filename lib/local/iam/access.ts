/**
 * Checks every call against the policies of the template, and counts the allowed ones. A refused call gets AWS's error.
 * The report names the missing permission.
 */
import { type Calls, nameOfCaller } from "../service/calls.ts";
import {
  type Caller,
  type Cloud,
  type Requirement,
  type Resource,
  ServiceError,
} from "../service/service.ts";
import { type Decision, decide, trusts } from "./decide.ts";
import type { Policies } from "./policies.ts";

/** One action on one resource. In a granted permission, both may contain wildcards. */
type Permission = { readonly role: string; readonly action: string; readonly resource: string };

export type Access = {
  readonly authorize: (caller: Caller, requirement: Requirement) => void;
  readonly permissions: () => {
    readonly granted: readonly Permission[];
    readonly used: readonly Permission[];
  };
};

const decisionsMax = 10_000;

/** The service that the role of a resource must trust. */
const servicesOfRoles: Readonly<Record<string, { readonly property: string; readonly principal: string }>> = {
  "AWS::Lambda::Function": { property: "Role", principal: "lambda.amazonaws.com" },
  "AWS::StepFunctions::StateMachine": { property: "RoleArn", principal: "states.amazonaws.com" },
};

/**
 * Throws if a deployment to AWS would fail, because the role of a resource does not exist or does not trust its
 * service.
 */
export const checkRoles = ({ roles }: Policies, resources: readonly Resource[]): void => {
  for (const { id, type, properties } of resources) {
    const needed = servicesOfRoles[type];
    if (!needed) continue;
    const arn = properties[needed.property];
    const role = roles.get(String(arn));
    if (!role)
      throw new Error(`${id} (${type}): property ${needed.property} = ${arn}: there is no such role`);
    if (!trusts(role.trust, needed.principal))
      throw new Error(`${id} (${type}): its role ${role.name} does not trust ${needed.principal}`);
  }
};

const userOf = (caller: Caller): string => {
  if (caller.kind !== "role") return nameOfCaller(caller);
  const [, , , , account] = caller.arn.split(":");
  return `arn:aws:sts::${account}:assumed-role/${nameOfCaller(caller)}/${caller.functionName ?? "local"}`;
};

const keyOf = (caller: Caller, { action, resource }: Requirement): string =>
  caller.kind === "service"
    ? `${caller.principal} ${caller.sourceArn} ${action} ${resource}`
    : `${caller.kind === "role" && caller.arn} ${action} ${resource}`;

export const access = (policies: Policies, calls: Calls, report: Cloud["report"]): Access => {
  const decisions = new Map<string, Decision>();
  const used = new Map<string, Permission>();

  const decisionOn = (caller: Exclude<Caller, { kind: "owner" }>, requirement: Requirement): Decision => {
    const key = keyOf(caller, requirement);
    const known = decisions.get(key);
    if (known) return known;
    const decision = decide(policies, caller, requirement);
    if (decisions.size >= decisionsMax) decisions.clear();
    decisions.set(key, decision);
    if (decision.kind === "allowed" && caller.kind === "role" && used.size < decisionsMax)
      used.set(key, { role: nameOfCaller(caller), ...requirement });
    return decision;
  };

  const refuse = (caller: Caller, { action, resource }: Requirement, because: string): never => {
    const message = `User: ${userOf(caller)} is not authorized to perform: ${action} on resource: ${resource} ${because}`;
    const role = nameOfCaller(caller);
    const source = (caller.kind === "role" && caller.functionName) || role;
    report({ source, level: "problem", message, fields: { role, action, resource } });
    throw new ServiceError("AccessDeniedException", message);
  };

  const granted = () =>
    [...policies.roles.values()].flatMap(({ name: role, statements }) =>
      statements
        .filter(({ effect }) => effect === "Allow")
        .flatMap(({ actions, resources }) =>
          actions.flatMap((action) => resources.map((resource) => ({ role, action, resource }))),
        ),
    );

  return {
    authorize: (caller, requirement) => {
      if (caller.kind !== "owner") {
        const decision = decisionOn(caller, requirement);
        if (decision.kind === "refused") refuse(caller, requirement, decision.because);
      }
      calls.count(caller, requirement);
    },
    permissions: () => ({ granted: granted(), used: [...used.values()] }),
  };
};
