/**
 * The operations of the service `dynamodb`. Requests and answers pass unchanged, except for names: the engine accepts
 * only names of tables, and its ARNs differ from those in the template.
 */
import { jsonOf } from "../service/json-text.ts";
import type { Input, Operation, Requirement } from "../service/service.ts";
import { streamArnOf, streamLabel } from "../service/stream-arn.ts";
import { type ArnOf, ofBatch, ofTable, ofTransaction, tableNameOf } from "./requirements.ts";
import { ofStream, type Streams } from "./streams.ts";
import { type Direction, unitsOf } from "./units.ts";

type OperationsOptions = {
  readonly ask: (target: string, json: string) => Promise<Input>;
  readonly arnOf: ArnOf;
  readonly streams: Streams;
  /** Called after each write, with the name of the table. */
  readonly written: (table: string) => void;
};

type Requires = (action: string, arnOf: ArnOf) => (input: Input) => readonly Requirement[];

const transaction: Requires = (_, arnOf) => ofTransaction(arnOf);

const itemOperations: Readonly<Record<string, readonly [Direction, Requires]>> = {
  GetItem: ["read", ofTable],
  Query: ["read", ofTable],
  Scan: ["read", ofTable],
  BatchGetItem: ["read", ofBatch],
  TransactGetItems: ["read", transaction],
  PutItem: ["write", ofTable],
  UpdateItem: ["write", ofTable],
  DeleteItem: ["write", ofTable],
  BatchWriteItem: ["write", ofBatch],
  TransactWriteItems: ["write", transaction],
};

const streamOperations = ["DescribeStream", "GetShardIterator", "GetRecords"];

/** Asks for the capacity units of a call, which the caller may not have asked for. */
const measured = (json: string): string =>
  json.includes('"ReturnConsumedCapacity"') ? json : json.replace("{", '{"ReturnConsumedCapacity":"TOTAL",');

/** AWS takes the ARN of a table as well as its name. The engine takes names only. */
const withNames = (json: string): string =>
  json.includes('"TableName":"arn:')
    ? json.replaceAll(/"TableName":"arn:[^"]*:table\/([^"/]+)"/g, '"TableName":"$1"')
    : json;

type ItemOperation = (typeof itemOperations)[string];

const itemOperation = (
  name: string,
  [direction, requiresFor]: ItemOperation,
  { ask, arnOf, written }: OperationsOptions,
): Operation => {
  const requires = requiresFor(name, arnOf);
  return {
    requires,
    units: unitsOf(direction, arnOf),
    run: async (input) => {
      const answer = await ask(`DynamoDB_20120810.${name}`, measured(withNames(jsonOf(input))));
      if (direction === "write")
        for (const { resource } of requires(input)) written(resource.split("/")[1] ?? "");
      return answer;
    },
  };
};

const streamOperation = (name: string, { ask, streams }: OperationsOptions): Operation => ({
  requires: ofStream(name),
  run: async (input) => {
    const answer = await ask(`DynamoDBStreams_20120810.${name}`, JSON.stringify(streams.toEngine(input)));
    return streams.fromEngine(answer, input);
  },
});

const describeTable = ({ ask, arnOf }: OperationsOptions): Operation => ({
  requires: ofTable("DescribeTable", arnOf),
  run: async (input) => {
    const table = tableNameOf(input.TableName);
    const { Table } = await ask("DynamoDB_20120810.DescribeTable", JSON.stringify({ TableName: table }));
    const { LatestStreamArn, LatestStreamLabel, ...described } = Object(Table);
    return {
      Table: {
        ...described,
        TableArn: arnOf(table),
        ...(LatestStreamArn && {
          LatestStreamArn: streamArnOf(arnOf(table)),
          LatestStreamLabel: streamLabel,
        }),
      },
    };
  },
});

export const operationsOf = (options: OperationsOptions): Readonly<Record<string, Operation>> => ({
  DescribeTable: describeTable(options),
  ...Object.fromEntries([
    ...Object.entries(itemOperations).map(([name, row]) => [name, itemOperation(name, row, options)]),
    ...streamOperations.map((name) => [name, streamOperation(name, options)]),
  ]),
});
