/**
 * A real Kafka for tests, and for a start without containers: the one in KAFKA_BROKERS, or one that is started here from
 * Kafka's jars, on free ports and with a temporary folder.
 */
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { freePort } from "../../lib/local/machine/free-port.ts";
import { kafkaClassPath } from "./kafka/class-path.ts";
import { properties } from "./kafka/properties.ts";
import { format, type Program, server } from "./kafka/server.ts";

export type Kafka = {
  /** Comma-separated, each as host:port. */
  readonly brokers: string;
  /** Stops a broker that was started here and deletes its data. Does nothing to a broker of KAFKA_BROKERS. */
  readonly stop: () => Promise<void>;
  /** Simulates a power failure. Only for a broker that was started here. Its port and its data remain. */
  readonly power?: {
    /** Kills the broker. */
    readonly off: () => Promise<void>;
    readonly on: () => Promise<void>;
  };
};

const serve = async (program: Program, brokers: string, folder: string): Promise<Kafka> => {
  let running = await server(program);
  const power = {
    off: () => running.end("SIGKILL"),
    on: async () => {
      running = await server(program);
    },
  };
  const stop = async () => {
    await running.end("SIGKILL");
    await rm(folder, { recursive: true, force: true });
  };
  return { brokers, stop, power };
};

const startHere = async (): Promise<Kafka> => {
  const classPath = await kafkaClassPath();
  const folder = await mkdtemp(join(tmpdir(), "eventfold-kafka-"));
  const [port, controllerPort] = [await freePort(), await freePort()];
  const propertiesFile = join(folder, "server.properties");
  const data = join(folder, "data");
  await mkdir(data);
  await writeFile(propertiesFile, properties({ port, controllerPort, folder: data }));
  const program = { classPath, propertiesFile };
  await format(program);
  return serve(program, `127.0.0.1:${port}`, folder);
};

/** Installs what is missing, if it can. Throws, with a short reason, if no broker is named and none can be started. */
export const kafkaIsAvailable = async (): Promise<void> => {
  if (!process.env.KAFKA_BROKERS) await kafkaClassPath();
};

export const startKafka = async (): Promise<Kafka> => {
  const { KAFKA_BROKERS } = process.env;
  return KAFKA_BROKERS ? { brokers: KAFKA_BROKERS, stop: async () => {} } : startHere();
};
