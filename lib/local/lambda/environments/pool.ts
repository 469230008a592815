/**
 * The environments of one function: made when they are needed, up to a limit, and kept; those that are not
 * needed for a while end, but for the last. What comes while all are busy waits for its turn. Code becomes fast with
 * use, so a short line is served with less work by one environment than by two, unless it has to wait for long: what
 * keeps the one busy may wait for the one in the line.
 */
import type { Answer, Environment, Task } from "./environment.ts";

export type Pool = {
  readonly run: (task: Task) => Promise<Answer>;
  readonly isBusy: () => boolean;
  /** Makes the first environment, so that the first task need not wait for it. */
  readonly warm: () => void;
  readonly stop: () => Promise<void>;
};

type Idle = { readonly environment: Environment; readonly rest: NodeJS.Timeout };

const restMillisecondsMax = 60_000;

/** A line is short up to so many. */
const lineMax = 4;
const waitMillisecondsMax = 200;

type Waiting = {
  readonly task: Task;
  readonly answer: (answer: Answer) => void;
  /** Has waited for long. Its timer says so: by another clock it might be a moment early. */
  isLate: boolean;
};

const stopped: Answer = {
  payload: JSON.stringify({ errorType: "Runtime.ExitError", errorMessage: "the local cloud is stopping" }),
  functionError: "Unhandled",
};

/** `make` is given what to call when the environment is gone. */
export const pool = (environmentsMax: number, make: (ended: () => void) => Environment): Pool => {
  const all = new Set<Environment>();
  const idle: Idle[] = [];
  let waiting: Waiting[] = [];
  let isStopped = false;

  /** Tells whether it was idle. */
  const leave = (environment: Environment): boolean => {
    const place = idle.findIndex((each) => each.environment === environment);
    for (const { rest } of place < 0 ? [] : idle.splice(place, 1)) clearTimeout(rest);
    return place >= 0;
  };

  const endUnlessLast = (environment: Environment) => {
    if (idle.length > 1 && leave(environment)) void environment.stop();
  };

  const rest = (environment: Environment) => {
    const timer = setTimeout(() => endUnlessLast(environment), restMillisecondsMax);
    idle.push({ environment, rest: timer.unref() });
  };

  const added = (): Environment => {
    const environment: Environment = make(() => {
      all.delete(environment);
      leave(environment);
      next();
    });
    all.add(environment);
    return environment;
  };

  const isLong = (): boolean => waiting.length > lineMax || waiting.some(({ isLate }) => isLate);

  const hurry = (late: Waiting) => {
    late.isLate = true;
    next();
  };

  /** The one used last is warm, the others may rest. */
  const taken = (): Environment | undefined => {
    for (let found = idle.at(-1); found; found = idle.at(-1)) {
      leave(found.environment);
      if (!found.environment.isSpent()) return found.environment;
    }
    return all.size === 0 || (all.size < environmentsMax && isLong()) ? added() : undefined;
  };

  const next = () => {
    while (waiting.length > 0 && !isStopped) {
      const environment = taken();
      if (!environment) return;
      const first = waiting.shift();
      if (first) void use(environment, first);
    }
  };

  const use = async (environment: Environment, { task, answer }: Waiting) => {
    answer(await environment.run(task));
    if (!environment.isSpent()) rest(environment);
    next();
  };

  return {
    run: (task) =>
      new Promise((answer) => {
        if (isStopped) return answer(stopped);
        const waits: Waiting = { task, answer, isLate: false };
        waiting.push(waits);
        next();
        if (waiting.includes(waits)) setTimeout(() => hurry(waits), waitMillisecondsMax).unref();
      }),
    warm: () => {
      if (all.size === 0 && !isStopped) rest(added());
    },
    isBusy: () => waiting.length > 0 || all.size > idle.length,
    stop: async () => {
      isStopped = true;
      for (const { answer } of waiting) answer(stopped);
      waiting = [];
      await Promise.all([...all].map((environment) => environment.stop()));
    },
  };
};
