/**
 * The executions of all state machines. Where an execution rests stands in the journal before its task
 * is invoked, and before an answer to a token is acknowledged, so that after a kill -9 every one goes on:
 * a token waits on, a function that has not answered is invoked again, a retry waits for the rest of its
 * time. An execution moves on from a rest exactly once, whoever comes first: the function, the holder of
 * the token or the time-out.
 */
import type { Timer } from "../clock.ts";
import { ServiceError, type World } from "../service.ts";
import {
  type Ending,
  type Execution,
  executionArn,
  executionOfToken,
  type Machine,
  type Running,
} from "./execution.ts";
import { executionStore } from "./execution-store.ts";
import type { Failure } from "./failure.ts";
import { type HistoryEvent, histories } from "./history.ts";
import type { Course, Interpreter, Turn } from "./interpreter.ts";
import { invoke } from "./lambda-task.ts";
import type { Machines } from "./machines.ts";
import { announce } from "./status-change.ts";

export type Executions = {
  /** Answers the running execution of the same name and input; a closed one, or another input, is refused. */
  readonly start: (machine: Machine, name: string, input: string) => Execution;
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
  /** Lets what is under way reach its next rest; nothing moves after it. */
  readonly halt: () => Promise<void>;
};

type Go = (course: Course, running: Running) => Promise<Turn>;

