/** A small synthesized app in a temporary folder: a handwritten template, and its functions as JavaScript source. */
import { mkdirSync, mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Report } from "../../lib/local/service/service.ts";

export type Declaration = {
  readonly Type: string;
  readonly Properties?: Readonly<Record<string, unknown>>;
  readonly Condition?: string;
};

export type App = {
  readonly Resources: Readonly<Record<string, Declaration>>;
  /** The code of a function, an ES module, by the S3 key in the template. */
  readonly code?: Readonly<Record<string, string>>;
  readonly Conditions?: Readonly<Record<string, unknown>>;
  readonly Outputs?: Readonly<Record<string, unknown>>;
};

/** The stack of an app, and the other stacks in the same folder. */
type Stacks = App & { readonly otherStacks?: readonly string[] };

export const temporaryFolder = (): string => mkdtempSync(join(tmpdir(), "local-cloud-test-"));

export const writeAssembly = ({ code = {}, otherStacks = [], ...template }: Stacks): string => {
  const folder = temporaryFolder();
  const write = (file: string, content: unknown) =>
    writeFileSync(join(folder, file), typeof content === "string" ? content : JSON.stringify(content));
  const files: Record<string, unknown> = {};
  for (const [key, text] of Object.entries(code)) {
    mkdirSync(join(folder, `asset.${key}`));
    write(`asset.${key}/index.mjs`, text);
    files[key] = {
      source: { path: `asset.${key}`, packaging: "zip" },
      destinations: { local: { bucketName: "assets", objectKey: key } },
    };
  }
  write("Shop.assets.json", { version: "48.0.0", files });
  write("Shop.template.json", template);
  const stackWith = (templateFile: string) => ({
    type: "aws:cloudformation:stack",
    properties: { templateFile },
  });
  write("manifest.json", {
    version: "48.0.0",
    artifacts: {
      ...Object.fromEntries(otherStacks.map((id) => [id, stackWith(`${id}.template.json`)])),
      "Shop.assets": { type: "cdk:asset-manifest", properties: { file: "Shop.assets.json" } },
      Shop: stackWith("Shop.template.json"),
    },
  });
  return folder;
};

type Grant = { readonly Action: string | readonly string[]; readonly Resource: unknown };

export const role = (service: string, ...grants: readonly Grant[]): Declaration => ({
  Type: "AWS::IAM::Role",
  Properties: {
    AssumeRolePolicyDocument: {
      Statement: [{ Effect: "Allow", Action: "sts:AssumeRole", Principal: { Service: service } }],
    },
    Policies: [
      {
        PolicyName: "Needs",
        PolicyDocument: { Statement: grants.map((grant) => ({ Effect: "Allow", ...grant })) },
      },
    ],
  },
});

export const logs: Grant = {
  Action: ["logs:CreateLogStream", "logs:PutLogEvents"],
  Resource: {
    "Fn::Sub": "arn:${AWS::Partition}:logs:${AWS::Region}:${AWS::AccountId}:log-group:/aws/lambda/*",
  },
};

export const lambda = (
  key: string,
  roleId: string,
  properties: Readonly<Record<string, unknown>> = {},
): Declaration => ({
  Type: "AWS::Lambda::Function",
  Properties: {
    Code: { S3Bucket: { "Fn::Sub": "assets-${AWS::Region}" }, S3Key: key },
    Handler: "index.handler",
    Runtime: "nodejs24.x",
    Role: { "Fn::GetAtt": [roleId, "Arn"] },
    ...properties,
  },
});

/** An HTTP API whose routes all invoke one function. */
export const httpApi = (functionId: string, routeKeys: readonly string[]): Record<string, Declaration> => {
  const arn = { "Fn::GetAtt": [functionId, "Arn"] };
  const ApiId = { Ref: "Api" };
  const routes = routeKeys.map((RouteKey, number): [string, Declaration] => [
    `Route${number}`,
    {
      Type: "AWS::ApiGatewayV2::Route",
      Properties: {
        ApiId,
        RouteKey,
        Target: { "Fn::Join": ["/", ["integrations", { Ref: "Integration" }]] },
      },
    },
  ]);
  return {
    Api: { Type: "AWS::ApiGatewayV2::Api", Properties: { Name: "shop", ProtocolType: "HTTP" } },
    Stage: {
      Type: "AWS::ApiGatewayV2::Stage",
      Properties: { ApiId, StageName: "$default", AutoDeploy: true },
    },
    Integration: {
      Type: "AWS::ApiGatewayV2::Integration",
      Properties: {
        ApiId,
        IntegrationType: "AWS_PROXY",
        IntegrationUri: arn,
        PayloadFormatVersion: "2.0",
      },
    },
    Permission: {
      Type: "AWS::Lambda::Permission",
      Properties: {
        Action: "lambda:InvokeFunction",
        FunctionName: arn,
        Principal: "apigateway.amazonaws.com",
        SourceArn: {
          "Fn::Sub": "arn:${AWS::Partition}:execute-api:${AWS::Region}:${AWS::AccountId}:${Api}/*",
        },
      },
    },
    ...Object.fromEntries(routes),
  };
};

export const table: Declaration = {
  Type: "AWS::DynamoDB::GlobalTable",
  Properties: {
    AttributeDefinitions: [{ AttributeName: "pk", AttributeType: "S" }],
    KeySchema: [{ AttributeName: "pk", KeyType: "HASH" }],
    BillingMode: "PAY_PER_REQUEST",
    Replicas: [{ Region: { Ref: "AWS::Region" } }],
    StreamSpecification: { StreamViewType: "NEW_AND_OLD_IMAGES" },
  },
};

export const reports = () => {
  const all: Report[] = [];
  return {
    report: (report: Report) => void all.push(report),
    all,
    problems: () => all.filter(({ level }) => level === "problem").map(({ message }) => message),
  };
};
