/**
 * The environments of one function. They are made on demand, up to a limit. Tasks that find all of them busy wait in a
 * queue. Code gets faster with use, so one environment serves a short queue with less work than two would. A second one
 * is made if the queue is long or a task has waited for long: the running task may itself wait for the queued one.
 */
import { type Answer, failed } from "./answer.ts";
import type { Environment, Task } from "./environment.ts";
import { idleEnvironments } from "./idle-environments.ts";

export type Pool = {
  readonly run: (task: Task) => Promise<Answer>;
  readonly isBusy: () => boolean;
  /** Makes the first environment, so that the first task does not wait for a cold start. */
  readonly warm: () => void;
  readonly stop: () => Promise<void>;
};

/** A longer queue is a reason for another environment. */
const shortQueueMax = 4;
const waitMillisecondsMax = 200;

type QueuedTask = {
  readonly task: Task;
  readonly answer: (answer: Answer) => void;
  /** It has waited for long. A timer sets this: a comparison with another clock could be a moment too early. */
  isLate: boolean;
};

const stopped = failed("Runtime.ExitError", "the local cloud is stopping");

/** `make` gets a function to call when the environment has ended. */
export const pool = (environmentsMax: number, make: (ended: () => void) => Environment): Pool => {
  const all = new Set<Environment>();
  const idle = idleEnvironments();
  let queue: QueuedTask[] = [];
  let isStopped = false;

  const added = (): Environment => {
    const environment: Environment = make(() => {
      all.delete(environment);
      idle.remove(environment);
      next();
    });
    all.add(environment);
    return environment;
  };

  const isQueueLong = (): boolean => queue.length > shortQueueMax || queue.some(({ isLate }) => isLate);

  const available = (): Environment | undefined => {
    for (let found = idle.take(); found; found = idle.take()) if (!found.isSpent()) return found;
    return all.size === 0 || (all.size < environmentsMax && isQueueLong()) ? added() : undefined;
  };

  const next = () => {
    while (queue.length > 0 && !isStopped) {
      const environment = available();
      if (!environment) return;
      const first = queue.shift();
      if (first) void use(environment, first);
    }
  };

  const use = async (environment: Environment, { task, answer }: QueuedTask) => {
    answer(await environment.run(task));
    if (!environment.isSpent()) idle.add(environment);
    next();
  };

  const markLate = (queued: QueuedTask) => {
    queued.isLate = true;
    next();
  };

  return {
    run: (task) =>
      new Promise((answer) => {
        if (isStopped) return answer(stopped);
        const queued: QueuedTask = { task, answer, isLate: false };
        queue.push(queued);
        next();
        if (queue.includes(queued)) setTimeout(() => markLate(queued), waitMillisecondsMax).unref();
      }),
    warm: () => {
      if (all.size === 0 && !isStopped) idle.add(added());
    },
    isBusy: () => queue.length > 0 || all.size > idle.count(),
    stop: async () => {
      isStopped = true;
      for (const { answer } of queue) answer(stopped);
      queue = [];
      await Promise.all([...all].map((environment) => environment.stop()));
    },
  };
};
