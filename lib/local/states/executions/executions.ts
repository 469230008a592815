/**
 * The executions of all state machines, as the API sees them. Everything that the API acknowledges is in the journal
 * first. After a kill -9, a token is still valid, a function that has not answered is invoked again, and a retry waits
 * for the rest of its time.
 */
import { type Cloud, ServiceError } from "../../service/service.ts";
import type { Interpreter } from "../interpreter/interpreter.ts";
import type { Failure } from "../language/failure.ts";
import type { Machines } from "../machines.ts";
import type { Execution, Machine, Running } from "./execution.ts";
import { newExecutionArn } from "./execution-arn.ts";
import { executionStore } from "./execution-store.ts";
import { type HistoryEvent, histories } from "./history.ts";
import { announce } from "./status-change.ts";
import { type TaskTokens, taskTokens } from "./task-tokens.ts";
import { transitionsOf } from "./transitions.ts";

export type Executions = TaskTokens & {
  /**
   * If an execution with the same name and input is running, returns that one. Refuses a name with another input, or of
   * a closed execution. Each start of an Express machine is a new execution.
   */
  readonly start: (machine: Machine, name: string, input: string) => readonly [arn: string, Execution];
  readonly find: (arn: string) => Execution | undefined;
  readonly all: () => readonly (readonly [arn: string, Execution])[];
  /** Does not change a closed execution. */
  readonly abort: (arn: string, failure: Partial<Failure>) => void;
  readonly history: (arn: string) => readonly HistoryEvent[];
  /** Continues the executions in the journal. */
  readonly resume: () => void;
  readonly halt: () => Promise<void>;
};

export const executions = (cloud: Cloud, machines: Machines, interpreter: Interpreter): Executions => {
  const { now } = cloud.clock;
  const store = executionStore(cloud.journal);
  const history = histories(now);
  const transitions = transitionsOf({ cloud, machines, interpreter, store, history });

  const start: Executions["start"] = (machine, name, input) => {
    transitions.checkRunning();
    const arn = newExecutionArn(machine, name);
    store.forgetOld(arn, now());
    const known = store.find(arn);
    if (known?.status === "RUNNING" && known.input === input) return [arn, known];
    if (known) throw new ServiceError("ExecutionAlreadyExists", `Execution Already Exists: '${arn}'`);
    history.forget(arn);
    const log = history.log(arn, 0);
    log.record("ExecutionStarted", { input, roleArn: machine.roleArn });
    const running = { ...newRunning(machine, { name, input, startedAt: now() }), events: log.count() };
    store.begin(arn, running, machine);
    const { machineArn, startedAt } = running;
    const execution: Execution = { machineArn, name, input, startedAt, status: "RUNNING" };
    if (machine.type === "STANDARD") void announce(cloud, execution);
    transitions.begin(arn, running);
    return [arn, execution];
  };

  /** Aborts the execution if its state machine is not in the template any more. */
  const resume = (arn: string, running: Running) => {
    try {
      machines.of(running, store.definitionText);
    } catch (error) {
      const cause = error instanceof Error ? error.message : String(error);
      cloud.report({ source: "states", level: "problem", message: `${arn} ABORTED: ${cause}` });
      return transitions.close(arn, running, { status: "ABORTED", cause });
    }
    transitions.begin(arn, running);
  };

  return {
    start,
    find: store.find,
    all: store.all,
    history: history.of,
    abort: (arn, failure) => {
      const running = store.running(arn);
      if (running) transitions.close(arn, running, { status: "ABORTED", ...failure });
    },
    ...taskTokens({ cloud, interpreter, store, transitions }),
    resume: () => {
      for (const arn of store.unannounced()) void transitions.announceEnd(arn);
      store.sweep(now());
      for (const [arn, running] of store.allRunning()) resume(arn, running);
    },
    halt: transitions.halt,
  };
};

const newRunning = (machine: Machine, given: Pick<Running, "name" | "input" | "startedAt">): Running => ({
  ...given,
  machineArn: machine.arn,
  definitionId: machine.definitionId,
  state: machine.definition.startAt,
  stateInput: JSON.parse(given.input),
  variables: {},
  enteredAt: given.startedAt,
  enteredEvent: 0,
  retries: [],
  events: 0,
  rest: { kind: "entering" },
});
