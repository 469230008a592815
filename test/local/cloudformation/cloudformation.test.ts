/** From a synthesized template to resources: names, ARNs, intrinsic functions, and what is refused. */
import { describe, expect, test } from "vitest";
import { readAssembly } from "../../../lib/local/cloudformation/assembly.ts";
import { foreignLines } from "../../../lib/local/cloudformation/foreign.ts";
import { stackOf } from "../../../lib/local/cloudformation/resources.ts";
import { type App, temporaryFolder, writeAssembly } from "../app.ts";

const place = { region: "eu-central-1", account: "000000000000", endpoint: "http://127.0.0.1:1" };

const stack = (app: App) => stackOf(readAssembly(writeAssembly(app)), place);

const queue = (Properties: Readonly<Record<string, unknown>> = {}) => ({
  Type: "AWS::SQS::Queue",
  Properties,
});

/** The resolved form of a value in the template. The resources that it refers to come after it. */
const resolved = (value: unknown, more: Omit<App, "Resources"> = {}) =>
  stack({
    ...more,
    Resources: {
      It: queue({ Tags: value }),
      Queue: queue(),
      Named: queue({ QueueName: { "Fn::Join": ["-", ["named", { Ref: "AWS::Region" }]] } }),
      Machine: { Type: "AWS::StepFunctions::StateMachine" },
      Table: { Type: "AWS::DynamoDB::GlobalTable" },
    },
  }).resources[0]?.properties.Tags;

const table = "arn:aws:dynamodb:eu-central-1:000000000000:table/Shop-Table";

describe("an intrinsic function is resolved", () => {
  test.each([
    [{ Ref: "Queue" }, "http://127.0.0.1:1/000000000000/Shop-Queue"],
    [{ Ref: "Machine" }, "arn:aws:states:eu-central-1:000000000000:stateMachine:Shop-Machine"],
    [{ Ref: "AWS::AccountId" }, "000000000000"],
    [{ "Fn::GetAtt": ["Named", "Arn"] }, "arn:aws:sqs:eu-central-1:000000000000:named-eu-central-1"],
    [{ "Fn::GetAtt": "Table.StreamArn" }, `${table}/stream/2024-01-01T00:00:00.000`],
    [{ "Fn::Join": ["", ["a", { Ref: "AWS::Partition" }, 1]] }, "aaws1"],
    [{ "Fn::Sub": "${Table.Arn}/${AWS::Region}/${!Literal}" }, `${table}/eu-central-1/\${Literal}`],
    [{ "Fn::Sub": ["${x}-${Table}", { x: { Ref: "AWS::URLSuffix" } }] }, "amazonaws.com-Shop-Table"],
    [{ "Fn::Select": ["1", { "Fn::Split": ["/", { "Fn::GetAtt": ["Table", "Arn"] }] }] }, "Shop-Table"],
    [{ "Fn::If": ["IsHere", "yes", "no"] }, "yes"],
    [{ "Fn::If": ["IsElsewhere", "yes", { Ref: "AWS::NoValue" }] }, undefined],
    [
      [1, { Ref: "AWS::NoValue" }, { a: { Ref: "AWS::NoValue" }, b: null }],
      [1, { b: null }],
    ],
  ])("%j", (value, expected) => {
    const Conditions = {
      IsHere: { "Fn::Equals": [{ Ref: "AWS::Region" }, "eu-central-1"] },
      IsElsewhere: { "Fn::Not": [{ Condition: "IsHere" }] },
    };
    expect(resolved(value, { Conditions })).toEqual(expected);
  });

  test.each([
    [{ "Fn::ImportValue": "x" }, "It: Fn::ImportValue: this function does not run here"],
    [{ Ref: "Nothing" }, "It: there is no resource Nothing"],
    [{ "Fn::GetAtt": ["Queue", "Color"] }, "It: Queue (AWS::SQS::Queue) has no attribute Color here"],
    [{ "Fn::Join": ["", "text"] }, "It: Fn::Join: expected a list"],
  ])("or is refused: %j", (value, message) => {
    expect(() => resolved(value)).toThrow(message);
  });
});

