/**
 * The reference implementation of the engine. It runs an execution directly from the saga's definition, task by
 * task; the compiled state machine runs some tasks in a row. Faults are retried, but not the named errors of a
 * task. Executions live as long as the process.
 */
import type { AnySaga } from "../../model/saga.ts";
import { finalErrors, type MachineTask, machineErrors } from "../../model/sagas/machine-task.ts";
import { undoOf } from "../../model/sagas/task-name.ts";
import type { Random, Sleep } from "../../ports/clock.ts";
import type { SagaEngine, TaskOutcome } from "../../ports/saga-engine.ts";

/** An execution that has ended. */
export type EndedExecution = {
  readonly sagaId: string;
  readonly execution: string;
  readonly status: "FAILED";
  readonly because: string;
};

/** The sagas, how to run their tasks, and the ports that the engine needs. */
export type SagaEngineOptions = {
  readonly sagas: readonly AnySaga[];
  /** Runs a task of this saga. An error is reported to the execution by its name. */
  readonly run: (saga: AnySaga, task: MachineTask) => Promise<void>;
  readonly sleep: Sleep;
  readonly random: Random;
  /** Called for an execution that ended before its saga did. */
  readonly ended: (execution: EndedExecution) => void;
};

type Step = AnySaga["steps"][number];
type ForwardStep = Pick<Step, "name" | "waits"> & Partial<Pick<Step, "timeoutSeconds">>;

type Failed = Extract<TaskOutcome, { kind: "failed" }>;

class ExecutionFailed extends Error {}

/** How many times a fault is retried, with full jitter up to a limit that doubles. */
const patience = {
  short: { attempts: 12, secondsMax: 60 },
  long: { attempts: 200, secondsMax: 900 },
} as const;

const succeeded: TaskOutcome = { kind: "succeeded" };
const timedOut: Failed = { kind: "failed", error: machineErrors.timedOut, because: "no answer in time" };

const failure = (error: unknown): Failed =>
  error instanceof Error
    ? { kind: "failed", error: error.name, because: error.message }
    : { kind: "failed", error: "Error", because: `${error}` };

/** A saga engine in memory. */
export const memorySagaEngine = ({ sagas, run, sleep, random, ended }: SagaEngineOptions): SagaEngine => {
  const executions = new Set<string>();
  const waiting = new Map<string, (outcome: TaskOutcome) => void>();
  let tokens = 0;

  const invoke = (saga: AnySaga, task: MachineTask): Promise<TaskOutcome> =>
    run(saga, task).then(() => succeeded, failure);

  /** Resolves once the token is completed, the task fails earlier, or the timeout ends. */
  const invokeAndWait = async (saga: AnySaga, task: MachineTask, timeoutSeconds?: number) => {
    tokens += 1;
    const token = `${task.sagaId} ${tokens}`;
    const answered = new Promise<TaskOutcome>((resolve) => waiting.set(token, resolve));
    const invoked = invoke(saga, { ...task, token }).then((outcome) =>
      outcome.kind === "failed" ? outcome : answered,
    );
    const over = timeoutSeconds === undefined ? [] : [sleep(timeoutSeconds * 1000).then(() => timedOut)];
    const outcome = await Promise.race([answered, invoked, ...over]);
    waiting.delete(token);
    return outcome;
  };

  const persist = async (how: keyof typeof patience, once: () => Promise<TaskOutcome>) => {
    const { attempts, secondsMax } = patience[how];
    for (let attempt = 0; ; attempt += 1) {
      const outcome = await once();
      if (outcome.kind === "succeeded" || finalErrors.includes(outcome.error) || attempt === attempts)
        return outcome;
      await sleep(random() * 1000 * Math.min(secondsMax, 2 ** attempt));
    }
  };

  const execute = async (saga: AnySaga, sagaId: string, skips: readonly string[]): Promise<void> => {
    const steps = saga.steps.filter(({ name }) => !skips.includes(name));
    const pivot = steps.findIndex((step) => step.pivot);

    const park = async (task: string) => {
      const outcome = await persist("long", () => invokeAndWait(saga, { sagaId, task, act: "park" }));
      if (outcome.kind === "failed") throw new ExecutionFailed(`${outcome.error}: ${outcome.because}`);
    };

    const forward = async ({ name: task, timeoutSeconds, waits }: ForwardStep, isForward: boolean) => {
      const parks = isForward || waits === false;
      const run = { sagaId, task, act: "run" } as const;
      for (;;) {
        const step = await persist("short", () =>
          waits === false ? invoke(saga, run) : invokeAndWait(saga, run, timeoutSeconds),
        );
        if (step.kind === "succeeded") return "done";
        if (parks && step.error === machineErrors.parked) {
          await park(task);
          continue;
        }
        const expiry = await persist("long", () => invoke(saga, { sagaId, task, act: "expire" }));
        if (expiry.kind === "failed") {
          if (!isForward && expiry.error === machineErrors.stepFailed) return "failed";
          if (parks && expiry.error === machineErrors.parked) {
            await park(task);
            continue;
          }
          throw new ExecutionFailed(`${expiry.error}: ${expiry.because}`);
        }
        if (!isForward) return "done";
      }
    };

    const compensate = async (task: string) => {
      const undone = () => invoke(saga, { sagaId, task, act: "run" });
      while ((await persist("long", undone)).kind === "failed") await park(task);
    };

    const all: readonly ForwardStep[] = [...steps, { name: "complete", waits: false }];
    for (const [index, each] of all.entries()) {
      const isForward = pivot >= 0 && index > pivot;
      if ((await forward(each, isForward)) === "done") continue;
      const undoable = steps.slice(0, index + 1).filter(({ undo }) => undo);
      for (const step of undoable.toReversed()) await compensate(undoOf(step.name));
      await compensate("abandon");
      return;
    }
  };

  return {
    start: async (name, execution, sagaId, skips = []) => {
      const saga = sagas.find((each) => each.name === name);
      if (!saga) throw new Error(`${execution}: no saga is named ${name}`);
      const key = `${name}/${execution}`;
      if (executions.has(key)) return;
      executions.add(key);
      void execute(saga, sagaId, skips).catch((error: unknown) =>
        ended({ sagaId, execution, status: "FAILED", because: failure(error).because }),
      );
    },
    complete: async (token, outcome) => {
      const answer = waiting.get(token);
      if (!answer) return "gone";
      waiting.delete(token);
      answer(outcome);
      return "completed";
    },
  };
};
