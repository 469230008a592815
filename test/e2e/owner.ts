/** What only the owner of the machine can do: read tables and queues, and change data that nothing else changes. */
import {
  type AttributeValue,
  DeleteItemCommand,
  DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
  QueryCommand,
  ScanCommand,
} from "@aws-sdk/client-dynamodb";
import {
  DescribeReplayCommand,
  EventBridgeClient,
  PutEventsCommand,
  StartReplayCommand,
} from "@aws-sdk/client-eventbridge";
import { InvokeCommand, LambdaClient } from "@aws-sdk/client-lambda";
import { GetExecutionHistoryCommand, SFNClient, StopExecutionCommand } from "@aws-sdk/client-sfn";
import { ReceiveMessageCommand, SendMessageCommand, SQSClient } from "@aws-sdk/client-sqs";
import { toItem } from "../../lib/adapters/dynamodb/event-store/item.ts";
import type { Resource } from "../../lib/local/service/service.ts";
import type { StreamId } from "../../lib/model/stream.ts";

type Connection = {
  readonly endpoint: string;
  readonly credentials: { readonly accessKeyId: string; readonly secretAccessKey: string };
};

type Event = { readonly type: string; readonly data: Readonly<Record<string, unknown>> };

/** More metadata of the event; by default no command has caused it. */
type Cause = { readonly commandId?: string; readonly sagaId?: string };

type Item = Readonly<Record<string, AttributeValue>>;

/** Finds a resource by the start of its logical id, which CDK ends with a hash. */
const names = {
  events: "AppStorageEvents",
  payments: "AppServicesPayments",
  parked: "AppStorageParked",
  instances: "AppStorageInstances",
  idempotencyKeys: "AppStorageIdempotencyKeys",
  inbox: "AppStorageInbox",
  orders: "AppStorageReadModelordersummary",
  stock: "AppStorageReadModelstocklevel",
  sms: "AppServicesSms",
} as const;

export type Table = keyof typeof names;

