/** Policies: what they allow and deny, and which statements are refused because they are not evaluated. */
import { describe, expect, test } from "vitest";
import { access, checkRoles } from "../../lib/local/iam/access.ts";
import { decide } from "../../lib/local/iam/decide.ts";
import { policiesOf } from "../../lib/local/iam/policies.ts";
import { calls } from "../../lib/local/service/calls.ts";
import type { Caller, Resource } from "../../lib/local/service/service.ts";

const roleArn = "arn:aws:iam::000000000000:role/worker";
const queueArn = "arn:aws:sqs:eu-central-1:000000000000:orders";
const functionArn = "arn:aws:lambda:eu-central-1:000000000000:function:ship";

type Statement = Readonly<Record<string, unknown>>;

const resource = (type: string, id: string, arn: string, properties: Resource["properties"]): Resource => ({
  id,
  type,
  name: id,
  arn,
  properties,
});

const trust = (Service: string) => ({
  Statement: [{ Effect: "Allow", Action: "sts:AssumeRole", Principal: { Service } }],
});

const role = (statements: readonly Statement[], service = "lambda.amazonaws.com") =>
  resource("AWS::IAM::Role", "worker", roleArn, {
    AssumeRolePolicyDocument: trust(service),
    Policies: [{ PolicyName: "Needs", PolicyDocument: { Statement: statements } }],
  });

const attached = (statements: readonly Statement[]) =>
  resource("AWS::IAM::Policy", "More", "", {
    PolicyName: "More",
    PolicyDocument: { Statement: statements },
    Roles: ["worker"],
  });

const queuePolicy = (statements: readonly Statement[]) =>
  resource("AWS::SQS::QueuePolicy", "QueuePolicy", "", {
    Queues: ["url"],
    PolicyDocument: { Statement: statements },
  });

const ship = resource("AWS::Lambda::Function", "ship", functionArn, { Role: roleArn });

const worker: Caller & { kind: "role" } = { kind: "role", arn: roleArn, functionName: "ship" };
const rule: Caller & { kind: "service" } = {
  kind: "service",
  principal: "events.amazonaws.com",
  sourceArn: "arn:aws:events:eu-central-1:000000000000:rule/orders",
};

const allow = (Action: unknown, Resource: unknown, more: Statement = {}) => ({
  Effect: "Allow",
  Action,
  Resource,
  ...more,
});
const deny = (Action: unknown, Resource: unknown, more: Statement = {}) => ({
  Effect: "Deny",
  Action,
  Resource,
  ...more,
});

const decided = (
  resources: readonly Resource[],
  caller: typeof worker | typeof rule,
  action: string,
  arn: string,
) => {
  const decision = decide(policiesOf(resources), caller, { action, resource: arn });
  return decision.kind === "allowed" ? "allowed" : decision.because;
};

const table = "arn:aws:dynamodb:eu-central-1:000000000000:table/orders";
const group = "arn:aws:logs:eu-central-1:000000000000:log-group:mine";

