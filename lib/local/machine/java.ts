/**
 * For Java programs that are started here: whether this machine has Java and Maven, and how to fetch jars from Maven
 * Central. Maven caches what it fetches, so it needs the network only once.
 */
import { execFile } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";

const run = promisify(execFile);

/** The oldest version that Kafka 4 and DynamoDB Local run on. */
export const javaVersionMin = 17;

export const hasJava = async (env?: NodeJS.ProcessEnv): Promise<boolean> => {
  const { stderr } = await run("java", ["-version"], { env }).catch(() => ({ stderr: "" }));
  return Number(/version "(\d+)/.exec(stderr)?.[1] ?? 0) >= javaVersionMin;
};

export const hasMaven = (env?: NodeJS.ProcessEnv): Promise<boolean> =>
  run("mvn", ["--version"], { env }).then(
    () => true,
    () => false,
  );

/** An artifact of Maven Central. The default type is `jar`. */
export type Artifact = {
  readonly groupId: string;
  readonly artifactId: string;
  readonly version: string;
  readonly type?: string;
};

const pluginVersion = "3.8.1";

const elements = (given: Readonly<Record<string, string>>): string =>
  Object.entries(given)
    .map(([name, text]) => `<${name}>${text}</${name}>`)
    .join("");

const pomOf = (artifacts: readonly Artifact[]): string => `<?xml version="1.0" encoding="UTF-8"?>
<project xmlns="http://maven.apache.org/POM/4.0.0">
  <modelVersion>4.0.0</modelVersion>
  ${elements({ groupId: "eventfold", artifactId: "jars", version: "1", packaging: "pom" })}
  <dependencies>${artifacts.map((each) => `<dependency>${elements(each)}</dependency>`).join("")}</dependencies>
</project>
`;

/**
 * Runs a goal of Maven's dependency plugin, first without the network. Rejects if Maven does not find the artifacts.
 * The cause has the reason.
 */
export const withMaven = async (
  artifacts: readonly Artifact[],
  goal: string,
  settings: Readonly<Record<string, string>>,
): Promise<void> => {
  const folder = await mkdtemp(join(tmpdir(), "eventfold-maven-"));
  const pom = join(folder, "pom.xml");
  const plugin = `org.apache.maven.plugins:maven-dependency-plugin:${pluginVersion}:${goal}`;
  const given = Object.entries(settings).map(([name, value]) => `-D${name}=${value}`);
  const resolve = (...options: readonly string[]) =>
    run("mvn", ["--quiet", "--batch-mode", ...options, "--file", pom, plugin, ...given]);
  try {
    await writeFile(pom, pomOf(artifacts));
    await resolve("--offline").catch(() => resolve());
  } catch (cause) {
    const names = artifacts.map(({ artifactId, version }) => `${artifactId} ${version}`).join(", ");
    throw new Error(`Maven does not find ${names}: check that this machine reaches Maven Central`, { cause });
  } finally {
    await rm(folder, { recursive: true });
  }
};