export const executions = (world: World, machines: Machines, interpreter: Interpreter): Executions => {
  const { clock } = world;
  const store = executionStore(world.journal);
  const past = histories(clock.now);
  const timers = new Map<string, Timer>();
  /** The rests from which an execution has set out. Each rest is an object of its own. */
  const left = new WeakSet<Running>();
  const underWay = new Set<Promise<void>>();
  let halted = false;

  const isAt = (arn: string, running: Running) => store.running(arn) === running && !left.has(running);

  const courseOf = (arn: string, running: Running): Course => ({
    arn,
    ...machines.of(running, store.definitionText),
    log: past.log(arn, running.events),
  });

  /** Does nothing when the execution has left this rest already. */
  const proceed = (arn: string, from: Running, go: Go): Promise<void> => {
    if (halted || !isAt(arn, from)) return Promise.resolve();
    left.add(from);
    timers.get(arn)?.cancel();
    timers.delete(arn);
    const work = move(arn, from, go).finally(() => underWay.delete(work));
    underWay.add(work);
    return work;
  };

  const move = async (arn: string, from: Running, go: Go) => {
    const course = courseOf(arn, from);
    const turn = await go(course, from);
    if (store.running(arn) !== from) return;
    if (turn.kind === "end") return close(arn, from, turn.ending, course.log);
    store.put(arn, turn.running);
    if (!halted) wait(arn, turn.running);
  };

  const wait = (arn: string, running: Running) => {
    const { rest } = running;
    if (rest.kind === "entering") void proceed(arn, running, interpreter.enter);
    if (rest.kind === "retrying") wakeAt(arn, rest.until, interpreter.retry);
    if (rest.kind !== "task") return;
    if (rest.deadline) wakeAt(arn, rest.deadline, (course, at) => interpreter.fail(course, at, timedOut));
    if (!rest.submitted) void perform(arn, running);
  };

  const wakeAt = (arn: string, time: number, go: Go) => {
    const wake = () => {
      const running = store.running(arn);
      if (running) void proceed(arn, running, go);
    };
    timers.set(arn, clock.at(time, wake));
  };

  const perform = async (arn: string, running: Running) => {
    const { rest } = running;
    if (rest.kind !== "task") return;
    const { roleArn } = machines.of(running, store.definitionText).machine;
    const outcome = await invoke(world, roleArn, rest.functionName, rest.payload);
    if (outcome.kind === "failure")
      await proceed(arn, running, (course, at) => interpreter.fail(course, at, outcome.failure));
    else if (rest.token === undefined)
      await proceed(arn, running, (course, at) => interpreter.succeed(course, at, outcome.result));
    else submitted(arn, running);
  };

  const submitted = (arn: string, running: Running) => {
    const { rest } = running;
    if (halted || !isAt(arn, running) || rest.kind !== "task") return;
    const log = past.log(arn, running.events);
    log.noteAlways("TaskSubmitted", { resourceType: "lambda", resource: "invoke.waitForTaskToken" });
    store.put(arn, { ...running, events: log.count(), rest: { ...rest, submitted: true } });
  };

  const close = (arn: string, running: Running, ending: Ending, log = past.log(arn, running.events)) => {
    const { machineArn, name, input, startedAt } = running;
    timers.get(arn)?.cancel();
    timers.delete(arn);
    store.close(arn, { machineArn, name, input, startedAt, stoppedAt: clock.now(), ...ending });
    const { status, ...details } = ending;
    log.noteAlways(endEvents[status], details);
    if (ending.status === "FAILED" || ending.status === "TIMED_OUT")
      problem(arn, `${ending.status}: ${ending.error ?? "no error name"}: ${ending.cause ?? "no cause"}`);
    void tellEnd(arn);
  };

  /** Told again after a restart, for what follows from the end of an execution may hang on it. */
  const tellEnd = async (arn: string) => {
    const execution = store.find(arn);
    if (execution && (await announce(world, execution))) store.announced(arn);
  };

  const problem = (arn: string, message: string) =>
    world.report({ source: "states", level: "problem", message: `${arn} ${message}` });

  const start = (machine: Machine, name: string, input: string): Execution => {
    refuseWhenHalted();
    const arn = executionArn(machine.arn, name);
    store.forgetOld(arn, clock.now());
    const known = store.find(arn);
    if (known?.status === "RUNNING" && known.input === input) return known;
    if (known) throw new ServiceError("ExecutionAlreadyExists", `Execution Already Exists: '${arn}'`);
    past.begin(arn);
    const log = past.log(arn, 0);
    log.note("ExecutionStarted", { input, roleArn: machine.roleArn });
    const running = { ...newlyStarted(machine, name, input, clock.now()), events: log.count() };
    store.begin(arn, running, machine);
    const execution: Execution = {
      machineArn: machine.arn,
      name,
      input,
      startedAt: running.startedAt,
      status: "RUNNING",
    };
    void announce(world, execution);
    wait(arn, running);
    return execution;
  };

  /** An execution whose state machine has left the template cannot go on. */
  const resume = (arn: string, running: Running) => {
    try {
      machines.of(running, store.definitionText);
    } catch (error) {
      const cause = error instanceof Error ? error.message : String(error);
      problem(arn, `ABORTED: ${cause}`);
      return close(arn, running, { status: "ABORTED", cause });
    }
    wait(arn, running);
  };

  const refuseWhenHalted = () => {
    if (halted) throw new ServiceError("ServiceUnavailable", "Step Functions has been stopped", 503);
  };

  /** Where the task of this token waits for its answer. */
  const awaiting = (token: string): readonly [arn: string, Running] => {
    refuseWhenHalted();
    const arn = executionOfToken(token);
    if (arn === undefined) throw new ServiceError("InvalidToken", "Invalid Token: 'Invalid token'");
    if (!store.find(arn))
      throw new ServiceError("TaskDoesNotExist", "Task Does Not Exist: 'Provided task does not exist'");
    const running = store.running(arn);
    const rest = running?.rest;
    const isOpen =
      rest?.kind === "task" &&
      rest.token === token &&
      (rest.deadline ?? Number.POSITIVE_INFINITY) > clock.now();
    if (running && isOpen && !left.has(running)) return [arn, running];
    throw new ServiceError("TaskTimedOut", "Task Timed Out: 'Provided task does not exist anymore'");
  };

  const answer = (token: string, go: Go) => {
    const [arn, running] = awaiting(token);
    return proceed(arn, running, go);
  };

  return {
    start,
    find: store.find,
    all: store.all,
    history: past.of,
    abort: (arn, failure) => {
      const running = store.running(arn);
      if (running) close(arn, running, { status: "ABORTED", ...failure });
    },
    succeed: async (token, result) => answer(token, (course, at) => interpreter.succeed(course, at, result)),
    fail: async (token, failure) => answer(token, (course, at) => interpreter.fail(course, at, failure)),
    heartbeat: (token) => void awaiting(token),
    resume: () => {
      for (const arn of store.unannounced()) void tellEnd(arn);
      store.sweep(clock.now());
      for (const [arn, running] of store.allRunning())
        if (machines.find(running.machineArn)) wait(arn, running);
        else
          close(arn, running, {
            status: "ABORTED",
            cause: `${running.machineArn} is no longer in the template`,
          });
    },
    halt: async () => {
      halted = true;
      for (const timer of timers.values()) timer.cancel();
      await Promise.all(underWay);
    },
  };
};

const timedOut: Failure = { error: "States.Timeout", cause: "" };

const endEvents = {
  SUCCEEDED: "ExecutionSucceeded",
  FAILED: "ExecutionFailed",
  TIMED_OUT: "ExecutionTimedOut",
  ABORTED: "ExecutionAborted",
};

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
