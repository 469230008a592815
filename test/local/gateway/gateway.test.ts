/** The AWS APIs of the local cloud, as clients of the AWS SDK see them. */
import {
  BatchGetItemCommand,
  ConditionalCheckFailedException,
  DescribeTableCommand,
  DynamoDBClient,
  GetItemCommand,
  ListBackupsCommand,
  PutItemCommand,
  QueryCommand,
  TransactWriteItemsCommand,
} from "@aws-sdk/client-dynamodb";
import { EventBridgeClient, PutEventsCommand } from "@aws-sdk/client-eventbridge";
import { InvokeCommand, LambdaClient, ResourceNotFoundException } from "@aws-sdk/client-lambda";
import {
  GetObjectCommand,
  ListObjectsV2Command,
  NoSuchKey,
  PutObjectCommand,
  S3Client,
} from "@aws-sdk/client-s3";
import { MessageRejected, SESv2Client, SendEmailCommand } from "@aws-sdk/client-sesv2";
import {
  DescribeExecutionCommand,
  ExecutionDoesNotExist,
  SFNClient,
  StartExecutionCommand,
} from "@aws-sdk/client-sfn";
import {
  DeleteMessageCommand,
  GetQueueUrlCommand,
  QueueDoesNotExist,
  ReceiveMessageCommand,
  SendMessageBatchCommand,
  SendMessageCommand,
  SQSClient,
} from "@aws-sdk/client-sqs";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { credentialsOf } from "../../../lib/local/gateway/credentials.ts";
import { type LocalCloud, localCloud } from "../../../lib/local/local-cloud.ts";
import { lambda, logs, reports, role, table, writeAssembly } from "../app.ts";

const code = {
  echo: `export const handler = async (event) => {
    if (event.fail) throw new Error("as wished");
    console.log(JSON.stringify({ message: "got", event }));
    return { got: event };
  };`,
};

const definition = {
  QueryLanguage: "JSONata",
  StartAt: "Done",
  States: { Done: { Type: "Succeed", Output: "{% $states.input %}" } },
};

const arn = (id: string) => ({ "Fn::GetAtt": [id, "Arn"] });

const found = reports();
let cloud: LocalCloud;

beforeAll(async () => {
  const assembly = writeAssembly({
    code,
    Resources: {
      Table: table,
      Events: table,
      Queue: { Type: "AWS::SQS::Queue", Properties: { QueueName: "queue" } },
      Bus: { Type: "AWS::Events::EventBus", Properties: { Name: "bus" } },
      Rule: {
        Type: "AWS::Events::Rule",
        Properties: {
          EventBusName: { Ref: "Bus" },
          EventPattern: { source: ["shop"] },
          Targets: [{ Id: "Queue", Arn: arn("Queue") }],
        },
      },
      QueuePolicy: {
        Type: "AWS::SQS::QueuePolicy",
        Properties: {
          Queues: [{ Ref: "Queue" }],
          PolicyDocument: {
            Statement: [
              {
                Effect: "Allow",
                Action: "sqs:SendMessage",
                Resource: arn("Queue"),
                Principal: { Service: "events.amazonaws.com" },
                Condition: { ArnEquals: { "aws:SourceArn": arn("Rule") } },
              },
              {
                Effect: "Deny",
                Action: "sqs:*",
                Resource: arn("Queue"),
                Principal: { AWS: "*" },
                Condition: { Bool: { "aws:SecureTransport": "false" } },
              },
            ],
          },
        },
      },
      Bucket: { Type: "AWS::S3::Bucket" },
      Sender: { Type: "AWS::SES::EmailIdentity", Properties: { EmailIdentity: "shop@example.com" } },
      Machine: {
        Type: "AWS::StepFunctions::StateMachine",
        Properties: { DefinitionString: JSON.stringify(definition), RoleArn: arn("MachineRole") },
      },
      MachineRole: role("states.amazonaws.com"),
      Role: role(
        "lambda.amazonaws.com",
        logs,
        {
          Action: ["dynamodb:PutItem", "dynamodb:GetItem", "dynamodb:ConditionCheckItem"],
          Resource: arn("Table"),
        },
        { Action: "dynamodb:Query", Resource: { "Fn::Sub": "${Table.Arn}/index/*" } },
      ),
      Echo: lambda("echo", "Role", { FunctionName: "echo" }),
    },
  });
  cloud = await localCloud({ assembly, port: 0, report: found.report });
});

