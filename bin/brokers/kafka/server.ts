/**
 * Kafka as a child process. It would survive its parent, so a watcher process kills it when this process ends for any
 * reason.
 */
import { type ChildProcess, execFile, spawn } from "node:child_process";
import { promisify } from "node:util";

const run = promisify(execFile);

export type Program = { readonly classPath: string; readonly propertiesFile: string };

type Server = {
  /** SIGTERM lets it close its files first; SIGKILL does not. */
  readonly end: (signal: "SIGTERM" | "SIGKILL") => Promise<void>;
};

const logger = "-Dorg.slf4j.simpleLogger";

/** Only errors, and the line that says that it has started. */
const logging = [`${logger}.defaultLogLevel=error`, `${logger}.log.kafka.server.KafkaRaftServer=info`];

const memory = ["-Xms128m", "-Xmx384m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1"];

const java = ({ classPath }: Program, ...words: readonly string[]) => [
  ...memory,
  ...logging,
  "-cp",
  classPath,
  ...words,
];

/** Prepares a data folder. Must run once before a server uses the folder. */
export const format = async (program: Program): Promise<void> => {
  const clusterId = Buffer.from("eventfold-local!").toString("base64url");
  const words = ["kafka.tools.StorageTool", "format", "-t", clusterId, "-c", program.propertiesFile];
  await run("java", java(program, ...words));
};

/** The watcher waits for the end of its standard input, which closes when this process ends. */
const watch = (server: ChildProcess, pid: number) => {
  const watcher = spawn("/bin/sh", ["-c", `read -r _; kill -9 ${pid}`], {
    detached: true,
    stdio: ["pipe", "ignore", "ignore"],
  });
  watcher.unref();
  server.once("exit", () => watcher.kill("SIGKILL"));
};

/** Resolves when the broker accepts clients. */
export const server = (program: Program): Promise<Server> =>
  new Promise((resolve, reject) => {
    const child = spawn("java", java(program, "kafka.Kafka", program.propertiesFile), {
      detached: true,
      stdio: ["ignore", "ignore", "pipe"],
    });
    if (child.pid !== undefined) watch(child, child.pid);
    const exited = new Promise<void>((done) => void child.once("exit", () => done()));
    let said = "";
    const fail = () => reject(new Error(`Kafka did not start: ${said.trim()}`));
    child.once("error", reject);
    child.once("exit", fail);
    child.stderr?.setEncoding("utf8").on("data", (text: string) => {
      if (said.length > 10_000) return;
      said += text;
      if (!said.includes("Kafka Server started")) return;
      child.removeListener("exit", fail);
      resolve({
        end: (signal) => {
          child.kill(signal);
          return exited;
        },
      });
    });
  });
