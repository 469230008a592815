/** Synthesizes the application and runs the result on this machine, without cloud or container, until it is stopped. */
import { foreignLines } from "../../lib/local/cloudformation/foreign.ts";
import { type LocalCloud, localCloud } from "../../lib/local/local-cloud.ts";
import { freePort } from "../../lib/local/machine/free-port.ts";
import { onClosedPipe } from "../command-line/closed-pipe.ts";
import { confirm } from "../command-line/confirm.ts";
import { answer, progressStream } from "../command-line.ts";
import { brokerContext, hasBrokers } from "../provision/environment.ts";
import { accessContext, accessOf, accessWords, withToken } from "./access.ts";
import { deletedBy, emptiesBroker } from "./fresh.ts";
import { liveLog } from "./live-log.ts";
import { memoryLine, memoryMegabytes, preferSmallHeaps } from "./memory.ts";
import type { StartOptions } from "./options.ts";
import { onceOrphaned } from "./orphan.ts";
import { hostPages } from "./pages/host-pages.ts";
import { sagaContext } from "./saga-context.ts";
import { storedData } from "./stored/stored-data.ts";
import { synthesized, urlPlace } from "./synthesized.ts";

/** Stops the cloud, and then this process, on a signal, after an error, or when npm or the reader of the log has ended. */
const stopInTheEnd = (cloud: LocalCloud): void => {
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
  onClosedPipe(() => void stop(0));
  process.on("uncaughtException", (error) => {
    process.stderr.write(`${error.stack ?? error}\n`);
    void stop(1);
  });
};

export const run = async (given: StartOptions): Promise<void> => {
  await confirm({ deletes: deletedBy(given), yes: given.yes });
  preferSmallHeaps();
  // The template names the issuer, and so the port.
  const port = given.tokens && given.port === 0 ? await freePort() : given.port;
  const { assembly, stack, sagas, contract, pages, guide } = await synthesized({
    ...accessContext({ tokens: given.tokens, port }),
    ...brokerContext(given.bus),
    ...sagaContext(given.engines),
    ...(given.cors && { cors: given.cors.join() }),
  });
  /** Runs once this instance owns the data folder, so that it cannot empty the broker of another instance. */
  const prepare = async () => {
    if (!hasBrokers(given.bus)) return;
    // The clients of brokers are loaded only for a broker.
    const { provision } = await import("../provision/brokers.ts");
    const { templateIn } = await import("../provision/template.ts");
    const emptied = emptiesBroker(given);
    await provision(given.bus, templateIn(assembly, stack), { partitions: 4, replicas: 1, emptied });
  };
  const warnings: string[] = [];
  const warn = (line: string) => {
    warnings.push(line);
    process.stderr.write(`${line}\n`);
  };
  const stored = storedData({
    contract,
    sagas,
    data: given.data,
    acceptBreaks: given["accept-breaks"],
    warn,
    progress: given.quiet ? () => {} : (line) => void progressStream().write(`${line}\n`),
  });
  const cloud = await localCloud({
    assembly,
    stack,
    data: given.data,
    fresh: given.fresh,
    prepare,
    ...stored,
    port,
    tokens: given.tokens,
    dynamodb: given.dynamodb,
    amqp: process.env.AMQP_URL,
    report: given.quiet ? () => {} : liveLog(progressStream()),
    pages: hostPages(pages, given),
  });
  stopInTheEnd(cloud);

  for (const other of cloud.otherStacks) warn(`the stack ${other} is not run here, only ${stack} is`);
  for (const line of foreignLines(cloud.resources)) warn(line);
  const access = accessOf(cloud.issuer);
  const words = given.quiet ? "" : withToken(access, guide.replaceAll(urlPlace, cloud.url));
  answer("start", `ready ${cloud.url}\n${memoryLine()}\n${accessWords(access)}\n${words}`, {
    kind: "ready",
    url: cloud.url,
    endpoint: cloud.endpoint,
    memoryMegabytes: memoryMegabytes(),
    access,
    warnings,
  });
  cloud.warm();
};