afterAll(() => cloud?.stop());

const nameOf = (id: string) => cloud.resources.find((resource) => resource.id === id)?.name ?? id;
const arnOf = (id: string) => cloud.resources.find((resource) => resource.id === id)?.arn ?? id;
const settings = (credentials = cloud.ownerCredentials) => ({
  region: "eu-central-1",
  endpoint: cloud.endpoint,
  maxAttempts: 1,
  credentials,
});
const asFunction = () => new DynamoDBClient(settings(credentialsOf(arnOf("Echo"))));
const pk = { S: "1" };

describe("DynamoDB", () => {
  test("a failed condition returns the existing item", async () => {
    const client = new DynamoDBClient(settings());
    const put = new PutItemCommand({
      TableName: nameOf("Table"),
      Item: { pk: { S: "once" }, made: { N: "1" } },
      ConditionExpression: "attribute_not_exists(pk)",
      ReturnValuesOnConditionCheckFailure: "ALL_OLD",
    });
    await client.send(put);
    const refused = await client.send(put).catch((fault) => fault);
    expect(refused).toBeInstanceOf(ConditionalCheckFailedException);
    expect(refused.Item).toEqual({ pk: { S: "once" }, made: { N: "1" } });
  });

  test("a table can be addressed by its ARN, and its description has the region", async () => {
    const client = new DynamoDBClient(settings());
    await client.send(new PutItemCommand({ TableName: arnOf("Table"), Item: { pk } }));
    const { Table } = await client.send(new DescribeTableCommand({ TableName: nameOf("Table") }));
    expect(Table).toMatchObject({
      TableArn: arnOf("Table"),
      LatestStreamArn: `${arnOf("Table")}/stream/2024-01-01T00:00:00.000`,
    });
  });

  test("a function can do what its role allows", async () => {
    await asFunction().send(new PutItemCommand({ TableName: nameOf("Table"), Item: { pk } }));
    const { Item } = await asFunction().send(new GetItemCommand({ TableName: nameOf("Table"), Key: { pk } }));
    expect(Item).toEqual({ pk });
  });

  test.each([
    [
      "another table",
      "dynamodb:PutItem",
      "Events",
      () => new PutItemCommand({ TableName: nameOf("Events"), Item: { pk } }),
    ],
    [
      "another action",
      "dynamodb:BatchGetItem",
      "Table",
      () => new BatchGetItemCommand({ RequestItems: { [nameOf("Table")]: { Keys: [{ pk }] } } }),
    ],
    [
      "the table itself if only its indexes are granted",
      "dynamodb:Query",
      "Table",
      () =>
        new QueryCommand({
          TableName: nameOf("Table"),
          KeyConditionExpression: "pk = :pk",
          ExpressionAttributeValues: { ":pk": pk },
        }),
    ],
    [
      "one member of a transaction",
      "dynamodb:DeleteItem",
      "Table",
      () =>
        new TransactWriteItemsCommand({
          TransactItems: [
            { Put: { TableName: nameOf("Table"), Item: { pk } } },
            { Delete: { TableName: nameOf("Table"), Key: { pk: { S: "2" } } } },
          ],
        }),
    ],
  ] as const)("a function without a grant cannot access %s", async (_, action, id, command) => {
    // Each is a command of this client.
    const refused = await asFunction()
      .send(command() as PutItemCommand)
      .catch((fault) => fault);
    expect(refused.name).toBe("AccessDeniedException");
    expect(refused.message).toBe(
      `User: arn:aws:sts::000000000000:assumed-role/${nameOf("Role")}/echo is not authorized to perform: ${action} on resource: ${arnOf(id)} because no identity-based policy allows the ${action} action`,
    );
    expect(found.problems()).toContain(refused.message);
  });

  test("an unsupported operation is refused by name", async () => {
    const refused = await new DynamoDBClient(settings())
      .send(new ListBackupsCommand({}))
      .catch((fault) => fault);
    expect(refused.name).toBe("UnknownOperationException");
    expect(refused.message).toContain("ListBackups");
  });

  test("an unknown access key is refused", async () => {
    const credentials = { accessKeyId: "AKIAUNKNOWN", secretAccessKey: "x" };
    const client = new DynamoDBClient(settings(credentials));
    await expect(client.send(new GetItemCommand({ TableName: "any", Key: { pk } }))).rejects.toThrow(
      expect.objectContaining({ name: "UnrecognizedClientException" }),
    );
  });
});

