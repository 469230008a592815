/**
 * The resource types that the local cloud knows. A row says what a resource is called, its ARN, what Ref and
 * Fn::GetAtt of it give, and which provider runs it. To add a type, add a row, and a provider to `providers.ts` unless
 * one there can run it. A type that only makes sense on AWS has a reason instead of a provider, and is listed with it.
 */
import { createHash } from "node:crypto";
import { streamArnOf } from "../service/stream-arn.ts";

export type Place = {
  readonly region: string;
  readonly account: string;
  readonly stackName: string;
  /** The URL of the AWS APIs. The SDKs call a queue at its URL, which must lead there. */
  readonly endpoint: string;
};

/** A resource while it is named: its properties are resolved one by one, as the name needs them. */
export type Named = {
  readonly place: Place;
  readonly id: string;
  readonly name: string;
  readonly arn: string;
  readonly property: (name: string) => unknown;
};

export type ProviderName =
  | "access"
  | "buckets"
  | "eventBuses"
  | "functions"
  | "httpApis"
  | "mail"
  | "mappings"
  | "queues"
  | "schedules"
  | "stateMachines"
  | "tables";

export type ResourceType = {
  /** The physical name; `nameOf` makes one where the property is absent. */
  readonly nameProperty?: string;
  readonly nameOf?: (named: Omit<Named, "name" | "arn">) => string;
  readonly arn?: (named: Omit<Named, "arn">) => string;
  /** The name, unless said otherwise. */
  readonly ref?: (named: Named) => string;
  readonly attributes?: Readonly<Record<string, (named: Named) => string>>;
  /** What Fn::GetAtt of any other attribute gives; without it that is refused. */
  readonly otherAttribute?: (named: Named, attribute: string) => string;
} & ({ readonly provider: ProviderName } | { readonly notRun: string });

const hashOf = (text: string): string => createHash("sha256").update(text).digest("hex");

/** As AWS: the stack and the logical id; too long a name is cut, and stays unique. */
const named =
  (lengthMax: number) =>
  ({ place, id }: Omit<Named, "name" | "arn">): string => {
    const name = `${place.stackName}-${id}`;
    return name.length <= lengthMax ? name : `${name.slice(0, lengthMax - 9)}-${hashOf(name).slice(0, 8)}`;
  };

/** An id as API Gateway makes them: ten letters and digits. */
const apiId = ({ place, id }: Omit<Named, "name" | "arn">): string =>
  BigInt(`0x${hashOf(`${place.stackName}/${id}`)}`)
    .toString(36)
    .slice(0, 10);

const uuid = ({ place, id }: Omit<Named, "name" | "arn">): string => {
  const hash = hashOf(`${place.stackName}/${id}`);
  return `${hash.slice(0, 8)}-${hash.slice(8, 12)}-4${hash.slice(13, 16)}-8${hash.slice(17, 20)}-${hash.slice(20, 32)}`;
};

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
    nameOf: named(64),
    arn: ({ place, name, property }) => `arn:aws:iam::${place.account}:role${property("Path") ?? "/"}${name}`,
    attributes: { Arn: arnOfIt },
    provider: "access",
  },
  "AWS::IAM::Policy": { nameProperty: "PolicyName", provider: "access" },
  "AWS::Lambda::Function": {
    nameProperty: "FunctionName",
    nameOf: named(64),
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
    nameOf: named(48),
    arn: regional("events", "archive/"),
    attributes: { Arn: arnOfIt },
    provider: "eventBuses",
  },
  "AWS::Events::Rule": {
    nameProperty: "Name",
    nameOf: named(64),
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
    nameOf: named(64),
    arn: regional("scheduler", "schedule-group/"),
    attributes: { Arn: arnOfIt },
    provider: "schedules",
  },
  "AWS::SQS::Queue": {
    nameProperty: "QueueName",
    nameOf: named(80),
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
    nameOf: named(80),
    arn: regional("states", "stateMachine:"),
    ref: arnOfIt,
    attributes: { Arn: arnOfIt, Name: nameOfIt },
    provider: "stateMachines",
  },
  "AWS::S3::Bucket": {
    nameProperty: "BucketName",
    nameOf: (given) => named(63)(given).toLowerCase(),
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
    notRun: "alarms are not evaluated here: what they watch is in the live log",
  },
};

export const physicalName = (type: ResourceType, given: Omit<Named, "name" | "arn">): string => {
  const name = type.nameProperty === undefined ? undefined : given.property(type.nameProperty);
  if (name !== undefined) return String(name);
  return (type.nameOf ?? named(128))(given);
};
