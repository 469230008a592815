/**
 * An engine in its own process, which keeps its tables in a file. The engine does not end with its parent, so a watcher
 * process stops it when this process ends for any reason.
 */
import { type ChildProcess, spawn } from "node:child_process";
import { setTimeout } from "node:timers/promises";
import { freePort } from "../../machine/free-port.ts";
import type { EngineProgram } from "./engine.ts";

type EngineProcess = { readonly url: string; readonly stop: () => Promise<void> };

const startsMax = 3;

/**
 * Engines and watchers have their own process groups. Ctrl-C in the terminal reaches only this process, which stops
 * them later.
 */
const spawnOptions = { detached: true };

/** Starts the watcher. This process holds the watcher's standard input open, so it closes when this process ends. */
const watch = (engine: ChildProcess, pid: number) => {
  const watcher = spawn("/bin/sh", ["-c", `read -r _; kill ${pid}`], {
    ...spawnOptions,
    stdio: ["pipe", "ignore", "ignore"],
  });
  // A machine without a shell has no watcher.
  watcher.on("error", () => {});
  watcher.unref();
  engine.once("exit", () => watcher.kill("SIGKILL"));
};

type Started = { readonly engine: ChildProcess; readonly url: string };

const askMilliseconds = 50;

/** Any HTTP answer means that the engine is ready. */
const answers = async (url: string): Promise<boolean> =>
  fetch(url).then(
    async (answer) => {
      await answer.arrayBuffer();
      return true;
    },
    () => false,
  );

const startOn = (program: EngineProgram, port: number): Promise<Started> =>
  new Promise((resolve, reject) => {
    const { command, words, readyText, file } = program;
    const url = `http://127.0.0.1:${port}`;
    const engine = spawn(command, words(port), {
      ...spawnOptions,
      stdio: ["ignore", "ignore", "pipe"],
    });
    if (engine.pid !== undefined) watch(engine, engine.pid);
    let said = "";
    let hasEnded = false;
    const ready = () => {
      engine.removeListener("exit", fail);
      resolve({ engine, url });
    };
    const fail = () => reject(new Error(`the DynamoDB engine does not start on ${file}: ${said.trim()}`));
    engine.once("error", reject);
    engine.once("exit", fail);
    engine.once("exit", () => {
      hasEnded = true;
    });
    engine.stderr?.setEncoding("utf8").on("data", (text: string) => {
      if (said.length > 10_000) return;
      said += text;
      if (readyText !== undefined && said.includes(readyText)) ready();
    });
    const ask = async () => {
      while (!hasEnded && !(await answers(url))) await setTimeout(askMilliseconds);
      if (!hasEnded) ready();
    };
    if (readyText === undefined) void ask();
  });

const start = async (program: EngineProgram): Promise<Started> => {
  for (let attempt = 1; ; attempt++) {
    try {
      return await startOn(program, await freePort());
    } catch (fault) {
      if (attempt === startsMax || !/already in use/i.test(String(fault))) throw fault;
    }
  }
};

/** Calls `crashed` if the engine ends and was not stopped. */
export const engineProcess = async (
  program: EngineProgram,
  crashed: (code: number | null) => void,
): Promise<EngineProcess> => {
  const { engine, url } = await start(program);
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