describe("SQS", () => {
  test("a message is sent, received and deleted by the URL of the queue", async () => {
    const client = new SQSClient(settings());
    const { QueueUrl } = await client.send(new GetQueueUrlCommand({ QueueName: "queue" }));
    expect(QueueUrl).toBe(`${cloud.endpoint}/000000000000/queue`);
    await client.send(new SendMessageCommand({ QueueUrl, MessageBody: "hello" }));
    await client.send(
      new SendMessageBatchCommand({ QueueUrl, Entries: [{ Id: "a", MessageBody: "again" }] }),
    );
    const { Messages = [] } = await client.send(
      new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 10 }),
    );
    expect(Messages.map(({ Body }) => Body).sort()).toEqual(["again", "hello"]);
    for (const { ReceiptHandle } of Messages)
      await client.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle }));
  });

  test("an unknown queue gives the error of SQS", async () => {
    const QueueUrl = `${cloud.endpoint}/000000000000/none`;
    const refused = await new SQSClient(settings())
      .send(new SendMessageCommand({ QueueUrl, MessageBody: "x" }))
      .catch((fault) => fault);
    expect(refused).toBeInstanceOf(QueueDoesNotExist);
  });
});

test("EventBridge delivers to a queue whose policy allows the rule", async () => {
  const { FailedEntryCount } = await new EventBridgeClient(settings()).send(
    new PutEventsCommand({
      Entries: [{ EventBusName: "bus", Source: "shop", DetailType: "T", Detail: "{}" }],
    }),
  );
  expect(FailedEntryCount).toBe(0);
  const QueueUrl = `${cloud.endpoint}/000000000000/queue`;
  const { Messages = [] } = await new SQSClient(settings()).send(
    new ReceiveMessageCommand({ QueueUrl, WaitTimeSeconds: 5 }),
  );
  expect(JSON.parse(Messages[0]?.Body ?? "")).toMatchObject({ source: "shop", "detail-type": "T" });
});

describe("Step Functions", () => {
  test("an execution is started and described", async () => {
    const client = new SFNClient(settings());
    const { executionArn } = await client.send(
      new StartExecutionCommand({ stateMachineArn: arnOf("Machine"), name: "one", input: '{"a":1}' }),
    );
    await expect
      .poll(async () => (await client.send(new DescribeExecutionCommand({ executionArn }))).output)
      .toBe('{"a":1}');
  });

  test("an unknown execution gives the error of Step Functions", async () => {
    const executionArn = arnOf("Machine").replace(":stateMachine:", ":execution:").concat(":none");
    await expect(
      new SFNClient(settings()).send(new DescribeExecutionCommand({ executionArn })),
    ).rejects.toThrow(ExecutionDoesNotExist);
  });
});

