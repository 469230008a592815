/** `npm start`: synthesizes the application and runs the result on this machine, without cloud or container. */

import { guideOf } from "../lib/deploy/guide.ts";
import { projectIn } from "../lib/deploy/project.ts";
import { synthesize } from "../lib/deploy/synthesize.ts";
import { foreignLines } from "../lib/local/cloudformation/foreign.ts";
import { localCloud } from "../lib/local/local-cloud.ts";
import { fail, messageOf, optionsOf } from "./command-line.ts";
import { liveLog } from "./local/live-log.ts";
import { onceOrphaned } from "./local/orphan.ts";
import { idsIn, removedSagas } from "./local/removed-sagas.ts";
import { sagaContext } from "./local/saga-context.ts";
import { provision } from "./provision/brokers.ts";
import { brokerContext, hasBrokers, isHere } from "./provision/environment.ts";
import { templateIn } from "./provision/template.ts";

const help = `npm start -- [options]

Synthesizes the stack and runs every resource of it here.

  --port N            where the API answers; 0 takes any free port   (3000)
  --data DIR          what it keeps over restarts                    (.eventfold)
  --fresh             empties that folder first, and a broker on this machine; the folder must be new, empty
                      or one that npm start made, and not in use
  --dynamodb URL      another DynamoDB endpoint instead of the embedded engine
  --bus BUS           eventbridge; or kafka at KAFKA_BROKERS, rabbitmq at AMQP_URL         (eventbridge)
  --saga ENGINE       step-functions, express, or choreography: sagas by events alone; NAME=ENGINE for one
                      saga (auto: express where no step waits, else step-functions)
  --cors ORIGIN       pages of this origin may call the API; more with commas, or again
  --quiet             no live log
  --help              this text
`;

const options = () =>
  optionsOf(
    {
      port: { type: "string", default: "3000" },
      data: { type: "string", default: ".eventfold" },
      fresh: { type: "boolean", default: false },
      dynamodb: { type: "string" },
      quiet: { type: "boolean", default: false },
      saga: { type: "string", multiple: true },
      bus: { type: "string" },
      cors: { type: "string", multiple: true },
    },
    help,
  );

const portOf = (text: string): number => {
  const port = Number(text);
  return Number.isInteger(port) && port >= 0 && port < 65536
    ? port
    : fail(`--port is a number from 0 to 65535, not ${text}`);
};

const start = async () => {
  const given = options();
  const port = portOf(given.port);
  const project = await projectIn(process.cwd());
  const { assembly } = synthesize(project, {
    context: {
      public: "true",
      ...brokerContext(given.bus),
      ...sagaContext(given.saga),
      ...(given.cors && { cors: given.cors.join() }),
    },
    validation: false,
  });
  /** A broker is emptied only once the folder is this instance's, so not under another that runs. */
  const prepare = async () => {
    if (!hasBrokers(given.bus)) return;
    const emptied = given.fresh && isHere(given.bus);
    await provision(given.bus, templateIn(assembly), { partitions: 4, replicas: 1, emptied });
  };
  const report = given.quiet ? () => {} : liveLog(process.stdout);
  const cloud = await localCloud({
    assembly,
    data: given.data,
    fresh: given.fresh,
    prepare,
    port,
    dynamodb: given.dynamodb,
    amqp: process.env.AMQP_URL,
    report,
  });

  let stopping = false;
  const stop = async (code: number) => {
    if (stopping) return;
    stopping = true;
    await cloud.stop();
    process.exit(code);
  };
  process.on("SIGINT", () => void stop(0));
  process.on("SIGTERM", () => void stop(0));
  onceOrphaned(() => void stop(0));
  process.on("uncaughtException", (error) => {
    process.stderr.write(`${error.stack ?? error}\n`);
    void stop(1);
  });

  for (const line of foreignLines(cloud.resources)) process.stderr.write(`${line}\n`);
  const sagas = project.application.sagas.map(({ name }) => name);
  for (const line of await removedSagas(idsIn(cloud), sagas)) process.stderr.write(`${line}\n`);
  process.stdout.write(`ready ${cloud.url}\n`);
  if (!given.quiet) process.stdout.write(guideOf(project)(cloud.url));
  cloud.warm();
};

await start().catch((error: unknown) => fail(messageOf(error)));
