/** The worker thread of an environment and the messages between the thread and this process. */
import { Worker } from "node:worker_threads";
import type { FunctionSettings } from "../settings.ts";
import { type Answer, failed, failedWith } from "./answer.ts";

export type Line = { readonly stream: "stdout" | "stderr"; readonly text: string };

/** A request of a function to the AWS APIs. `shortcut.mjs` explains why it arrives as a message. */
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

/** Never rejects: a failure is a response. */
export type CallApi = (request: ApiRequest) => Promise<ApiResponse>;

export type ThreadOptions = {
  readonly settings: FunctionSettings;
  readonly callApi: CallApi;
  readonly variables: Readonly<Record<string, string>>;
  /** How far `Date` is ahead of the machine's clock, in milliseconds. The memory is shared with the thread. */
  readonly ahead: Float64Array;
  readonly wrote: (line: Line) => void;
};

type Listeners = {
  /** The handler is loaded. */
  readonly ready: () => void;
  readonly answered: (answer: Answer) => void;
  /** The thread has ended. Called once. `crash` is the answer if the thread itself said why. */
  readonly ended: (code: number, crash: Answer | undefined) => void;
};

type Thread = {
  readonly run: (invocation: Readonly<Record<string, unknown>>) => void;
  /** The thread has ended, or is about to end. */
  readonly isOver: () => boolean;
  readonly end: () => Promise<void>;
};

type Message =
  | { readonly kind: "ready" }
  | ({ readonly kind: "request"; readonly id: number } & ApiRequest)
  | { readonly kind: "lines"; readonly lines: readonly Line[] }
  | { readonly kind: "answer"; readonly payload: string }
  | { readonly kind: "error" | "crash"; readonly document: string };

const bootstrap = new URL("./bootstrap.mjs", import.meta.url);

const workerOf = ({ settings, variables, ahead }: ThreadOptions): Worker =>
  new Worker(bootstrap, {
    env: { ...variables },
    // Functions run without the Node options of this process.
    execArgv: [],
    // A small young generation, because there are many environments and each would keep tens of megabytes of it.
    // With 32 instead of 8, 150 orders took the same CPU time and 80 MB more.
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

/** Output that `bootstrap.mjs` does not capture: messages of Node itself. */
const passOutput = ({ stdout, stderr }: Worker, wrote: ThreadOptions["wrote"]) => {
  stdout.resume();
  stderr.setEncoding("utf8").on("data", (text: string) => wrote({ stream: "stderr", text: text.trim() }));
};

export const thread = (options: ThreadOptions, { ready, answered, ended }: Listeners): Thread => {
  const worker = workerOf(options);
  passOutput(worker, options.wrote);
  let isOver = false;
  let crash: Answer | undefined;

  const respond = async ({ id, ...request }: { readonly id: number } & ApiRequest) => {
    const response = await options.callApi(request);
    if (!isOver) worker.postMessage({ kind: "response", id, ...response });
  };

  worker.on("message", (message: Message) => {
    if (message.kind === "ready") return ready();
    if (message.kind === "request") return void respond(message);
    if (message.kind === "lines") return message.lines.forEach(options.wrote);
    if (message.kind === "answer") return answered({ payload: message.payload });
    if (message.kind === "error") return answered(failedWith(message.document));
    crash = failedWith(message.document);
  });
  worker.on("error", (fault) => {
    isOver = true;
    crash ??= failed("Runtime.ExitError", `Runtime exited with error: ${fault.message}`);
  });
  worker.on("exit", (code) => {
    isOver = true;
    ended(code, crash);
  });

  return {
    run: (invocation) => worker.postMessage(invocation),
    isOver: () => isOver,
    end: async () => {
      isOver = true;
      await worker.terminate();
    },
  };
};