describe("S3", () => {
  test("an object is put, listed and fetched", async () => {
    const client = new S3Client(settings());
    const Bucket = nameOf("Bucket");
    await client.send(
      new PutObjectCommand({ Bucket, Key: "a/b c&d.json", Body: '{"é":1}', ContentType: "application/json" }),
    );
    const { Contents } = await client.send(new ListObjectsV2Command({ Bucket, Prefix: "a/" }));
    expect(Contents?.map(({ Key, Size }) => [Key, Size])).toEqual([["a/b c&d.json", 8]]);
    const { Body, ContentType } = await client.send(new GetObjectCommand({ Bucket, Key: "a/b c&d.json" }));
    expect([await Body?.transformToString(), ContentType]).toEqual(['{"é":1}', "application/json"]);
  });

  test("an unknown object gives the error of S3", async () => {
    const got = new S3Client(settings()).send(
      new GetObjectCommand({ Bucket: nameOf("Bucket"), Key: "none" }),
    );
    await expect(got).rejects.toThrow(NoSuchKey);
  });
});

describe("SES", () => {
  const mail = (from: string) =>
    new SendEmailCommand({
      FromEmailAddress: from,
      Destination: { ToAddresses: ["ann@example.com"] },
      Content: { Simple: { Subject: { Data: "Hello" }, Body: { Text: { Data: "text" } } } },
    });

  test("an e-mail arrives in the mailbox", async () => {
    const { MessageId } = await new SESv2Client(settings()).send(mail("shop@example.com"));
    expect(MessageId).toBeDefined();
    expect(await (await fetch(`${cloud.url}/_local/mailbox`)).json()).toMatchObject({
      messages: [{ to: "ann@example.com", subject: "Hello", text: "text" }],
    });
  });

  test("a page shows the mailbox, and the content of an e-mail cannot load or run anything", async () => {
    await new SESv2Client(settings()).send(mail("shop@example.com"));
    const page = await fetch(`${cloud.url}/_local/mailbox.html`);
    expect(page.headers.get("content-type")).toBe("text/html; charset=utf-8");
    expect(page.headers.get("content-security-policy")).toMatch(/^default-src 'none';/);
    expect(await page.text()).toContain("<h2>Hello</h2>");
  });

  test("an unverified sender is refused", async () => {
    await expect(new SESv2Client(settings()).send(mail("else@example.org"))).rejects.toThrow(MessageRejected);
  });
});

describe("Lambda", () => {
  const invoke = async (input: Omit<ConstructorParameters<typeof InvokeCommand>[0], "FunctionName">) => {
    const command = new InvokeCommand({ FunctionName: "echo", ...input });
    const { Payload, FunctionError, StatusCode } = await new LambdaClient(settings()).send(command);
    return { answer: Payload?.transformToString(), FunctionError, StatusCode };
  };

  test("a function is invoked by name", async () => {
    expect(await invoke({ Payload: '{"a":"é"}' })).toMatchObject({
      answer: '{"got":{"a":"é"}}',
      StatusCode: 200,
    });
    expect(await invoke({})).toMatchObject({ answer: '{"got":{}}' });
  });

  test("a failed function is reported by FunctionError", async () => {
    const { answer, FunctionError } = await invoke({ Payload: '{"fail":true}' });
    expect(FunctionError).toBe("Unhandled");
    expect(JSON.parse(answer ?? "")).toMatchObject({ errorType: "Error", errorMessage: "as wished" });
  });

  test("an asynchronous event is accepted first and run later", async () => {
    expect(await invoke({ Payload: '{"later":1}', InvocationType: "Event" })).toMatchObject({
      StatusCode: 202,
    });
    await expect.poll(() => found.all.map(({ fields }) => fields?.event)).toContainEqual({ later: 1 });
  });

  test("an event whose function fails is retried a minute later", async () => {
    const failures = () => found.problems().filter((message) => message.includes("as wished")).length;
    const before = failures();
    await invoke({ Payload: '{"fail":true}', InvocationType: "Event" });
    await expect.poll(failures).toBe(before + 1);
    await cloud.advance(61);
    await expect.poll(failures).toBe(before + 2);
    await cloud.advance(121);
    await expect.poll(() => found.problems()).toContain("dropped an event after 3 failed attempts");
  });

  test("an unknown function gives the error of Lambda", async () => {
    const command = new InvokeCommand({ FunctionName: "none" });
    await expect(new LambdaClient(settings()).send(command)).rejects.toThrow(ResourceNotFoundException);
  });
});
