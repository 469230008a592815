/**
 * An app with resources that the local cloud does not run: the rest runs, and a call to a missing resource fails with
 * its name.
 */
import { AssumeRoleCommand, STSClient } from "@aws-sdk/nested-clients/sts";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type LocalCloud, localCloud } from "../../lib/local/local-cloud.ts";
import { httpApi, lambda, logs, reports, role, writeAssembly } from "./app.ts";

const code = {
  calls: `
    import { LambdaClient, InvokeCommand } from "${import.meta.resolve("@aws-sdk/client-lambda")}";
    const client = new LambdaClient();
    export const handler = async () => {
      const failed = await client.send(new InvokeCommand({ FunctionName: process.env.ALIAS })).catch((error) => error);
      return { statusCode: 200, body: failed.name + ": " + failed.message };
    };`,
};

const topicArn = { Ref: "Topic" };
const basic = "arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole";

const found = reports();
let cloud: LocalCloud;

beforeAll(async () => {
  const own = role("lambda.amazonaws.com", logs, { Action: "sns:Publish", Resource: topicArn });
  const assembly = writeAssembly({
    code,
    Resources: {
      Topic: { Type: "AWS::SNS::Topic" },
      Topic2: { Type: "AWS::SNS::Topic" },
      Secret: { Type: "AWS::SecretsManager::Secret" },
      Api2: { Type: "AWS::ApiGateway::RestApi" },
      Alias: { Type: "AWS::Lambda::Alias" },
      Role: { ...own, Properties: { ...own.Properties, ManagedPolicyArns: [basic] } },
      Calls: lambda("calls", "Role", {
        Timeout: 10,
        Environment: {
          Variables: { ALIAS: { Ref: "Alias" }, TOPIC: topicArn, HOST: { "Fn::GetAtt": "Api2.Host" } },
        },
      }),
      OfAlias: {
        Type: "AWS::Lambda::Permission",
        Properties: {
          Action: "lambda:InvokeFunction",
          FunctionName: { Ref: "Alias" },
          Principal: "sns.amazonaws.com",
        },
      },
      FromTopic: {
        Type: "AWS::Lambda::Permission",
        Properties: {
          Action: "lambda:InvokeFunction",
          FunctionName: { "Fn::GetAtt": ["Calls", "Arn"] },
          Principal: "sns.amazonaws.com",
          SourceArn: topicArn,
        },
      },
      Rule: {
        Type: "AWS::Events::Rule",
        Properties: {
          EventPattern: { source: ["shop"] },
          Targets: [{ Id: "Topic", Arn: topicArn }],
        },
      },
      ...httpApi("Calls", ["GET /"]),
    },
    Outputs: { Topic2: { Value: { Ref: "Topic2" } } },
  });
  cloud = await localCloud({ assembly, port: 0, report: found.report });
});

afterAll(() => cloud?.stop());

const reason = "is missing: the local cloud does not run resources of this type";

test("a function runs, and its call to a missing resource of a supported service fails with the resource's id and type", async () => {
  const answer = await (await fetch(cloud.url)).text();
  expect(answer).toBe(`ResourceNotFoundException: Alias (AWS::Lambda::Alias) ${reason}`);
  expect(found.problems()).toContain(`Alias (AWS::Lambda::Alias) ${reason}`);
});

/** A request that is signed as the SDK does it. */
const call = async (service: string, contentType: string, body: string) => {
  const authorization = `AWS4-HMAC-SHA256 Credential=local/20240101/eu-central-1/${service}/aws4_request, Signature=0`;
  const headers = { authorization, "content-type": contentType, "x-amz-target": "it.DoIt" };
  const answer = await fetch(cloud.endpoint, { method: "POST", headers, body });
  return { name: answer.headers.get("x-amzn-errortype"), text: await answer.text() };
};

const jsonType = "application/x-amz-json-1.1";

test("a call to another service names the resource in the request, for both kinds of JSON clients", async () => {
  const answer = await call("secretsmanager", jsonType, JSON.stringify({ SecretId: "Shop-Secret" }));
  expect(answer.name).toBe("ResourceNotFoundException");
  expect(JSON.parse(answer.text)).toEqual({
    __type: "ResourceNotFoundException",
    message: `Secret (AWS::SecretsManager::Secret) ${reason}`,
  });
});

test("a call without the name of a resource lists all resources of that service", async () => {
  const { text } = await call("sns", jsonType, JSON.stringify({ TopicArn: "orders" }));
  expect(JSON.parse(text).message).toBe(
    `Topic (AWS::SNS::Topic) ${reason}; Topic2 (AWS::SNS::Topic) ${reason}`,
  );
});

test("a call to a service without resources in the template is refused", async () => {
  const { text } = await call("kms", jsonType, "{}");
  expect(JSON.parse(text).message).toBe("the local cloud does not run the service kms");
});

test("a client of the query protocol reads the error", async () => {
  const client = new STSClient({
    endpoint: cloud.endpoint,
    region: "eu-central-1",
    credentials: cloud.ownerCredentials,
  });
  const command = new AssumeRoleCommand({ RoleArn: cloud.outputs.Topic2, RoleSessionName: "test" });
  await expect(client.send(command)).rejects.toMatchObject({
    name: "ResourceNotFoundException",
    message: `Topic2 (AWS::SNS::Topic) ${reason}`,
  });
});

test("the list of resources shows which do not run", async () => {
  const answer: unknown = await (await fetch(`${cloud.url}/_local/resources`)).json();
  const ofTopic = {
    logicalId: "Topic",
    type: "AWS::SNS::Topic",
    state: "not run",
    reason: expect.any(String),
  };
  expect(answer).toMatchObject({ resources: expect.arrayContaining([expect.objectContaining(ofTopic)]) });
  const running = expect.objectContaining({ logicalId: "Calls", state: "running" });
  expect(answer).toMatchObject({ resources: expect.arrayContaining([running]) });
});
