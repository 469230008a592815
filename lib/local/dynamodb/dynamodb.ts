/**
 * AWS::DynamoDB tables and the service `dynamodb`, which is also that of their streams: asked of an engine,
 * which is embedded unless an endpoint is given. Requests and answers pass as they are, but for names that the
 * engine has of its own.
 */
import { existsSync, mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { jsonOf, parseJson } from "../service/json-text.ts";
import {
  type Input,
  type MakeProvider,
  type Operation,
  type Requirement,
  ServiceError,
} from "../service/service.ts";
import { streamArnOf, streamLabel } from "../service/stream-arn.ts";
import { engineProgram } from "./engine/engine.ts";
import { type EngineClient, engineClient } from "./engine/engine-client.ts";
import { engineProcess } from "./engine/engine-process.ts";
import { type ArnOf, ofBatch, ofTable, ofTransaction, tableNameOf } from "./requirements.ts";
import { ofStream, streams } from "./streams.ts";
import { ensureTable } from "./tables.ts";
import { type Direction, unitsOf } from "./units.ts";

type DynamoDbOptions = {
  /** The folder that keeps the tables; without one they are forgotten. */
  readonly data?: string;
  /** The URL of another engine, instead of the embedded one. */
  readonly endpoint?: string;
  /** Told after each write to a table. */
  readonly written: (table: string) => void;
};

type Requires = (action: string, arnOf: ArnOf) => (input: Input) => readonly Requirement[];

const transaction: Requires = (_, arnOf) => ofTransaction(arnOf);

/** The operations on items. */
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

/** A memory file system where there is one: what is not kept need not reach a disk. */
const passingFolder = (): string =>
  mkdtempSync(join(existsSync("/dev/shm") ? "/dev/shm" : tmpdir(), "local-dynamodb-"));

const measured = (json: string): string =>
  json.includes('"ReturnConsumedCapacity"') ? json : json.replace("{", '{"ReturnConsumedCapacity":"TOTAL",');

/** The engine takes names of tables only, AWS also ARNs. */
const withNames = (json: string): string =>
  json.includes('"TableName":"arn:')
    ? json.replaceAll(/"TableName":"arn:[^"]*:table\/([^"/]+)"/g, '"TableName":"$1"')
    : json;

const failure = (status: number, json: string): ServiceError => {
  const { __type, message, Message, ...members } = JSON.parse(json);
  const code = String(__type).split("#").at(-1) ?? "InternalServerError";
  return new ServiceError(code, message ?? Message ?? code, status).with(members);
};

export const tables =
  ({ data, endpoint, written }: DynamoDbOptions): MakeProvider =>
  (cloud, resources) => {
    const folder = data ?? passingFolder();
    const forget = () => {
      if (data === undefined) rmSync(folder, { recursive: true, force: true });
    };
    process.once("exit", forget);
    const known = streams(cloud.region);
    let engine: EngineClient | undefined;
    let stopEngine = async () => {};

    const arnOf: ArnOf = (table) => `arn:aws:dynamodb:${cloud.region}:${cloud.account}:table/${table}`;

    const ask = async (target: string, json: string): Promise<Input> => {
      if (!engine) throw new ServiceError("InternalServerError", "the DynamoDB engine is not there", 500);
      const answer = await engine.ask(target, json);
      if (answer.status !== 200) throw failure(answer.status, answer.json);
      // A DynamoDB answer is an object.
      return parseJson(answer.json) as Input;
    };

    const start = async () => {
      if (endpoint !== undefined) {
        engine = engineClient(endpoint);
        return;
      }
      mkdirSync(folder, { recursive: true });
      const tell = (message: string) => cloud.report({ source: "dynamodb", level: "info", message });
      const program = await engineProgram(folder, tell);
      const running = await engineProcess(program, (code) => {
        cloud.report({
          source: "dynamodb",
          level: "problem",
          message: `the engine ended (${code}): starting it again`,
        });
        engine?.close();
        start().catch((fault) =>
          cloud.report({ source: "dynamodb", level: "problem", message: String(fault) }),
        );
      });
      stopEngine = running.stop;
      engine = engineClient(running.url);
    };

    const itemOperation = (
      name: string,
      direction: Direction,
      requires: (input: Input) => readonly Requirement[],
    ): Operation => ({
      requires,
      units: unitsOf(direction, arnOf),
      run: async (input) => {
        const answer = await ask(`DynamoDB_20120810.${name}`, measured(withNames(jsonOf(input))));
        if (direction === "write")
          for (const { resource } of requires(input)) written(resource.split("/")[1] ?? "");
        return answer;
      },
    });

    const streamOperation = (name: string): Operation => ({
      requires: ofStream(name),
      run: async (input) => {
        const answer = await ask(`DynamoDBStreams_20120810.${name}`, JSON.stringify(known.toEngine(input)));
        return known.fromEngine(answer, input);
      },
    });

    const describeTable: Operation = {
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
    };

    const operations: Record<string, Operation> = { DescribeTable: describeTable };
    for (const [name, [direction, requires]] of Object.entries(itemOperations))
      operations[name] = itemOperation(name, direction, requires(name, arnOf));
    for (const name of streamOperations) operations[name] = streamOperation(name);

    return {
      services: [{ name: "dynamodb", operations }],
      start: async () => {
        await start();
        const work = {
          marks: cloud.journal.map<true>("dynamodb.indexing"),
          tell: (message: string) => cloud.report({ source: "dynamodb", level: "info", message }),
        };
        for (const resource of resources) {
          const engineArn = engine && (await ensureTable(engine, resource, work));
          if (engineArn !== undefined) known.add(streamArnOf(resource.arn), engineArn);
        }
      },
      stop: async () => {
        engine?.close();
        engine = undefined;
        await stopEngine();
        process.removeListener("exit", forget);
        forget();
      },
    };
  };
