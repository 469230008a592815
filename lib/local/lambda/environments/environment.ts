/**
 * One environment of a function: a worker thread that runs one invocation at a time. An invocation that takes
 * longer than the function's timeout, or that ends the thread, is answered as Lambda does, and the environment
 * is spent.
 */
import { Worker } from "node:worker_threads";
import type { FunctionSettings } from "./settings.ts";

export type Task = {
  readonly requestId: string;
  /** JSON text, as the answer is. */
  readonly payload: string;
  readonly traceHeader: string;
};

export type Answer = { readonly payload: string; readonly functionError?: "Unhandled" };

export type Line = { readonly stream: "stdout" | "stderr"; readonly text: string };

/** A request of a function to the AWS APIs, and its answer: `shortcut.mjs` says why they come by message. */
type ApiRequest = {
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array | undefined;
};

type ApiResponse = {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | Uint8Array;
};

/** Never rejects: what goes wrong is a response. */
export type CallApi = (request: ApiRequest) => Promise<ApiResponse>;

type EnvironmentOptions = {
  readonly settings: FunctionSettings;
  readonly callApi: CallApi;
  readonly variables: Readonly<Record<string, string>>;
  /** How far `Date` is ahead of the machine's, in milliseconds; shared with the thread. */
  readonly ahead: Float64Array;
  readonly logStream: string;
  readonly wrote: (line: Line) => void;
  /** The thread is gone; told once. */
  readonly ended: () => void;
};

export type Environment = {
  /** Never rejects: what goes wrong is an answer. One call at a time. */
  readonly run: (task: Task) => Promise<Answer>;
  readonly isSpent: () => boolean;
  readonly stop: () => Promise<void>;
};

type Message =
  | { readonly kind: "ready" }
  | ({ readonly kind: "request"; readonly id: number } & ApiRequest)
  | { readonly kind: "lines"; readonly lines: readonly Line[] }
  | { readonly kind: "answer"; readonly payload: string }
  | { readonly kind: "error" | "crash"; readonly document: string };

/** A cold start on a busy machine is not the function's fault. */
const startMillisecondsMin = 60_000;

const failed = (errorType: string, errorMessage: string): Answer => ({
  payload: JSON.stringify({ errorType, errorMessage }),
  functionError: "Unhandled",
});

const bootstrap = new URL("./bootstrap.mjs", import.meta.url);

export const environment = (options: EnvironmentOptions): Environment => {
  const { settings, callApi, variables, ahead, logStream, wrote, ended } = options;
  let current: { readonly task: Task; readonly answer: (answer: Answer) => void } | undefined;
  let isReady = false;
  let isSpent = false;
  let death: string | undefined;
  let timer: NodeJS.Timeout | undefined;

  const worker = new Worker(bootstrap, {
    env: { ...variables },
    // Not those of this process: functions run as they are.
    execArgv: [],
    // A small young generation: there are many environments, and each would keep tens of megabytes of it. With 32
    // instead of 8, 150 orders took as much CPU and 80 MB more.
    resourceLimits: { maxOldGenerationSizeMb: settings.memoryMegabytes, maxYoungGenerationSizeMb: 8 },
    stdout: true,
    stderr: true,
    workerData: {
      folder: settings.folder,
      handler: settings.handler,
      functionName: settings.name,
      functionArn: settings.arn,
      memoryMegabytes: settings.memoryMegabytes,
      ahead,
    },
  });
  // What the thread's own code does not take: messages of Node itself.
  worker.stdout.resume();
  worker.stderr
    .setEncoding("utf8")
    .on("data", (text: string) => wrote({ stream: "stderr", text: text.trim() }));

  const answer = (given: Answer) => {
    clearTimeout(timer);
    const answered = current;
    current = undefined;
    answered?.answer(given);
  };

  const stop = async () => {
    isSpent = true;
    await worker.terminate();
  };

  const expire = (seconds: number) => {
    const { requestId = "" } = current?.task ?? {};
    answer(
      failed(
        "Sandbox.Timedout",
        `RequestId: ${requestId} Error: Task timed out after ${seconds.toFixed(2)} seconds`,
      ),
    );
    void stop();
  };

  const expireAfter = (milliseconds: number) => {
    clearTimeout(timer);
    timer = setTimeout(() => expire(milliseconds / 1000), milliseconds);
  };

  const begin = (task: Task) => {
    const milliseconds = settings.timeoutSeconds * 1000;
    expireAfter(milliseconds);
    const endsAt = Date.now() + milliseconds;
    worker.postMessage({ ...task, endsAt, logStream, logGroup: settings.logGroup });
  };

  const respond = async ({ id, ...request }: { readonly id: number } & ApiRequest) => {
    const response = await callApi(request);
    if (!isSpent) worker.postMessage({ kind: "response", id, ...response });
  };

  worker.on("message", (message: Message) => {
    if (message.kind === "request") return void respond(message);
    if (message.kind === "lines") return message.lines.forEach(wrote);
    if (message.kind === "answer") return answer({ payload: message.payload });
    if (message.kind === "error") return answer({ payload: message.document, functionError: "Unhandled" });
    if (message.kind === "crash") {
      death = message.document;
      return;
    }
    isReady = true;
    if (current) begin(current.task);
  });
  worker.on("error", (fault) => {
    isSpent = true;
    death ??= failed("Runtime.ExitError", `Runtime exited with error: ${fault.message}`).payload;
  });
  worker.on("exit", (code) => {
    isSpent = true;
    const { requestId = "" } = current?.task ?? {};
    const exit = `RequestId: ${requestId} Error: Runtime exited with error: exit status ${code}`;
    answer(
      death === undefined
        ? failed("Runtime.ExitError", exit)
        : { payload: death, functionError: "Unhandled" },
    );
    ended();
  });

  return {
    run: (task) =>
      new Promise((resolve) => {
        if (isSpent) return resolve(failed("Runtime.ExitError", "the environment is gone"));
        current = { task, answer: resolve };
        if (isReady) begin(task);
        else expireAfter(Math.max(startMillisecondsMin, settings.timeoutSeconds * 1000));
      }),
    isSpent: () => isSpent,
    stop,
  };
};
