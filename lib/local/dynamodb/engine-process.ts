/**
 * The embedded engine as a process of its own, on a file. It does not end with its parent by itself: a watcher
 * ends it when this process is gone, however it went.
 */
import { type ChildProcess, spawn } from "node:child_process";
import { freePort } from "../machine/free-port.ts";
import { engineBinary } from "./engine-binary.ts";
import { seedFile } from "./seed.ts";

export type EngineProcess = { readonly url: string; readonly stop: () => Promise<void> };

const startsMax = 3;

/** Groups of their own: a Ctrl-C in the terminal is for this process, which stops them when it is ready to. */
const spawnOptions = { detached: true };

/** Its standard input is held by this process and ends with it. */
const watch = (engine: ChildProcess, pid: number) => {
  const watcher = spawn("/bin/sh", ["-c", `read -r _; kill ${pid}`], {
    ...spawnOptions,
    stdio: ["pipe", "ignore", "ignore"],
  });
  // Without a shell there is no watcher.
  watcher.on("error", () => {});
  watcher.unref();
  engine.once("exit", () => watcher.kill("SIGKILL"));
};

type Started = { readonly engine: ChildProcess; readonly url: string };

const startOn = (file: string, port: number): Promise<Started> =>
  new Promise((resolve, reject) => {
    const engine = spawn(engineBinary(), ["--port", String(port), "--db-path", file], {
      ...spawnOptions,
      stdio: ["ignore", "ignore", "pipe"],
    });
    if (engine.pid !== undefined) watch(engine, engine.pid);
    let said = "";
    const fail = () => reject(new Error(`the DynamoDB engine does not start on ${file}: ${said.trim()}`));
    engine.once("error", reject);
    engine.once("exit", fail);
    engine.stderr?.setEncoding("utf8").on("data", (text: string) => {
      if (said.length > 10_000) return;
      said += text;
      if (!said.includes("listening on")) return;
      engine.removeListener("exit", fail);
      resolve({ engine, url: `http://127.0.0.1:${port}` });
    });
  });

const start = async (file: string): Promise<Started> => {
  for (let attempt = 1; ; attempt++) {
    try {
      return await startOn(file, await freePort());
    } catch (fault) {
      if (attempt === startsMax || !String(fault).includes("already in use")) throw fault;
    }
  }
};

/** `crashed` is told if it ends without being stopped. */
export const engineProcess = async (
  file: string,
  crashed: (code: number | null) => void,
): Promise<EngineProcess> => {
  seedFile(file);
  const { engine, url } = await start(file);
  let stopping = false;
  const killAtExit = () => void engine.kill("SIGKILL");
  process.once("exit", killAtExit);
  const exited = new Promise<void>((resolve) => {
    engine.once("exit", (code) => {
      process.removeListener("exit", killAtExit);
      if (!stopping) crashed(code);
      resolve();
    });
  });
  return {
    url,
    stop: () => {
      stopping = true;
      engine.kill("SIGTERM");
      return exited;
    },
  };
};
