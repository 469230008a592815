/**
 * The executions of all state machines, as the API sees them. All that it acknowledges is in the journal
 * first: after a kill -9 a token waits on, a function that has not answered is invoked again, a retry
 * waits for the rest of its time.
 */
import { type Cloud, ServiceError } from "../service/service.ts";
import {
  type Execution,
  executionOfToken,
  type Machine,
  newExecutionArn,
  type Running,
} from "./execution.ts";
import { executionStore } from "./execution-store.ts";
import { type HistoryEvent, histories } from "./history.ts";
import type { Interpreter } from "./interpreter.ts";
import type { Failure } from "./language/failure.ts";
import type { Machines } from "./machines.ts";
import { announce } from "./status-change.ts";
import { type Advance, transitionsOf } from "./transitions.ts";

export type Executions = {
  /**
   * Answers the running execution of the same name and input; a closed one, or another input, is refused. Of Express
   * it always starts another.
   */
  readonly start: (machine: Machine, name: string, input: string) => readonly [arn: string, Execution];
  readonly find: (arn: string) => Execution | undefined;
  readonly all: () => readonly (readonly [arn: string, Execution])[];
  /** Leaves a closed execution as it is. */
  readonly abort: (arn: string, failure: Partial<Failure>) => void;
  readonly history: (arn: string) => readonly HistoryEvent[];
  /** Resolve once what follows is in the journal; throw when the task of the token has ended. */
  readonly succeed: (token: string, result: unknown) => Promise<void>;
  readonly fail: (token: string, failure: Failure) => Promise<void>;
  readonly heartbeat: (token: string) => void;
  /** Takes up the executions of the journal. */
  readonly resume: () => void;
  readonly halt: () => Promise<void>;
};

export const executions = (cloud: Cloud, machines: Machines, interpreter: Interpreter): Executions => {
  const { now } = cloud.clock;
  const store = executionStore(cloud.journal);
  const history = histories(now);
  const transitions = transitionsOf({ cloud, machines, interpreter, store, history });
  let halted = false;

  const start: Executions["start"] = (machine, name, input) => {
    refuseWhen(halted);
    const arn = newExecutionArn(machine, name);
    store.forgetOld(arn, now());
    const known = store.find(arn);
    if (known?.status === "RUNNING" && known.input === input) return [arn, known];
    if (known) throw new ServiceError("ExecutionAlreadyExists", `Execution Already Exists: '${arn}'`);
    history.forget(arn);
    const log = history.log(arn, 0);
    log.record("ExecutionStarted", { input, roleArn: machine.roleArn });
    const running = { ...newlyStarted(machine, name, input, now()), events: log.count() };
    store.begin(arn, running, machine);
    const { machineArn, startedAt } = running;
    const execution: Execution = { machineArn, name, input, startedAt, status: "RUNNING" };
    if (machine.type === "STANDARD") void announce(cloud, execution);
    transitions.begin(arn, running);
    return [arn, execution];
  };

  /** Where the task of this token waits for its answer. */
  const awaiting = (token: string): readonly [arn: string, Running] => {
    refuseWhen(halted);
    const arn = executionOfToken(token);
    if (arn === undefined) throw new ServiceError("InvalidToken", "Invalid Token: 'Invalid token'");
    if (!store.find(arn))
      throw new ServiceError("TaskDoesNotExist", "Task Does Not Exist: 'Provided task does not exist'");
    const running = store.running(arn);
    if (running && transitions.waitsAt(arn, running) && isOpen(running, token, now())) return [arn, running];
    throw new ServiceError("TaskTimedOut", "Task Timed Out: 'Provided task does not exist anymore'");
  };

  const answer = async (token: string, advance: Advance) => {
    const [arn, running] = awaiting(token);
    await transitions.proceed(arn, running, advance);
  };

  /** An execution whose state machine has left the template cannot go on. */
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
    succeed: (token, result) => answer(token, (context, at) => interpreter.succeed(context, at, result)),
    fail: (token, failure) => answer(token, (context, at) => interpreter.fail(context, at, failure)),
    heartbeat: (token) => void awaiting(token),
    resume: () => {
      for (const arn of store.unannounced()) void transitions.announceEnd(arn);
      store.sweep(now());
      for (const [arn, running] of store.allRunning()) resume(arn, running);
    },
    halt: () => {
      halted = true;
      return transitions.halt();
    },
  };
};

const refuseWhen = (halted: boolean) => {
  if (halted) throw new ServiceError("ServiceUnavailable", "Step Functions has been stopped", 503);
};

/** Time runs out at the deadline, even before the time-out itself has come to move the execution. */
const isOpen = ({ rest }: Running, token: string, now: number): boolean =>
  rest.kind === "task" && rest.token === token && (rest.deadline === undefined || rest.deadline > now);

const newlyStarted = (machine: Machine, name: string, input: string, now: number): Running => ({
  machineArn: machine.arn,
  definitionId: machine.definitionId,
  name,
  input,
  startedAt: now,
  state: machine.definition.startAt,
  stateInput: JSON.parse(input),
  variables: {},
  enteredAt: now,
  enteredEvent: 0,
  retries: [],
  events: 0,
  rest: { kind: "entering" },
});
