/**
 * The resource types that the local cloud knows, one row each. To add a type, add a row; if no provider in
 * `providers.ts` can run it, add a provider as well. A type that is only useful on AWS has a reason instead of a
 * provider, and the list of resources shows that reason.
 */
import { streamArnOf } from "../service/stream-arn.ts";
import { apiId, stackAndId, uuid } from "./physical-name.ts";
import type { Named, ResourceType } from "./resource-type.ts";

const regional =
  (service: string, prefix = "") =>
  ({ place, name }: Omit<Named, "arn">): string =>
    `arn:aws:${service}:${place.region}:${place.account}:${prefix}${name}`;

const nameOfIt = ({ name }: Named) => name;
const arnOfIt = ({ arn }: Named) => arn;
const ofProperty = (property: string) => (given: { readonly property: Named["property"] }) =>
  String(given.property(property));

const queueUrl = ({ place, name }: Named) => `${place.endpoint}/${place.account}/${name}`;

const table: ResourceType = {
  nameProperty: "TableName",
  arn: regional("dynamodb", "table/"),
  attributes: {
    Arn: arnOfIt,
    StreamArn: ({ arn }) => streamArnOf(arn),
    TableId: uuid,
  },
  provider: "tables",
};

const gatewayPart = (attribute: string): ResourceType => ({
  nameOf: apiId,
  attributes: { [attribute]: nameOfIt },
  provider: "httpApis",
});

export const resourceTypes: Readonly<Record<string, ResourceType>> = {
  "AWS::DynamoDB::GlobalTable": table,
  "AWS::DynamoDB::Table": table,
  "AWS::IAM::Role": {
    nameProperty: "RoleName",
    nameOf: stackAndId(64),
    arn: ({ place, name, property }) => `arn:aws:iam::${place.account}:role${property("Path") ?? "/"}${name}`,
    attributes: { Arn: arnOfIt },
    provider: "access",
  },
  "AWS::IAM::Policy": { nameProperty: "PolicyName", provider: "access" },
  "AWS::Lambda::Function": {
    nameProperty: "FunctionName",
    nameOf: stackAndId(64),
    arn: regional("lambda", "function:"),
    attributes: { Arn: arnOfIt },
    provider: "functions",
  },
  "AWS::Lambda::EventSourceMapping": {
    nameOf: uuid,
    arn: regional("lambda", "event-source-mapping:"),
    attributes: { Id: nameOfIt, EventSourceMappingArn: arnOfIt },
    provider: "mappings",
  },
  "AWS::Lambda::Permission": { attributes: { Id: nameOfIt }, provider: "access" },
  "AWS::Logs::LogGroup": {
    nameProperty: "LogGroupName",
    arn: (given) => `${regional("logs", "log-group:")(given)}:*`,
    attributes: { Arn: arnOfIt },
    provider: "functions",
  },
  "AWS::ApiGatewayV2::Api": {
    nameOf: apiId,
    arn: ({ place, name }) => `arn:aws:apigateway:${place.region}::/apis/${name}`,
    attributes: {
      ApiId: nameOfIt,
      ApiEndpoint: ({ name, place }) => `https://${name}.execute-api.${place.region}.amazonaws.com`,
    },
    provider: "httpApis",
  },
  "AWS::ApiGatewayV2::Stage": { nameOf: ofProperty("StageName"), provider: "httpApis" },
  "AWS::ApiGatewayV2::Route": gatewayPart("RouteId"),
  "AWS::ApiGatewayV2::Integration": gatewayPart("IntegrationId"),
  "AWS::ApiGatewayV2::Authorizer": gatewayPart("AuthorizerId"),
  "AWS::Events::EventBus": {
    nameProperty: "Name",
    arn: regional("events", "event-bus/"),
    attributes: { Arn: arnOfIt, Name: nameOfIt },
    provider: "eventBuses",
  },
  "AWS::Events::Archive": {
    nameProperty: "ArchiveName",
    nameOf: stackAndId(48),
    arn: regional("events", "archive/"),
    attributes: { Arn: arnOfIt },
    provider: "eventBuses",
  },
  "AWS::Events::Rule": {
    nameProperty: "Name",
    nameOf: stackAndId(64),
    arn: ({ place, name, property }) => {
      const bus = String(property("EventBusName") ?? "default")
        .split("/")
        .at(-1);
      const path = bus === "default" ? name : `${bus}/${name}`;
      return `arn:aws:events:${place.region}:${place.account}:rule/${path}`;
    },
    ref: ({ arn }) => arn.split(":rule/")[1]?.replace("/", "|") ?? "",
    attributes: { Arn: arnOfIt },
    provider: "eventBuses",
  },
  "AWS::Scheduler::ScheduleGroup": {
    nameProperty: "Name",
    nameOf: stackAndId(64),
    arn: regional("scheduler", "schedule-group/"),
    attributes: { Arn: arnOfIt },
    provider: "schedules",
  },
  "AWS::SQS::Queue": {
    nameProperty: "QueueName",
    nameOf: stackAndId(80),
    arn: regional("sqs"),
    ref: queueUrl,
    attributes: {
      Arn: arnOfIt,
      QueueName: nameOfIt,
      QueueUrl: queueUrl,
    },
    provider: "queues",
  },
  "AWS::SQS::QueuePolicy": { provider: "access" },
  "AWS::StepFunctions::StateMachine": {
    nameProperty: "StateMachineName",
    nameOf: stackAndId(80),
    arn: regional("states", "stateMachine:"),
    ref: arnOfIt,
    attributes: { Arn: arnOfIt, Name: nameOfIt },
    provider: "stateMachines",
  },
  "AWS::S3::Bucket": {
    nameProperty: "BucketName",
    nameOf: (given) => stackAndId(63)(given).toLowerCase(),
    arn: ({ name }) => `arn:aws:s3:::${name}`,
    attributes: { Arn: arnOfIt, DomainName: ({ name }) => `${name}.s3.amazonaws.com` },
    provider: "buckets",
  },
  "AWS::S3::BucketPolicy": { provider: "access" },
  "AWS::SES::EmailIdentity": {
    nameProperty: "EmailIdentity",
    arn: regional("ses", "identity/"),
    provider: "mail",
  },
  "AWS::CloudWatch::Alarm": {
    nameProperty: "AlarmName",
    arn: regional("cloudwatch", "alarm:"),
    attributes: { Arn: arnOfIt },
    notRun: "alarms are not evaluated here: the live log shows the problems that they watch for",
  },
};
