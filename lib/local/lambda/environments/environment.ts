/**
 * One environment of a function: a worker thread that runs one invocation at a time. If an invocation exceeds the
 * function's timeout or ends the thread, it gets the error that Lambda would answer, and the environment is not used
 * again.
 */
import { type Answer, failed } from "./answer.ts";
import { type ThreadOptions, thread } from "./thread.ts";

export type Task = {
  readonly requestId: string;
  /** JSON text. */
  readonly payload: string;
  readonly traceHeader: string;
};

type EnvironmentOptions = ThreadOptions & {
  readonly logStream: string;
  /** Called once, when the thread has ended. */
  readonly ended: () => void;
};

export type Environment = {
  /** Never rejects: a failure is an answer. Call it only after the previous call has answered. */
  readonly run: (task: Task) => Promise<Answer>;
  /** The environment cannot run another task. */
  readonly isSpent: () => boolean;
  readonly stop: () => Promise<void>;
};

/** A cold start on a busy machine is slow. The timeout of the function must not punish it. */
const startMillisecondsMin = 60_000;

const timedOut = (requestId: string, seconds: number): Answer =>
  failed(
    "Sandbox.Timedout",
    `RequestId: ${requestId} Error: Task timed out after ${seconds.toFixed(2)} seconds`,
  );

const exited = (requestId: string, code: number): Answer =>
  failed(
    "Runtime.ExitError",
    `RequestId: ${requestId} Error: Runtime exited with error: exit status ${code}`,
  );

export const environment = ({ logStream, ended, ...options }: EnvironmentOptions): Environment => {
  const { settings } = options;
  let current: { readonly task: Task; readonly answer: (answer: Answer) => void } | undefined;
  let isReady = false;
  let timer: NodeJS.Timeout | undefined;

  const requestId = () => current?.task.requestId ?? "";

  const answer = (given: Answer) => {
    clearTimeout(timer);
    const answered = current;
    current = undefined;
    answered?.answer(given);
  };

  const expireAfter = (milliseconds: number) => {
    clearTimeout(timer);
    timer = setTimeout(() => {
      answer(timedOut(requestId(), milliseconds / 1000));
      void running.end();
    }, milliseconds);
  };

  const begin = (task: Task) => {
    const milliseconds = settings.timeoutSeconds * 1000;
    expireAfter(milliseconds);
    running.run({ ...task, endsAt: Date.now() + milliseconds, logStream, logGroup: settings.logGroup });
  };

  const running = thread(options, {
    ready: () => {
      isReady = true;
      if (current) begin(current.task);
    },
    answered: answer,
    ended: (code, crash) => {
      answer(crash ?? exited(requestId(), code));
      ended();
    },
  });

  return {
    run: (task) =>
      new Promise((resolve) => {
        if (running.isOver()) return resolve(failed("Runtime.ExitError", "the environment has ended"));
        current = { task, answer: resolve };
        if (isReady) begin(task);
        else expireAfter(Math.max(startMillisecondsMin, settings.timeoutSeconds * 1000));
      }),
    isSpent: running.isOver,
    stop: running.end,
  };
};
