/**
 * Chooses the engine that keeps the tables on this machine: dynoxide if its binary is found, else DynamoDB Local if
 * Java is installed. Each engine has its own file, and refuses a folder that has the file of the other.
 */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { dynamoDbLocalFile, tablesFile } from "../../machine/data-folder.ts";
import { jars, obstacle, wordsOf } from "./dynamodb-local.ts";
import { engineBinary } from "./engine-binary.ts";
import { seedFile } from "./seed.ts";

export type EngineProgram = {
  readonly command: string;
  readonly words: (port: number) => readonly string[];
  /**
   * The engine prints this to standard error when it listens. Without it, the engine is ready when it answers a
   * request.
   */
  readonly readyText?: string;
  /** The file of the tables, for messages. */
  readonly file: string;
};

type Choice = { readonly kind: "dynoxide"; readonly binary: string } | { readonly kind: "dynamodb-local" };

const nothingFound = (because: string): Error =>
  new Error(
    `there is no DynamoDB engine for ${process.platform}-${process.arch}. Do one of these and start again:
- cargo install dynoxide-rs; it must be in PATH, or DYNOXIDE_BIN must name it
- docker run -p 127.0.0.1:8000:8000 amazon/dynamodb-local:2.5.4 -jar DynamoDBLocal.jar -sharedDb -dbPath .
  and then npm start -- --dynamodb http://127.0.0.1:8000
- install Java 17 and Maven; npm start then fetches DynamoDB Local, which it cannot do now: ${because}`,
  );

/** Throws if this machine has no engine. The message lists the ways to get one. */
export const chooseEngine = async (environment: NodeJS.ProcessEnv): Promise<Choice> => {
  const binary = engineBinary(environment);
  if (binary !== undefined) return { kind: "dynoxide", binary };
  const because = await obstacle(environment);
  if (because !== undefined) throw nothingFound(because);
  return { kind: "dynamodb-local" };
};

const refuseOther = (folder: string, kind: Choice["kind"]): void => {
  const [other, name] =
    kind === "dynoxide" ? [dynamoDbLocalFile, "DynamoDB Local"] : [tablesFile, "dynoxide"];
  if (existsSync(join(folder, other)))
    throw new Error(
      `the data folder ${folder} has tables of ${name} (${other}), but this start would use ${kind}: ` +
        `make ${name} available again, choose another folder with --data, or empty this one with --fresh`,
    );
};

/** Prepares what the engine needs, and fetches it if necessary. Returns the command that starts the engine on this folder. */
export const engineProgram = async (
  folder: string,
  tell: (message: string) => void,
  environment: NodeJS.ProcessEnv,
): Promise<EngineProgram> => {
  const choice = await chooseEngine(environment);
  refuseOther(folder, choice.kind);
  if (choice.kind === "dynamodb-local") {
    const folderOfJars = await jars(environment, tell);
    const file = join(folder, dynamoDbLocalFile);
    return { command: "java", words: (port) => wordsOf(folderOfJars, folder, port), file };
  }
  const file = join(folder, tablesFile);
  seedFile(file);
  return {
    command: choice.binary,
    words: (port) => ["--port", String(port), "--db-path", file],
    readyText: "listening on",
    file,
  };
};
