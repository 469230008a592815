/** `eventfold start`, `npm start` here: synthesizes the application and runs the result on this machine, without cloud or container. */

import { foreignLines } from "../lib/local/cloudformation/foreign.ts";
import { localCloud } from "../lib/local/local-cloud.ts";
import { confirm } from "./command-line/confirm.ts";
import { answer, fail, messageOf, progressStream } from "./command-line.ts";
import { deletedBy, emptiesBroker } from "./local/fresh.ts";
import { liveLog } from "./local/live-log.ts";
import { memoryLine, preferSmallHeaps } from "./local/memory.ts";
import { startOptions } from "./local/options.ts";
import { onceOrphaned } from "./local/orphan.ts";
import { idsIn, removedSagas } from "./local/removed-sagas.ts";
import { sagaContext } from "./local/saga-context.ts";
import { synthesized, urlPlace } from "./local/synthesized.ts";
import { brokerContext, hasBrokers } from "./provision/environment.ts";

const start = async () => {
  const given = startOptions();
  await confirm({ deletes: deletedBy(given), yes: given.yes });
  preferSmallHeaps();
  const { assembly, sagas, guide } = await synthesized({
    public: "true",
    ...brokerContext(given.bus),
    ...sagaContext(given.saga),
    ...(given.cors && { cors: given.cors.join() }),
  });
  /** A broker is emptied only once the folder is this instance's, so not under another that runs. */
  const prepare = async () => {
    if (!hasBrokers(given.bus)) return;
    // The clients of brokers are loaded only for a broker.
    const { provision } = await import("./provision/brokers.ts");
    const { templateIn } = await import("./provision/template.ts");
    const emptied = emptiesBroker(given);
    await provision(given.bus, templateIn(assembly), { partitions: 4, replicas: 1, emptied });
  };
  const report = given.quiet ? () => {} : liveLog(progressStream());
  const cloud = await localCloud({
    assembly,
    data: given.data,
    fresh: given.fresh,
    prepare,
    port: given.port,
    dynamodb: given.dynamodb,
    amqp: process.env.AMQP_URL,
    report,
  });

  let stopping = false;
  const stop = async (code: number) => {
    if (stopping) return;
    stopping = true;
    await cloud.stop();
    progressStream().write(`${memoryLine()}\n`, () => process.exit(code));
  };
  process.on("SIGINT", () => void stop(0));
  process.on("SIGTERM", () => void stop(0));
  onceOrphaned(() => void stop(0));
  process.on("uncaughtException", (error) => {
    process.stderr.write(`${error.stack ?? error}\n`);
    void stop(1);
  });

  const warnings = [...foreignLines(cloud.resources), ...(await removedSagas(idsIn(cloud), sagas))];
  for (const line of warnings) process.stderr.write(`${line}\n`);
  const words = given.quiet ? "" : guide.replaceAll(urlPlace, cloud.url);
  answer("start", `ready ${cloud.url}\n${words}`, {
    kind: "ready",
    url: cloud.url,
    endpoint: cloud.endpoint,
    warnings,
  });
  cloud.warm();
};

await start().catch((error: unknown) => fail(messageOf(error)));