describe("a role", () => {
  test.each([
    ["the action and resource", [allow("dynamodb:GetItem", table)], "dynamodb:GetItem", table, true],
    ["lists of both", [allow(["a:B", "dynamodb:GetItem"], ["x", table])], "dynamodb:GetItem", table, true],
    [
      "actions with a wildcard, in any case",
      [allow("DynamoDB:Get*", table)],
      "dynamodb:GetItem",
      table,
      true,
    ],
    [
      "a question mark for one character",
      [allow("s3:GetObject", "arn:aws:s3:::b/?.json")],
      "s3:GetObject",
      "arn:aws:s3:::b/1.json",
      true,
    ],
    [
      "a question mark, which does not match two characters",
      [allow("s3:GetObject", "arn:aws:s3:::b/?.json")],
      "s3:GetObject",
      "arn:aws:s3:::b/12.json",
      false,
    ],
    [
      "the table, which does not match its index",
      [allow("dynamodb:Query", table)],
      "dynamodb:Query",
      `${table}/index/byDate`,
      false,
    ],
    [
      "a wildcard for an index",
      [allow("dynamodb:Query", `${table}/index/*`)],
      "dynamodb:Query",
      `${table}/index/byDate`,
      true,
    ],
    [
      "a dot, which matches only a dot",
      [allow("s3:GetObject", "arn:aws:s3:::a.b/x")],
      "s3:GetObject",
      "arn:aws:s3:::aXb/x",
      false,
    ],
    [
      "a log group with its suffix",
      [allow("logs:PutLogEvents", `${group}:*`)],
      "logs:PutLogEvents",
      `${group}:log-stream:1`,
      true,
    ],
    [
      "a log group without its suffix",
      [allow("logs:PutLogEvents", group)],
      "logs:PutLogEvents",
      `${group}:log-stream:1`,
      true,
    ],
    [
      "another log group, which does not match",
      [allow("logs:PutLogEvents", `${group}2:*`)],
      "logs:PutLogEvents",
      `${group}:log-stream:1`,
      false,
    ],
  ])("is checked by %s", (_, statements, action, arn, isAllowed) => {
    const expected = isAllowed ? "allowed" : `because no identity-based policy allows the ${action} action`;
    expect(decided([role(statements)], worker, action, arn)).toBe(expected);
  });

  test("is allowed what an attached policy allows", () => {
    expect(decided([role([]), attached([allow("sqs:*", "*")])], worker, "sqs:SendMessage", queueArn)).toBe(
      "allowed",
    );
  });

  test("is refused what a deny statement names, even if another statement allows it", () => {
    const resources = [role([allow("*", "*"), deny("sqs:Send*", queueArn)])];
    expect(decided(resources, worker, "sqs:SendMessage", queueArn)).toBe(
      "with an explicit deny in an identity-based policy",
    );
  });

  test("is allowed what the policy of the queue allows", () => {
    const resources = [
      role([]),
      queuePolicy([allow("sqs:SendMessage", queueArn, { Principal: { AWS: roleArn } })]),
    ];
    expect(decided(resources, worker, "sqs:SendMessage", queueArn)).toBe("allowed");
  });

  test("is refused what the policy of the queue denies to all", () => {
    const denied = (isSecure: string) => [
      role([allow("sqs:*", "*")]),
      queuePolicy([
        deny("sqs:*", queueArn, { Principal: "*", Condition: { Bool: { "aws:SecureTransport": isSecure } } }),
      ]),
    ];
    expect(decided(denied("false"), worker, "sqs:SendMessage", queueArn)).toBe("allowed");
    expect(decided(denied("true"), worker, "sqs:SendMessage", queueArn)).toBe(
      "with an explicit deny in a resource-based policy",
    );
  });
});

describe("a service", () => {
  const condition = (operator: string, arn: string) => ({
    Principal: { Service: "events.amazonaws.com" },
    Condition: { [operator]: { "aws:SourceArn": arn } },
  });

  test.each([
    ["its principal", { Principal: { Service: "events.amazonaws.com" } }, true],
    ["another principal", { Principal: { Service: "s3.amazonaws.com" } }, false],
    ["a role", { Principal: { AWS: roleArn } }, false],
    ["its source by ArnEquals", condition("ArnEquals", rule.sourceArn), true],
    ["its source by ArnLike", condition("ArnLike", "arn:aws:events:*:*:rule/*"), true],
    ["another source", condition("ArnEquals", `${rule.sourceArn}2`), false],
  ])("is checked by %s", (_, more, isAllowed) => {
    const expected = isAllowed
      ? "allowed"
      : "because no resource-based policy allows the sqs:SendMessage action";
    expect(
      decided([queuePolicy([allow("sqs:SendMessage", queueArn, more)])], rule, "sqs:SendMessage", queueArn),
    ).toBe(expected);
  });

  test("can invoke a function only with a permission", () => {
    const permission = resource("AWS::Lambda::Permission", "Permission", "", {
      Action: "lambda:InvokeFunction",
      FunctionName: functionArn,
      Principal: "events.amazonaws.com",
      SourceArn: "arn:aws:events:eu-central-1:000000000000:rule/*",
    });
    expect(decided([ship, permission], rule, "lambda:InvokeFunction", functionArn)).toBe("allowed");
    const other = { ...rule, sourceArn: "arn:aws:events:eu-central-1:999999999999:rule/x" };
    expect(decided([ship, permission], other, "lambda:InvokeFunction", functionArn)).not.toBe("allowed");
    expect(decided([ship], rule, "lambda:InvokeFunction", functionArn)).not.toBe("allowed");
  });
});