export const owner = (resources: readonly Resource[], connection: Connection) => {
  const options = { ...connection, region: "eu-central-1" };
  const dynamodb = new DynamoDBClient(options);
  const events = new EventBridgeClient(options);
  const lambda = new LambdaClient(options);
  const sqs = new SQSClient({ ...options, useQueueUrlAsEndpoint: false });
  const states = new SFNClient(options);

  const resource = (type: string, beginning: string): Resource => {
    const found = resources.filter((each) => each.type === type && each.id.startsWith(beginning));
    const [first] = found;
    if (!first || found.length > 1)
      throw new Error(`expected one ${type} whose id begins with ${beginning}, found ${found.length}`);
    return first;
  };
  const tableName = (table: Table) => resource("AWS::DynamoDB::GlobalTable", names[table]).name;

  const queueUrl = (queue: string) =>
    `https://sqs.eu-central-1.amazonaws.com/000000000000/${resource("AWS::SQS::Queue", queue).name}`;

  const executionArn = (execution: string) => {
    const machine = resource("AWS::StepFunctions::StateMachine", "AppSagasCheckoutMachine").arn;
    return `${machine.replace(":stateMachine:", ":execution:")}:${execution}`;
  };

  const put = async (table: Table, item: Item): Promise<void> => {
    await dynamodb.send(new PutItemCommand({ TableName: tableName(table), Item: item }));
  };

  const stream = async (streamId: string): Promise<readonly Item[]> => {
    const { Items = [] } = await dynamodb.send(
      new QueryCommand({
        TableName: tableName("events"),
        KeyConditionExpression: "pk = :pk",
        ExpressionAttributeValues: { ":pk": { S: streamId } },
        ConsistentRead: true,
      }),
    );
    return Items;
  };

  return {
    put,
    stream,
    nameOf: (type: string, beginning: string) => resource(type, beginning).name,
    /** Sends text to the queue whose logical id starts with `id`. */
    send: async (queue: string, MessageBody: string): Promise<void> => {
      await sqs.send(new SendMessageCommand({ QueueUrl: queueUrl(queue), MessageBody }));
    },
    /** The text of one message. */
    receive: async (queue: string): Promise<string | undefined> => {
      const { Messages = [] } = await sqs.send(new ReceiveMessageCommand({ QueueUrl: queueUrl(queue) }));
      return Messages[0]?.Body;
    },
    /** Puts an event on the bus of the shop, as another system does. */
    publish: async (Source: string, DetailType: string, detail: unknown): Promise<void> => {
      const EventBusName = resource("AWS::Events::EventBus", "AppBus").name;
      const entry = { EventBusName, Source, DetailType, Detail: JSON.stringify(detail) };
      const { FailedEntryCount } = await events.send(new PutEventsCommand({ Entries: [entry] }));
      if (FailedEntryCount !== 0) throw new Error(`the bus did not accept ${DetailType}`);
    },
    abort: async (execution: string): Promise<void> => {
      await states.send(new StopExecutionCommand({ executionArn: executionArn(execution) }));
    },
    /** The number of states that a checkout has entered. */
    statesEntered: async (execution: string): Promise<number> => {
      const { events = [] } = await states.send(
        new GetExecutionHistoryCommand({ executionArn: executionArn(execution) }),
      );
      return events.filter(({ type }) => type?.endsWith("StateEntered")).length;
    },
    countEvents: async (): Promise<number> => {
      const { Count = 0 } = await dynamodb.send(
        new ScanCommand({ TableName: tableName("events"), Select: "COUNT", ConsistentRead: true }),
      );
      return Count;
    },
    items: async (table: Table): Promise<readonly Item[]> => {
      const { Items = [] } = await dynamodb.send(
        new ScanCommand({ TableName: tableName(table), ConsistentRead: true }),
      );
      return Items;
    },
    get: async (table: Table, pk: string): Promise<Item | undefined> => {
      const { Item } = await dynamodb.send(
        new GetItemCommand({ TableName: tableName(table), Key: { pk: { S: pk } }, ConsistentRead: true }),
      );
      return Item;
    },
    remove: async (table: Table, pk: string): Promise<void> => {
      await dynamodb.send(new DeleteItemCommand({ TableName: tableName(table), Key: { pk: { S: pk } } }));
    },
    /** Starts a replay of the whole archive. */
    replay: async (ReplayName: string): Promise<void> => {
      await events.send(
        new StartReplayCommand({
          ReplayName,
          EventSourceArn: resource("AWS::Events::Archive", "App").arn,
          EventStartTime: new Date(0),
          EventEndTime: new Date(Date.now() + 86_400_000),
          Destination: { Arn: resource("AWS::Events::EventBus", "App").arn },
        }),
      );
    },
    replayState: async (ReplayName: string): Promise<string | undefined> =>
      (await events.send(new DescribeReplayCommand({ ReplayName }))).State,
    /** Appends an event without a command to its stream. */
    append: async (streamId: StreamId, event: Event, cause: Cause = {}): Promise<void> => {
      const version = Number((await stream(streamId)).at(-1)?.to?.N ?? 0) + 1;
      const { commandId: id = `by-hand/${streamId}/${version}`, sagaId } = cause;
      const at = new Date().toISOString();
      const metadata = { causationId: id, correlationId: id, issuedAt: at, ...(sagaId && { sagaId }) };
      await put("events", toItem({ streamId, version, id, at, events: [event], metadata }));
    },
    /** Invokes the function for operators. */
    operate: async (
      operation: Readonly<Record<string, unknown>>,
    ): Promise<Readonly<Record<string, unknown>>> => {
      const { name } = resource("AWS::Lambda::Function", "AppOperate");
      const { Payload, FunctionError } = await lambda.send(
        new InvokeCommand({ FunctionName: name, Payload: JSON.stringify(operation) }),
      );
      const text = Buffer.from(Payload ?? []).toString();
      if (FunctionError) throw new Error(text);
      return JSON.parse(text);
    },
  };
};

/** The same for a separate process, which lists its resources over HTTP. */
export const ownerOf = async (url: string) => {
  const answer = await fetch(`${url}/_local/resources`);
  // The resources that this page lists.
  const { endpoint, resources } = (await answer.json()) as {
    readonly endpoint: string;
    readonly resources: readonly (Omit<Resource, "id"> & { readonly logicalId: string })[];
  };
  const credentials = { accessKeyId: "local", secretAccessKey: "local" };
  return owner(
    resources.map(({ logicalId: id, ...resource }) => ({ ...resource, id })),
    { endpoint, credentials },
  );
};
