/**
 * An engine as a process of its own, which keeps a file. It does not end with its parent by itself: a watcher ends it
 * when this process is gone, for whatever reason.
 */
import { type ChildProcess, spawn } from "node:child_process";
import { setTimeout } from "node:timers/promises";
import { freePort } from "../../machine/free-port.ts";
import type { EngineProgram } from "./engine.ts";

type EngineProcess = { readonly url: string; readonly stop: () => Promise<void> };

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

const askMilliseconds = 50;

/** Any answer of HTTP will do. */
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

/** `crashed` is told if it ends without being stopped. */
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
