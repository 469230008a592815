/** What a deployment records about itself: the access log, the logs of functions, and traces. */
import type { Template } from "aws-cdk-lib/assertions";
import { describe, expect, test } from "vitest";
import * as z from "zod";
import { templateOf } from "../library/fixtures/small-library.ts";

const guard = { kind: "iam" } as const;
const template = templateOf(guard);

const propertiesOf = <Shape extends z.ZodType>(found: Template, type: string, shape: Shape) =>
  Object.values(found.findResources(type)).map(({ Properties }) => shape.parse(Properties));

const stage = z.object({
  AccessLogSettings: z.object({ DestinationArn: z.unknown(), Format: z.string() }),
  DefaultRouteSettings: z.unknown().optional(),
});

describe("the access log", () => {
  const [settings] = propertiesOf(template, "AWS::ApiGatewayV2::Stage", stage).map(
    ({ AccessLogSettings }) => AccessLogSettings,
  );
  if (!settings) throw new Error("the library has a stage");
  const format: Readonly<Record<string, string>> = JSON.parse(settings.Format);

  test("is JSON with one variable per field", () => {
    expect(Object.values(format).every((variable) => /^\$context(\.\w+)+$/.test(variable))).toBe(true);
    expect(Object.keys(format)).toEqual(
      expect.arrayContaining(["requestId", "function_request_id", "routeKey", "status", "authorizerError"]),
    );
  });

  /** The groups of variables that API Gateway offers, and that this log leaves out. */
  test.each([
    ["body, header or query string", /\$(request|input|stageVariables)|header|body|query|cookie/i],
    ["token or claim but the subject", /authorizer\.(?!error$|claims\.sub$)/],
    ["path or user agent, which callers choose", /context\.path|requestPath|userAgent|domain/i],
    ["message of an error, which may have data", /message|integration\.error/i],
    ["name of a person who signs in", /identity\.(?!sourceIp$)/],
  ])("has no %s", (_, variables) => {
    expect(Object.values(format).filter((variable) => variables.test(variable))).toEqual([]);
  });

  test("has a log group with a name for vended logs, which goes with the stack and keeps a month", () => {
    const found = template.findResources("AWS::Logs::LogGroup", {
      Properties: { LogGroupName: "/aws/vendedlogs/library/access" },
    });
    const [id = ""] = Object.keys(found);
    expect(settings.DestinationArn).toEqual({ "Fn::GetAtt": [id, "Arn"] });
    expect(found[id]).toMatchObject({ Properties: { RetentionInDays: 30 }, DeletionPolicy: "Delete" });
  });
});

test("requests are throttled only if the deployment asks for it", () => {
  const settingsOf = (found: Template) =>
    propertiesOf(found, "AWS::ApiGatewayV2::Stage", stage).map((each) => each.DefaultRouteSettings);
  expect(settingsOf(template)).toEqual([undefined]);
  expect(settingsOf(templateOf(guard, { throttle: { rate: 100, burst: 200 } }))).toEqual([
    { ThrottlingRateLimit: 100, ThrottlingBurstLimit: 200 },
  ]);
});

const lambda = z.object({
  LoggingConfig: z.object({
    LogFormat: z.string(),
    ApplicationLogLevel: z.string(),
    SystemLogLevel: z.string(),
    LogGroup: z.unknown(),
  }),
  TracingConfig: z.unknown().optional(),
});

/** The two readers of the event table run for each commit. */
const isReader = (id: string) => /Stream(Project|Relay)/.test(id);

test.each([
  [undefined, "INFO", "INFO", "WARN"],
  ["debug", "DEBUG", "DEBUG", "DEBUG"],
  ["info", "INFO", "INFO", "WARN"],
  ["warn", "WARN", "WARN", "WARN"],
  ["error", "ERROR", "WARN", "WARN"],
] as const)(
  "with the level %s every function logs JSON from %s, and Lambda from %s, or %s for a reader of the event table",
  (logLevel, own, system, ofReaders) => {
    const functions = Object.entries(
      templateOf(guard, { logLevel }).findResources("AWS::Lambda::Function"),
    ).map(([id, { Properties }]) => [id, lambda.parse(Properties)] as const);
    expect(functions.length).toBeGreaterThan(8);
    expect(functions.filter(([id]) => isReader(id))).toHaveLength(2);
    for (const [id, { LoggingConfig }] of functions)
      expect(LoggingConfig).toEqual({
        LogFormat: "JSON",
        ApplicationLogLevel: own,
        SystemLogLevel: isReader(id) ? ofReaders : system,
        LogGroup: { Ref: expect.any(String) },
      });
  },
);

const machine = z.object({ TracingConfiguration: z.unknown().optional() });

const role = z.object({
  AssumeRolePolicyDocument: z.object({
    Statement: z.tuple([z.object({ Principal: z.object({ Service: z.string() }) })]),
  }),
  Policies: z.array(z.object({ PolicyDocument: z.object({ Statement: z.array(z.unknown()) }) })).default([]),
});

/** For each role of a service, the statements about X-Ray. */
const traceRightsOf = (found: Template, service: string): readonly unknown[] =>
  propertiesOf(found, "AWS::IAM::Role", role)
    .filter(({ AssumeRolePolicyDocument: { Statement } }) => Statement[0].Principal.Service === service)
    .map(({ Policies }) =>
      Policies.flatMap(({ PolicyDocument: { Statement } }) =>
        Statement.filter((each) => JSON.stringify(each).includes("xray:")),
      ),
    );

describe("X-Ray", () => {
  test("is off unless the deployment asks for it, and then no role has rights for it", () => {
    expect(JSON.stringify(template.toJSON())).not.toMatch(/xray|Tracing/);
  });

  const sends = ["xray:PutTraceSegments", "xray:PutTelemetryRecords"];
  const samples = ["xray:GetSamplingRules", "xray:GetSamplingTargets"];
  const right = (Action: readonly string[]) => [{ Action, Effect: "Allow", Resource: "*" }];

  test("traces every function and state machine, each with the rights that it needs", () => {
    const traced = templateOf(guard, { tracing: "xray" });
    const functions = propertiesOf(traced, "AWS::Lambda::Function", lambda);
    for (const { TracingConfig } of functions) expect(TracingConfig).toEqual({ Mode: "Active" });
    expect(propertiesOf(traced, "AWS::StepFunctions::StateMachine", machine)).toEqual([
      { TracingConfiguration: { Enabled: true } },
    ]);
    expect(traceRightsOf(traced, "lambda.amazonaws.com")).toEqual(functions.map(() => right(sends)));
    expect(traceRightsOf(traced, "states.amazonaws.com")).toEqual([right([...sends, ...samples])]);
  });
});
