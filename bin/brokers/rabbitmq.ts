/**
 * A real RabbitMQ for tests: the server in AMQP_URL, or one from the Debian package with its own name, ports and temporary
 * folders, so that it does not conflict with another. `stop` removes all of it.
 */
import { type ChildProcess, execFile, spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { promisify } from "node:util";
import { Connection } from "rabbitmq-client";
import { freePort } from "../../lib/local/machine/free-port.ts";
import { install } from "./debian.ts";

export type RabbitMq = {
  readonly url: string;
  readonly stop: () => Promise<void>;
  /** Simulates a power failure: `off` kills the server, `on` starts it with its stored data. Only for a server started here. */
  readonly power?: { readonly off: () => Promise<void>; readonly on: () => Promise<void> };
};

const program = "/usr/lib/rabbitmq/bin/rabbitmq-server";
const startSeconds = 60;

const run = promisify(execFile);

/** Installs what is missing, if it can. Throws, with a short reason, if no server is named and none can be started. */
export const rabbitMqIsAvailable = async (): Promise<void> => {
  if (process.env.AMQP_URL || existsSync(program)) return;
  await install("rabbitmq-server");
  // The Debian package also starts a service, which is not needed.
  await run("service", ["rabbitmq-server", "stop"]).catch(() => undefined);
};

type Place = { readonly folder: string; readonly port: number; readonly environment: NodeJS.ProcessEnv };

const place = async (): Promise<Place> => {
  const folder = await mkdtemp(join(tmpdir(), "rabbitmq-"));
  const [port, distributionPort, epmdPort] = [await freePort(), await freePort(), await freePort()];
  await writeFile(join(folder, "enabled_plugins"), "[].\n");
  await writeFile(
    join(folder, "rabbitmq.conf"),
    `listeners.tcp.local = 127.0.0.1:${port}\ndisk_free_limit.absolute = 50MB\n`,
  );
  const environment = {
    PATH: process.env.PATH,
    LANG: "C.UTF-8",
    HOME: folder,
    // Without a wrapper script around the server, signals reach the server itself.
    RUNNING_UNDER_SYSTEMD: "true",
    ERL_EPMD_ADDRESS: "127.0.0.1",
    ERL_EPMD_PORT: String(epmdPort),
    RABBITMQ_NODENAME: `eventfold-${port}@localhost`,
    RABBITMQ_DIST_PORT: String(distributionPort),
    RABBITMQ_MNESIA_BASE: join(folder, "data"),
    RABBITMQ_LOG_BASE: join(folder, "log"),
    RABBITMQ_PID_FILE: join(folder, "pid"),
    RABBITMQ_CONF_ENV_FILE: join(folder, "no-environment"),
    RABBITMQ_CONFIG_FILE: join(folder, "rabbitmq.conf"),
    RABBITMQ_ENABLED_PLUGINS_FILE: join(folder, "enabled_plugins"),
  };
  return { folder, port, environment };
};

const hasEnded = ({ exitCode, signalCode }: ChildProcess): boolean =>
  exitCode !== null || signalCode !== null;

const end = async (child: ChildProcess, signal: NodeJS.Signals): Promise<void> => {
  if (hasEnded(child)) return;
  const exited = new Promise((resolve) => child.once("exit", resolve));
  child.kill(signal);
  await exited;
};

const isReachable = async (url: string): Promise<boolean> => {
  const connection = new Connection({ url, connectionTimeout: 5000 });
  connection.on("error", () => undefined);
  try {
    await connection.onConnect(1000, true);
    return true;
  } catch {
    return false;
  } finally {
    connection.unsafeDestroy();
  }
};

const untilReady = async (server: ChildProcess, url: string, logFile: string): Promise<void> => {
  for (let waited = 0; waited < startSeconds && !hasEnded(server); waited += 1) {
    if (await isReachable(url)) return;
    await setTimeout(100);
  }
  const log = await readFile(logFile, "utf8").catch(() => "");
  throw new Error(`RabbitMQ did not start. The end of its log:\n${log.slice(-2000)}`);
};

const startOwn = async (): Promise<RabbitMq> => {
  const { folder, port, environment } = await place();
  const url = `amqp://guest:guest@127.0.0.1:${port}`;
  const options = { env: environment, cwd: folder, stdio: "ignore" } as const;
  /** The server registers its name with epmd. If the server started epmd itself, epmd would keep running afterwards. */
  const names = spawn("epmd", [], options);
  const start = () => spawn(program, [], options);
  let server = start();

  const killAll = () => {
    server.kill("SIGKILL");
    names.kill("SIGKILL");
  };
  process.once("exit", killAll);

  const on = async () => {
    if (hasEnded(server)) server = start();
    await untilReady(server, url, join(folder, "log", `eventfold-${port}@localhost.log`));
  };
  const stop = async () => {
    process.off("exit", killAll);
    await end(server, "SIGTERM");
    await end(names, "SIGTERM");
    await rm(folder, { recursive: true, force: true });
  };

  try {
    await on();
  } catch (error) {
    await stop();
    throw error;
  }
  return { url, stop, power: { off: () => end(server, "SIGKILL"), on } };
};

export const startRabbitMq = async (): Promise<RabbitMq> => {
  const url = process.env.AMQP_URL;
  if (url) return { url, stop: async () => undefined };
  await rabbitMqIsAvailable();
  return startOwn();
};
