/**
 * The jars of Kafka, from Maven's local repository. Java and Maven are installed from Debian if they are missing and this
 * process is allowed to install them.
 */
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  type Artifact,
  hasJava,
  hasMaven,
  javaVersionMin,
  withMaven,
} from "../../../lib/local/machine/java.ts";
import { install } from "../debian.ts";

const artifacts: readonly Artifact[] = [
  { groupId: "org.apache.kafka", artifactId: "kafka_2.13", version: "4.1.2" },
  // The broker logs errors to standard error.
  { groupId: "org.slf4j", artifactId: "slf4j-simple", version: "1.7.36" },
];

const needed = async (name: string, has: () => Promise<boolean>, packageName: string): Promise<void> => {
  if (await has()) return;
  let because = "the version in Debian is too old";
  await install(packageName).catch((error: Error) => {
    because = error.message;
  });
  if (!(await has())) throw new Error(`no ${name}: ${because}`);
};

/** Throws, with a short reason, if Java, Maven or the jars are not available. */
export const kafkaClassPath = async (): Promise<string> => {
  await needed(`Java ${javaVersionMin}`, hasJava, "default-jre-headless");
  await needed("Maven", hasMaven, "maven");
  const folder = await mkdtemp(join(tmpdir(), "eventfold-kafka-jars-"));
  const file = join(folder, "class-path");
  try {
    await withMaven(artifacts, "build-classpath", { "mdep.outputFile": file });
    return await readFile(file, "utf8");
  } finally {
    await rm(folder, { recursive: true });
  }
};
