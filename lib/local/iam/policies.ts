/**
 * All policies of a template: the rights of roles, who may assume them, and who may use queues, functions and buckets.
 */
import * as z from "zod";
import { propertiesOf } from "../service/properties.ts";
import type { Resource } from "../service/service.ts";
import { managedStatement } from "./managed-policies.ts";
import { type Statement, statementsOf } from "./statement.ts";

type Role = {
  readonly name: string;
  readonly arn: string;
  readonly statements: readonly Statement[];
  readonly trust: readonly Statement[];
};

export type Policies = {
  readonly roles: ReadonlyMap<string, Role>;
  /** The statements of resource policies. Each statement names its resources. */
  readonly ofResources: readonly Statement[];
};

const tags = { Tags: z.unknown().optional(), Description: z.string().optional() };

const roleSchema = z.strictObject({
  ...tags,
  RoleName: z.string().optional(),
  Path: z.string().optional(),
  MaxSessionDuration: z.number().optional(),
  AssumeRolePolicyDocument: z.unknown(),
  ManagedPolicyArns: z.array(z.string()).default([]),
  Policies: z.array(z.strictObject({ PolicyName: z.string(), PolicyDocument: z.unknown() })).default([]),
});

const policySchema = z.strictObject({
  PolicyName: z.string(),
  PolicyDocument: z.unknown(),
  Roles: z.array(z.string()).default([]),
});

const queuePolicySchema = z.strictObject({ PolicyDocument: z.unknown(), Queues: z.array(z.string()) });
const bucketPolicySchema = z.strictObject({ PolicyDocument: z.unknown(), Bucket: z.string() });

const permissionSchema = z.strictObject({
  Action: z.string(),
  FunctionName: z.string(),
  Principal: z.string(),
  SourceArn: z.string().optional(),
  SourceAccount: z.string().optional(),
});

const ofType = (resources: readonly Resource[], type: string) =>
  resources.filter((resource) => resource.type === type && resource.notRun === undefined);

const rolesOf = (resources: readonly Resource[]): Map<string, Role> => {
  const attached = ofType(resources, "AWS::IAM::Policy").flatMap((resource) => {
    const { PolicyDocument, Roles } = propertiesOf(resource, policySchema);
    const statements = statementsOf(PolicyDocument, resource.id);
    return Roles.map((role) => ({ role, statements }));
  });
  return new Map(
    ofType(resources, "AWS::IAM::Role").map((resource) => {
      const { name, arn, id } = resource;
      const { Policies, ManagedPolicyArns, AssumeRolePolicyDocument } = propertiesOf(resource, roleSchema);
      const inline = Policies.flatMap(({ PolicyName, PolicyDocument }) =>
        statementsOf(PolicyDocument, `${id} ${PolicyName}`),
      );
      const statements = [
        ...inline,
        ...ManagedPolicyArns.map((arn) => managedStatement(arn, id)),
        ...attached.filter(({ role }) => role === name).flatMap((policy) => policy.statements),
      ];
      return [arn, { name, arn, statements, trust: statementsOf(AssumeRolePolicyDocument, id) }];
    }),
  );
};

const permissionOf = (resource: Resource, functions: readonly Resource[]): Statement => {
  const { Action, FunctionName, Principal, SourceArn, SourceAccount } = propertiesOf(
    resource,
    permissionSchema,
  );
  const target = functions.find(({ name, arn }) => name === FunctionName || arn === FunctionName);
  if (!target)
    throw new Error(`${resource.id}: property FunctionName = ${FunctionName}: there is no such function`);
  return {
    effect: "Allow",
    actions: [Action],
    resources: [target.arn],
    principals: [{ kind: /^(arn:|\d{12}$)/.test(Principal) ? "AWS" : "Service", name: Principal }],
    conditions: [
      ...(SourceArn === undefined
        ? []
        : [{ operator: "ArnLike", key: "aws:SourceArn", values: [SourceArn] } as const]),
      ...(SourceAccount === undefined
        ? []
        : [{ operator: "StringEquals", key: "aws:SourceAccount", values: [SourceAccount] } as const]),
    ],
  };
};

export const policiesOf = (resources: readonly Resource[]): Policies => {
  const functions = ofType(resources, "AWS::Lambda::Function");
  return {
    roles: rolesOf(resources),
    ofResources: [
      ...ofType(resources, "AWS::SQS::QueuePolicy").flatMap((resource) =>
        statementsOf(propertiesOf(resource, queuePolicySchema).PolicyDocument, resource.id),
      ),
      ...ofType(resources, "AWS::S3::BucketPolicy").flatMap((resource) =>
        statementsOf(propertiesOf(resource, bucketPolicySchema).PolicyDocument, resource.id),
      ),
      ...ofType(resources, "AWS::Lambda::Permission").map((resource) => permissionOf(resource, functions)),
    ],
  };
};
