/** AWS::DynamoDB tables, and the service `dynamodb`, which also serves their streams. An engine answers the calls. */
import type { MakeProvider } from "../service/service.ts";
import { streamArnOf } from "../service/stream-arn.ts";
import { runningEngine } from "./engine/running-engine.ts";
import { operationsOf } from "./operations.ts";
import type { ArnOf } from "./requirements.ts";
import { streams } from "./streams.ts";
import { ensureTable } from "./tables.ts";

type DynamoDbOptions = {
  /** The folder of the tables. Without it they are temporary. */
  readonly data?: string;
  /** The URL of another engine, to use instead of the embedded one. */
  readonly endpoint?: string;
  /** Called after each write, with the name of the table. */
  readonly written: (table: string) => void;
};

export const tables =
  ({ data, endpoint, written }: DynamoDbOptions): MakeProvider =>
  (cloud, resources) => {
    const engine = runningEngine({ data, endpoint }, cloud.report);
    const known = streams(cloud.region);
    const arnOf: ArnOf = (table) => `arn:aws:dynamodb:${cloud.region}:${cloud.account}:table/${table}`;
    const operations = operationsOf({ ask: engine.ask, arnOf, streams: known, written });

    return {
      services: [{ name: "dynamodb", operations }],
      start: async () => {
        const client = await engine.start();
        const work = {
          marks: cloud.journal.map<true>("dynamodb.indexing"),
          tell: (message: string) => cloud.report({ source: "dynamodb", level: "info", message }),
        };
        for (const resource of resources) {
          const engineArn = await ensureTable(client, resource, work);
          if (engineArn !== undefined) known.add(streamArnOf(resource.arn), engineArn);
        }
      },
      stop: engine.stop,
    };
  };
