/**
 * The tables. A table with original data, or with data that takes long to rebuild, survives the deletion of its
 * stack, has point-in-time recovery, and cannot be deleted by mistake.
 */
import { RemovalPolicy } from "aws-cdk-lib";
import {
  type Attribute,
  AttributeType,
  Billing,
  ProjectionType,
  StreamViewType,
  type TablePropsV2,
  TableV2,
} from "aws-cdk-lib/aws-dynamodb";
import type { Construct } from "constructs";
import type { Binding, Statement, Storage } from "../../constructs/ports.ts";

import { indexKeys, readModelVariable, statusIndex, variables } from "./keys.ts";

type Projections = Parameters<Storage>[1];

const text = (name: string): Attribute => ({ name, type: AttributeType.STRING });
const number = (name: string): Attribute => ({ name, type: AttributeType.NUMBER });

const table = (scope: Construct, id: string, options: TablePropsV2): TableV2 =>
  new TableV2(scope, id, {
    billing: Billing.onDemand(),
    pointInTimeRecoverySpecification: { pointInTimeRecoveryEnabled: true },
    deletionProtection: true,
    removalPolicy: RemovalPolicy.RETAIN,
    ...options,
  });

const may = (resources: readonly string[], ...operations: readonly string[]): Statement => ({
  actions: operations.map((operation) => `dynamodb:${operation}`),
  resources,
});

const binding = (environment: Binding["environment"], ...statements: readonly Statement[]): Binding => ({
  environment,
  statements,
});

const eventStore = (scope: Construct) => {
  const events = table(scope, "Events", {
    partitionKey: text("pk"),
    sortKey: number("sk"),
    dynamoStream: StreamViewType.NEW_IMAGE,
  });
  const streamArn = events.tableStreamArn;
  if (streamArn === undefined) throw new Error("the table of events has no stream");
  const named = { [variables.events]: events.tableName };
  return {
    append: binding(named, may([events.tableArn], "Query", "PutItem")),
    read: binding(named, may([events.tableArn], "Query")),
    streamArn,
    follow: may([streamArn], "DescribeStream", "GetRecords", "GetShardIterator", "ListStreams"),
  };
};

const readModels = (scope: Construct, projections: Projections) => {
  const tables = projections.map(({ name, indexes = {} }) => ({
    name,
    indexes: Object.keys(indexes),
    table: table(scope, `ReadModel-${name}`, {
      partitionKey: text("pk"),
      globalSecondaryIndexes: Object.keys(indexes).map((indexName) => {
        const { partition, sort } = indexKeys(indexName);
        return { indexName, partitionKey: text(partition), sortKey: text(sort) };
      }),
    }),
  }));
  const named = Object.fromEntries(
    tables.map(({ name, table }) => [readModelVariable(name), table.tableName]),
  );
  const arns = tables.map(({ table }) => table.tableArn);
  const indexArns = tables.flatMap(({ indexes, table }) =>
    indexes.map((index) => `${table.tableArn}/index/${index}`),
  );
  const list = indexArns.length > 0 ? [may(indexArns, "Query")] : [];
  return {
    query: binding(named, may(arns, "GetItem"), ...list),
    project: binding(named, may(arns, "BatchGetItem", "PutItem")),
  };
};

const instances = (scope: Construct) => {
  const { tableArn, tableName } = table(scope, "Instances", {
    partitionKey: text("pk"),
    globalSecondaryIndexes: [
      {
        indexName: statusIndex,
        partitionKey: text("stands"),
        sortKey: text("standsAt"),
        projectionType: ProjectionType.KEYS_ONLY,
      },
    ],
  });
  const named = { [variables.instances]: tableName };
  return {
    read: binding(named, may([tableArn], "GetItem")),
    list: binding(named, may([`${tableArn}/index/${statusIndex}`], "Query")),
    append: binding(named, may([tableArn], "GetItem", "UpdateItem")),
  };
};

const ledger = (scope: Construct) => {
  const { tableArn, tableName } = table(scope, "Ledger", {
    partitionKey: text("pk"),
    timeToLiveAttribute: "expires",
  });
  const named = { [variables.ledger]: tableName };
  return {
    claim: binding(named, may([tableArn], "UpdateItem")),
    read: binding(named, may([tableArn], "GetItem")),
  };
};

/**
 * Not original data: the streams know the ids of the commands that they accepted, and no item here is valid for
 * longer than a day. So the table is deleted with its stack. A backup would restore only expired keys.
 */
const idempotencyKeys = (scope: Construct) => {
  const { tableArn, tableName } = table(scope, "IdempotencyKeys", {
    partitionKey: text("pk"),
    timeToLiveAttribute: "expires",
    pointInTimeRecoverySpecification: { pointInTimeRecoveryEnabled: false },
    deletionProtection: false,
    removalPolicy: RemovalPolicy.DESTROY,
  });
  return { mark: binding({ [variables.idempotencyKeys]: tableName }, may([tableArn], "PutItem")) };
};

const inbox = (scope: Construct) => {
  const { tableArn, tableName } = table(scope, "Inbox", {
    partitionKey: text("pk"),
    timeToLiveAttribute: "expires",
  });
  return binding({ [variables.inbox]: tableName }, may([tableArn], "PutItem"));
};

const parked = (scope: Construct) => {
  const { tableArn, tableName } = table(scope, "Parked", { partitionKey: text("pk") });
  const named = { [variables.parked]: tableName };
  return {
    park: binding(named, may([tableArn], "PutItem")),
    redrive: binding(named, may([tableArn], "Scan", "DeleteItem", "PutItem")),
  };
};

const onFirstCall = <Made>(make: () => Made): (() => Made) => {
  const made: Made[] = [];
  return () => {
    const [first = make()] = made;
    made[0] = first;
    return first;
  };
};

/** Creates the tables. */
export const dynamoResources: Storage = (scope, projections) => ({
  events: eventStore(scope),
  readModels: readModels(scope, projections),
  instances: instances(scope),
  ledger: ledger(scope),
  idempotencyKeys: idempotencyKeys(scope),
  parked: parked(scope),
  inbox: onFirstCall(() => inbox(scope)),
});
