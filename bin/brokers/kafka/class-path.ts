/**
 * The jars of Kafka, from where Maven keeps them; it fetches them the first time. Java and Maven themselves come from
 * Debian where they are missing and may be installed.
 */
import { execFile } from "node:child_process";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { install } from "../debian.ts";

const run = promisify(execFile);

const pom = join(import.meta.dirname, "pom.xml");
/** The oldest one that a broker of Kafka 4 runs on. */
const javaVersionMin = 17;

const hasJava = async (): Promise<boolean> => {
  const { stderr } = await run("java", ["-version"]).catch(() => ({ stderr: "" }));
  return Number(/version "(\d+)/.exec(stderr)?.[1] ?? 0) >= javaVersionMin;
};

const hasMaven = (): Promise<boolean> =>
  run("mvn", ["--version"]).then(
    () => true,
    () => false,
  );

const needed = async (name: string, has: () => Promise<boolean>, packageName: string): Promise<void> => {
  if (await has()) return;
  let because = "what Debian has is too old";
  await install(packageName).catch((error: Error) => {
    because = error.message;
  });
  if (!(await has())) throw new Error(`no ${name}: ${because}`);
};

const resolve = async (file: string, ...options: readonly string[]) => {
  const goal = ["dependency:build-classpath", `-Dmdep.outputFile=${file}`];
  await run("mvn", ["--quiet", "--batch-mode", ...options, "--file", pom, ...goal]);
  return readFile(file, "utf8");
};

/** Throws, in a few words, where there is no Java, no Maven, or no jars. */
export const kafkaClassPath = async (): Promise<string> => {
  await needed(`Java ${javaVersionMin}`, hasJava, "default-jre-headless");
  await needed("Maven", hasMaven, "maven");
  const folder = await mkdtemp(join(tmpdir(), "eventfold-kafka-jars-"));
  const file = join(folder, "class-path");
  try {
    return await resolve(file, "--offline").catch(() => resolve(file));
  } catch (error) {
    throw new Error("Maven does not find the jars of Kafka", { cause: error });
  } finally {
    await rm(folder, { recursive: true });
  }
};
