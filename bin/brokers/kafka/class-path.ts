/** The jars of Kafka, from where Maven keeps them; it fetches them the first time. */
import { execFile } from "node:child_process";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";

const run = promisify(execFile);

const pom = join(import.meta.dirname, "pom.xml");

const resolve = async (file: string, ...options: readonly string[]) => {
  const goal = ["dependency:build-classpath", `-Dmdep.outputFile=${file}`];
  await run("mvn", ["--quiet", "--batch-mode", ...options, "--file", pom, ...goal]);
  return readFile(file, "utf8");
};

/** Throws where there is no Maven, or it does not find them. */
export const kafkaClassPath = async (): Promise<string> => {
  const folder = await mkdtemp(join(tmpdir(), "eventfold-kafka-jars-"));
  const file = join(folder, "class-path");
  try {
    return await resolve(file, "--offline").catch(() => resolve(file));
  } catch (error) {
    throw new Error(`Kafka's jars need Maven and Java 17, or set KAFKA_BROKERS to a broker: ${error}`);
  } finally {
    await rm(folder, { recursive: true });
  }
};
