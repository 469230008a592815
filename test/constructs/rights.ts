/** A readable form of a template: logical ids without their hash, and the rights of each role, one line per right. */
import type { Template } from "aws-cdk-lib/assertions";
import * as z from "zod";

const nameOf = (logicalId: string): string => logicalId.replace(/^App/, "").replace(/[0-9A-F]{8}$/, "");

const intrinsic = z.union([
  z.object({ Ref: z.string() }).transform(({ Ref }) => nameOf(Ref)),
  z
    .object({ "Fn::GetAtt": z.tuple([z.string(), z.string()]) })
    .transform(({ "Fn::GetAtt": [id, attribute] }) =>
      attribute === "Arn" ? nameOf(id) : `${nameOf(id)}.${attribute}`,
    ),
]);

const join = z.object({ "Fn::Join": z.tuple([z.literal(""), z.array(z.unknown())]) });

/** An ARN or a name, with resolved references. */
export const legible = (value: unknown): string => {
  if (typeof value === "string") return value;
  const joined = join.safeParse(value);
  return joined.success ? joined.data["Fn::Join"][1].map(legible).join("") : intrinsic.parse(value);
};

const listOf = <Item extends z.ZodType>(item: Item) =>
  z.union([z.array(item), item.transform((one) => [one])]);

const statements = z.object({
  Statement: z.array(
    z.object({
      Effect: z.string(),
      Action: listOf(z.string()),
      Resource: listOf(z.unknown()).optional(),
    }),
  ),
});

type Statements = z.output<typeof statements>["Statement"];

const roles = z.record(
  z.string(),
  z.object({
    Properties: z.object({
      ManagedPolicyArns: z.array(z.unknown()).optional(),
      Policies: z.array(z.object({ PolicyDocument: statements })).default([]),
    }),
  }),
);

const policies = z.record(
  z.string(),
  z.object({
    Properties: z.object({ PolicyDocument: statements, Roles: z.array(z.unknown()) }),
  }),
);

/** The statements of each role and of its policies, keyed by the name of the role. */
const statementsByRole = (template: Template): Readonly<Record<string, Statements>> => {
  const attached = Object.values(policies.parse(template.findResources("AWS::IAM::Policy")));
  return Object.fromEntries(
    Object.entries(roles.parse(template.findResources("AWS::IAM::Role"))).map(([id, { Properties }]) => [
      nameOf(id).replace(/Role$/, ""),
      [
        ...Properties.Policies.flatMap(({ PolicyDocument }) => PolicyDocument.Statement),
        ...attached
          .filter((policy) => policy.Properties.Roles.map(legible).includes(nameOf(id)))
          .flatMap((policy) => policy.Properties.PolicyDocument.Statement),
      ],
    ]),
  );
};

/** Sorted lines such as `dynamodb:Query on StorageEvents`, keyed by the name of the role. */
export const rightsOf = (template: Template): Readonly<Record<string, readonly string[]>> =>
  Object.fromEntries(
    Object.entries(statementsByRole(template)).map(([role, all]) => [
      role,
      all
        .flatMap(({ Action, Resource = [] }) =>
          Action.flatMap((action) => Resource.map((resource) => `${action} on ${legible(resource)}`)),
        )
        .toSorted(),
    ]),
  );

export const managedPoliciesOf = (template: Template): readonly string[] =>
  Object.values(roles.parse(template.findResources("AWS::IAM::Role"))).flatMap(
    ({ Properties: { ManagedPolicyArns = [] } }) => ManagedPolicyArns.map(legible),
  );
