/**
 * A separate DynamoDB engine for a test file or a benchmark, with a table of every kind, deleted afterwards. With
 * DYNAMODB_URL it uses a separate database in the engine at that URL: DynamoDB Local keeps one for each access key.
 */

import { type ChildProcess, spawn } from "node:child_process";
import { randomUUID } from "node:crypto";
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { createRequire } from "node:module";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { CreateTableCommand, DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { indexKeys, statusIndex } from "../../../lib/adapters/dynamodb/keys.ts";
import type { AnyProjection } from "../../../lib/model/projection.ts";

export const tables = {
  events: "events",
  idempotencyKeys: "idempotency-keys",
  instances: "instances",
  ledger: "ledger",
  inbox: "inbox",
  parked: "parked",
  payments: "payments",
  readModel: (projection: string) => `read-model-${projection}`,
} as const;

const freePort = (): Promise<number> =>
  new Promise((resolve, reject) => {
    const server = createServer();
    server.on("error", reject);
    server.listen(0, "127.0.0.1", () => {
      const address = server.address();
      server.close(() => resolve(typeof address === "object" && address ? address.port : 0));
    });
  });

const binary = (): string =>
  process.env.DYNOXIDE_BIN ??
  join(dirname(createRequire(import.meta.url).resolve("@dynoxide/linux-x64/package.json")), "dynoxide");

const ready = (engine: ChildProcess): Promise<void> =>
  new Promise((resolve, reject) => {
    engine.stderr?.on("data", (text: Buffer) => {
      if (text.includes("listening")) resolve();
    });
    engine.on("error", reject);
    engine.on("exit", (code) => reject(new Error(`the engine ended with ${code}`)));
  });

const simpleTable = (name: string) => ({
  TableName: name,
  BillingMode: "PAY_PER_REQUEST" as const,
  KeySchema: [{ AttributeName: "pk", KeyType: "HASH" as const }],
  AttributeDefinitions: [{ AttributeName: "pk", AttributeType: "S" as const }],
});

const eventsTable = {
  ...simpleTable(tables.events),
  KeySchema: [
    { AttributeName: "pk", KeyType: "HASH" as const },
    { AttributeName: "sk", KeyType: "RANGE" as const },
  ],
  AttributeDefinitions: [
    { AttributeName: "pk", AttributeType: "S" as const },
    { AttributeName: "sk", AttributeType: "N" as const },
  ],
};

/** The keys are enough of the index. */
const instancesTable = {
  ...simpleTable(tables.instances),
  AttributeDefinitions: ["pk", "stands", "standsAt"].map((AttributeName) => ({
    AttributeName,
    AttributeType: "S" as const,
  })),
  GlobalSecondaryIndexes: [
    {
      IndexName: statusIndex,
      KeySchema: [
        { AttributeName: "stands", KeyType: "HASH" as const },
        { AttributeName: "standsAt", KeyType: "RANGE" as const },
      ],
      Projection: { ProjectionType: "KEYS_ONLY" as const },
    },
  ],
};

const readModelTable = ({ name, indexes = {} }: AnyProjection) => {
  const keys = Object.keys(indexes).map((index) => ({ index, ...indexKeys(index) }));
  const table = simpleTable(tables.readModel(name));
  return {
    ...table,
    AttributeDefinitions: [
      ...table.AttributeDefinitions,
      ...keys.flatMap(({ partition, sort }) =>
        [partition, sort].map((AttributeName) => ({ AttributeName, AttributeType: "S" as const })),
      ),
    ],
    ...(keys.length > 0 && {
      GlobalSecondaryIndexes: keys.map(({ index, partition, sort }) => ({
        IndexName: index,
        KeySchema: [
          { AttributeName: partition, KeyType: "HASH" as const },
          { AttributeName: sort, KeyType: "RANGE" as const },
        ],
        Projection: { ProjectionType: "ALL" as const },
      })),
    }),
  };
};

export type Engine = { readonly client: DynamoDBClient; readonly stop: () => Promise<void> };

/** In the memory file system if there is one, so that the speed of a disk is not measured. */
const folder = () => mkdtempSync(join(existsSync("/dev/shm") ? "/dev/shm" : tmpdir(), "engine-"));

type Running = { readonly url: string; readonly stop: () => Promise<void> };

const embedded = async (): Promise<Running> => {
  const port = await freePort();
  const data = folder();
  const running = spawn(binary(), ["--port", `${port}`, "--db-path", join(data, "db.sqlite")], {
    stdio: ["ignore", "ignore", "pipe"],
  });
  await ready(running);
  const stop = async () => {
    const ended = new Promise((resolve) => running.once("exit", resolve));
    running.kill();
    await ended;
    rmSync(data, { recursive: true });
  };
  return { url: `http://127.0.0.1:${port}`, stop };
};

const given = (url: string): Running => ({ url, stop: async () => {} });

export const engine = async (projections: readonly AnyProjection[] = []): Promise<Engine> => {
  const { DYNAMODB_URL: url } = process.env;
  const running = url === undefined ? await embedded() : given(url);
  const client = new DynamoDBClient({
    endpoint: running.url,
    region: "eu-central-1",
    credentials: { accessKeyId: randomUUID().replaceAll("-", ""), secretAccessKey: "local" },
  });
  const simple = [tables.idempotencyKeys, tables.ledger, tables.inbox, tables.parked, tables.payments].map(
    simpleTable,
  );
  for (const table of [eventsTable, instancesTable, ...simple, ...projections.map(readModelTable)])
    await client.send(new CreateTableCommand(table));
  const stop = async () => {
    client.destroy();
    await running.stop();
  };
  return { client, stop };
};