describe("a resource", () => {
  test("is left out if its condition is false or if it is metadata", () => {
    const { resources } = stack({
      Conditions: { Never: { "Fn::Equals": ["a", "b"] } },
      Resources: {
        Queue: queue(),
        Other: { ...queue(), Condition: "Never" },
        Meta: { Type: "AWS::CDK::Metadata", Condition: "Never" },
      },
    });
    expect(resources.map(({ id }) => id)).toEqual(["Queue"]);
  });

  test("is refused if its name depends on itself", () => {
    const Resources = { Queue: queue({ QueueName: { "Fn::GetAtt": ["Queue", "QueueName"] } }) };
    expect(() => stack({ Resources })).toThrow("the name of Queue depends on itself");
  });

  test("has its name cut if it is too long, and the name stays unique", () => {
    const long = "Q".repeat(90);
    const [one, other] = stack({ Resources: { [`${long}1`]: queue(), [`${long}2`]: queue() } }).resources;
    expect(one?.name).toHaveLength(80);
    expect(one?.name).not.toBe(other?.name);
  });

  const topic = { Type: "AWS::SNS::Topic", Properties: { KmsMasterKeyId: { "Fn::ImportValue": "key" } } };
  const topicArn = "arn:aws:sns:eu-central-1:000000000000:topic:Shop-Topic";

  test.each([
    [{ Ref: "Topic" }, topicArn],
    [{ "Fn::GetAtt": ["Topic", "TopicArn"] }, topicArn],
    [{ "Fn::GetAtt": ["Topic", "TopicName"] }, "Shop-Topic.TopicName"],
    [{ "Fn::Select": [6, { "Fn::Split": [":", { Ref: "Topic" }] }] }, "Shop-Topic"],
    [
      { "Fn::GetAtt": ["Bucket", "Arn"] },
      "arn:aws:s3autodeleteobjects:eu-central-1:000000000000:s3autodeleteobjects:Shop-Bucket",
    ],
  ])("of an unsupported type has a name and an ARN: %j", (value, expected) => {
    const Resources = {
      It: queue({ Tags: value }),
      Topic: topic,
      Bucket: { Type: "Custom::S3AutoDeleteObjects" },
    };
    expect(stack({ Resources }).resources[0]?.properties.Tags).toBe(expected);
  });

  test("of an unsupported type, or that needs such a resource, has the reason; its properties are not resolved", () => {
    const EventSourceArn = { "Fn::GetAtt": ["Stream", "Arn"] };
    const mapping = { Type: "AWS::Lambda::EventSourceMapping", Properties: { EventSourceArn } };
    const Resources = {
      Queue: queue(),
      Topic: topic,
      Stream: { Type: "AWS::Kinesis::Stream" },
      Mapping: mapping,
    };
    const reason = "the local cloud does not run resources of this type";
    expect(stack({ Resources }).resources).toMatchObject([
      { id: "Queue" },
      { id: "Topic", properties: {}, notRun: reason },
      { id: "Stream", notRun: reason },
      { id: "Mapping", notRun: `Stream (AWS::Kinesis::Stream) is missing: ${reason}` },
    ]);
    expect(stack({ Resources }).resources[0]).not.toHaveProperty("notRun");
  });

  test("of an unsupported type is reported with the others of its type", () => {
    const Key = { Type: "AWS::KMS::Key" };
    const Resources = {
      Topic: topic,
      Key,
      Queue: queue(),
      Other: topic,
      Alarm: { Type: "AWS::CloudWatch::Alarm" },
      Rule: { Type: "AWS::Events::Rule", Properties: { Targets: [{ Id: "1", Arn: { Ref: "Topic" } }] } },
    };
    const rest = "The rest runs; a call to one of these fails with an error that names it.";
    expect(foreignLines(stack({ Resources }).resources)).toEqual([
      `AWS::SNS::Topic does not run here: Topic, Other. ${rest}`,
      `AWS::KMS::Key does not run here: Key. ${rest}`,
      "Rule (AWS::Events::Rule) does not run: Topic (AWS::SNS::Topic) is missing: the local cloud does not run resources of this type",
    ]);
  });
});

test("an output is resolved", () => {
  expect(
    stack({ Resources: { Queue: queue() }, Outputs: { Arn: { Value: { "Fn::GetAtt": ["Queue", "Arn"] } } } })
      .outputs,
  ).toEqual({
    Arn: "arn:aws:sqs:eu-central-1:000000000000:Shop-Queue",
  });
});

describe("with several stacks", () => {
  const folder = writeAssembly({ Resources: { Queue: queue() }, otherStacks: ["Network", "Alarms"] });

  test("the stack with the given id is read, and the others are listed", () => {
    const { stackName, template, otherStacks } = readAssembly(folder, "Shop");
    expect({ stackName, otherStacks }).toEqual({ stackName: "Shop", otherStacks: ["Network", "Alarms"] });
    expect(Object.keys(template.Resources)).toEqual(["Queue"]);
  });

  test("no stack is read without an id, and the message says how to choose one", () => {
    expect(() => readAssembly(folder)).toThrow(
      `${folder}: expected one stack, found Network, Alarms, Shop: name the stack to run with the option stack`,
    );
  });

  test("an id that matches no stack is refused", () => {
    expect(() => readAssembly(folder, "Ship")).toThrow(
      `${folder}: expected the stack Ship, found Network, Alarms, Shop`,
    );
  });
});

test("a folder without an app is reported by its path", () => {
  const folder = temporaryFolder();
  expect(() => readAssembly(folder)).toThrow(`${folder}/manifest.json: there is no such file`);
});