describe("what is not evaluated is refused by name", () => {
  test.each([
    [
      { Condition: { NumericLessThan: { "aws:SourceArn": "1" } } },
      "worker Needs: condition operator NumericLessThan is not evaluated here",
    ],
    [
      { Condition: { StringEquals: { "ses:FromAddress": "x" } } },
      "worker Needs: condition key ses:FromAddress is not evaluated here",
    ],
    [{ NotAction: "x" }, "worker Needs: policy Statement.0"],
  ])("%j", (more, message) => {
    expect(() => policiesOf([role([allow("sqs:*", "*", more)])])).toThrow(message);
  });

  test("a managed policy of AWS, except the one for logs", () => {
    const aws = "arn:aws:iam::aws:policy";
    const withPolicy = (arn: string) => ({
      ...role([]),
      properties: { ...role([]).properties, ManagedPolicyArns: [arn] },
    });
    const logs = "arn:aws:logs:eu-central-1:000000000000:log-group:any:log-stream:any";
    const basic = withPolicy(`${aws}/service-role/AWSLambdaBasicExecutionRole`);
    expect(decided([basic], worker, "logs:PutLogEvents", logs)).toBe("allowed");
    expect(decided([basic], worker, "sqs:SendMessage", queueArn)).not.toBe("allowed");
    expect(() => policiesOf([withPolicy(`${aws}/AdministratorAccess`)])).toThrow(
      `worker: managed policy ${aws}/AdministratorAccess is not supported here, only AWSLambdaBasicExecutionRole is: write its statements instead`,
    );
  });

  test("a role that its function cannot assume", () => {
    const resources = [role([], "ec2.amazonaws.com"), ship];
    expect(() => checkRoles(policiesOf(resources), resources)).toThrow(
      "ship (AWS::Lambda::Function): its role worker does not trust lambda.amazonaws.com",
    );
    expect(() => checkRoles(policiesOf([]), [ship])).toThrow(
      `property Role = ${roleArn}: there is no such role`,
    );
  });
});

test("granted and used permissions can be compared, and calls are counted per function", () => {
  const counted = calls();
  const rights = access(
    policiesOf([role([allow(["sqs:SendMessage", "sqs:DeleteMessage"], queueArn)])]),
    counted,
    () => {},
  );
  const used = { action: "sqs:SendMessage", resource: queueArn };
  rights.authorize(worker, used);
  rights.authorize(worker, used);
  rights.authorize({ kind: "owner" }, used);
  counted.addUnits(worker, used, { read: 1, write: 2 });
  expect(rights.permissions()).toEqual({
    granted: [
      { role: "worker", action: "sqs:SendMessage", resource: queueArn },
      { role: "worker", action: "sqs:DeleteMessage", resource: queueArn },
    ],
    used: [{ role: "worker", ...used }],
  });
  expect(counted.list()).toEqual([
    { role: "worker", function: "ship", ...used, count: 2, readUnits: 1, writeUnits: 2 },
    { role: "owner", ...used, count: 1, readUnits: 0, writeUnits: 0 },
  ]);
  counted.reset();
  expect(counted.list()).toEqual([]);
});
