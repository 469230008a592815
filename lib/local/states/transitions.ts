/**
 * Moves executions on from where they rest: invokes the task, waits for its answer, its time-out or the
 * next retry, and lets the interpreter say where the execution rests then. The journal has the next rest
 * before anything follows from it. An execution leaves a rest exactly once, whoever comes first: the
 * function, the holder of the token or the time-out.
 */
import type { Timer } from "../machine/clock.ts";
import type { Cloud } from "../service/service.ts";
import { type Ending, expressMilliseconds, isExpress, type Running } from "./execution.ts";
import type { ExecutionStore } from "./execution-store.ts";
import type { Histories } from "./history.ts";
import type { ExecutionContext, Interpreter, Transition } from "./interpreter.ts";
import { invoke } from "./lambda-task.ts";
import type { Failure } from "./language/failure.ts";
import type { Machines } from "./machines.ts";
import { announce } from "./status-change.ts";

export type Advance = (context: ExecutionContext, running: Running) => Promise<Transition>;

export type Transitions = {
  /** Whether the execution is still where `running` says, and nobody has moved it on. */
  readonly waitsAt: (arn: string, running: Running) => boolean;
  /** Begins what happens at this rest. */
  readonly begin: (arn: string, running: Running) => void;
  /** Resolves once the next rest is in the journal; does nothing when the execution has left this one. */
  readonly proceed: (arn: string, from: Running, advance: Advance) => Promise<void>;
  readonly close: (arn: string, running: Running, ending: Ending) => void;
  /** Announces the end of a closed execution, and again after a restart until the bus has taken it. */
  readonly announceEnd: (arn: string) => Promise<void>;
  /** Lets what is under way reach its next rest; nothing moves after it. */
  readonly halt: () => Promise<void>;
};

export type TransitionPorts = {
  readonly cloud: Cloud;
  readonly machines: Machines;
  readonly interpreter: Interpreter;
  readonly store: ExecutionStore;
  readonly history: Histories;
};

export const transitionsOf = ({
  cloud,
  machines,
  interpreter,
  store,
  history,
}: TransitionPorts): Transitions => {
  const timers = new Map<string, Timer>();
  const lifetimes = new Map<string, Timer>();
  /** The rests from which an execution has set out. Each rest is an object of its own. */
  const left = new WeakSet<Running>();
  const underWay = new Set<Promise<void>>();
  let halted = false;

  const waitsAt = (arn: string, running: Running) =>
    !halted && store.running(arn) === running && !left.has(running);

  const proceed = (arn: string, from: Running, advance: Advance): Promise<void> => {
    if (!waitsAt(arn, from)) return Promise.resolve();
    left.add(from);
    cancelTimer(arn);
    const work = move(arn, from, advance).finally(() => underWay.delete(work));
    underWay.add(work);
    return work;
  };

  const move = async (arn: string, from: Running, advance: Advance) => {
    const log = history.log(arn, from.events);
    const transition = await advance({ arn, ...machines.of(from, store.definitionText), log }, from);
    // StopExecution may have come in between.
    if (store.running(arn) !== from) return;
    if (transition.kind === "end") return close(arn, { ...from, events: log.count() }, transition.ending);
    store.put(arn, transition.running);
    if (!halted) begin(arn, transition.running);
  };

  /** An execution of Express is over after so long; it is begun at every rest, and watched from the first. */
  const limitLifetime = (arn: string, { startedAt }: Running) => {
    if (!isExpress(arn) || lifetimes.has(arn)) return;
    const end = () => {
      const running = store.running(arn);
      if (running) close(arn, running, { status: "TIMED_OUT", ...timedOut });
    };
    lifetimes.set(arn, cloud.clock.at(startedAt + expressMilliseconds, end));
  };

  const begin = (arn: string, running: Running) => {
    const { rest } = running;
    limitLifetime(arn, running);
    if (rest.kind === "entering") void proceed(arn, running, interpreter.enter);
    if (rest.kind === "retrying") proceedAt(rest.until, arn, interpreter.retry);
    if (rest.kind !== "task") return;
    if (rest.deadline)
      proceedAt(rest.deadline, arn, (context, at) => interpreter.fail(context, at, timedOut));
    if (!rest.submitted) void perform(arn, running);
  };

  const proceedAt = (time: number, arn: string, advance: Advance) => {
    const wake = () => {
      const running = store.running(arn);
      if (running) void proceed(arn, running, advance);
    };
    timers.set(arn, cloud.clock.at(time, wake));
  };

  const cancelTimer = (arn: string) => {
    timers.get(arn)?.cancel();
    timers.delete(arn);
  };

  const perform = async (arn: string, running: Running) => {
    const { rest } = running;
    if (rest.kind !== "task") return;
    const { machine } = machines.of(running, store.definitionText);
    const outcome = await invoke(cloud, machine.roleArn, rest.functionName, rest.payload);
    if (outcome.kind === "failure")
      return proceed(arn, running, (context, at) => interpreter.fail(context, at, outcome.failure));
    if (rest.token !== undefined) return submitted(arn, running);
    return proceed(arn, running, (context, at) => interpreter.succeed(context, at, outcome.result));
  };

  /** The function has the token: from here on only its holder and the time-out move the execution. */
  const submitted = (arn: string, running: Running) => {
    const { rest } = running;
    if (!waitsAt(arn, running) || rest.kind !== "task") return;
    const log = history.log(arn, running.events);
    log.recordAlways("TaskSubmitted", { resourceType: "lambda", resource: "invoke.waitForTaskToken" });
    store.put(arn, { ...running, events: log.count(), rest: { ...rest, submitted: true } });
  };

  const close = (arn: string, running: Running, ending: Ending) => {
    const { machineArn, name, input, startedAt } = running;
    cancelTimer(arn);
    lifetimes.get(arn)?.cancel();
    lifetimes.delete(arn);
    // AWS keeps no record of Express, and tells nobody of its end.
    if (isExpress(arn)) store.forget(arn);
    else store.close(arn, { machineArn, name, input, startedAt, stoppedAt: cloud.clock.now(), ...ending });
    const { status, ...details } = ending;
    history.log(arn, running.events).recordAlways(endEvents[status], details);
    if (ending.status === "FAILED" || ending.status === "TIMED_OUT") {
      const message = `${arn} ${status}: ${ending.error ?? "no error name"}: ${ending.cause ?? "no cause"}`;
      cloud.report({ source: "states", level: "problem", message });
    }
    if (!isExpress(arn)) void announceEnd(arn);
  };

  const announceEnd = async (arn: string) => {
    const execution = store.find(arn);
    if (execution && (await announce(cloud, execution))) store.announced(arn);
  };

  return {
    waitsAt,
    begin,
    proceed,
    close,
    announceEnd,
    halt: async () => {
      halted = true;
      for (const arn of [...timers.keys()]) cancelTimer(arn);
      for (const life of lifetimes.values()) life.cancel();
      await Promise.all(underWay);
    },
  };
};

const timedOut: Failure = { error: "States.Timeout" };

const endEvents = {
  SUCCEEDED: "ExecutionSucceeded",
  FAILED: "ExecutionFailed",
  TIMED_OUT: "ExecutionTimedOut",
  ABORTED: "ExecutionAborted",
};
