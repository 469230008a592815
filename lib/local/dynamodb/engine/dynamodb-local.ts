/**
 * DynamoDB Local, Amazon's own engine, which needs Java. Its jars are fetched once from Maven Central into the user's
 * cache folder. It keeps all tables in one file of the data folder.
 */
import { existsSync, mkdirSync, mkdtempSync, renameSync, rmSync } from "node:fs";
import { homedir } from "node:os";
import { dirname, join } from "node:path";
import { type Artifact, hasJava, hasMaven, javaVersionMin, withMaven } from "../../machine/java.ts";

const version = "2.5.4";

const artifacts: readonly Artifact[] = [
  { groupId: "com.amazonaws", artifactId: "DynamoDBLocal", version },
  // The native library of SQLite for Apple processors. The dependencies of DynamoDB Local do not include it.
  {
    groupId: "io.github.ganadist.sqlite4java",
    artifactId: "libsqlite4java-osx-aarch64",
    version: "1.0.392",
    type: "dylib",
  },
];

/** The platforms for which Maven Central has the native library. */
const platforms = ["darwin-arm64", "darwin-x64", "linux-x64", "win32-x64"];

type Environment = NodeJS.ProcessEnv;

const cacheFolder = ({ XDG_CACHE_HOME, LOCALAPPDATA }: Environment): string => {
  if (XDG_CACHE_HOME) return XDG_CACHE_HOME;
  if (process.platform === "darwin") return join(homedir(), "Library", "Caches");
  return process.platform === "win32" && LOCALAPPDATA ? LOCALAPPDATA : join(homedir(), ".cache");
};

const jarsFolder = (environment: Environment): string =>
  join(cacheFolder(environment), "eventfold", `dynamodb-local-${version}`);

/** The reason why DynamoDB Local cannot run on this machine. Undefined if it can. */
export const obstacle = async (environment: Environment): Promise<string | undefined> => {
  const platform = `${process.platform}-${process.arch}`;
  if (!platforms.includes(platform)) return `DynamoDB Local has no native library for ${platform}`;
  if (!(await hasJava(environment))) return `PATH has no Java ${javaVersionMin} or later`;
  if (existsSync(jarsFolder(environment)) || (await hasMaven(environment))) return undefined;
  return "PATH has no Maven, which fetches DynamoDB Local";
};

/** The folder with the jars and native libraries. Fetches them if they are missing, and reports its progress. */
export const jars = async (environment: Environment, tell: (message: string) => void): Promise<string> => {
  const folder = jarsFolder(environment);
  if (existsSync(folder)) return folder;
  tell(`fetching DynamoDB Local ${version} (50 MB, once) from Maven Central into ${folder}`);
  mkdirSync(dirname(folder), { recursive: true });
  // The folder gets its final name only when it is complete.
  const partial = mkdtempSync(`${folder}-`);
  try {
    const settings = { outputDirectory: partial, "mdep.stripVersion": "true" };
    await withMaven(artifacts, "copy-dependencies", settings);
    if (!existsSync(folder)) renameSync(partial, folder);
  } finally {
    rmSync(partial, { recursive: true, force: true });
  }
  tell("DynamoDB Local is installed");
  return folder;
};

/** The command-line arguments for DynamoDB Local. It keeps its file in `folder`. */
export const wordsOf = (jarsIn: string, folder: string, port: number): readonly string[] => [
  `-Djava.library.path=${jarsIn}`,
  ...["-cp", join(jarsIn, "*")],
  "com.amazonaws.services.dynamodbv2.local.main.ServerRunner",
  ...["-disableTelemetry", "-sharedDb"],
  ...["-dbPath", folder],
  ...["-port", String(port)],
];
