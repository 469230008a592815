/**
 * Moves executions from one wait to the next: invokes the function of a task, waits for its answer, its timeout or a
 * retry, and asks the interpreter for the next wait. The next wait is in the journal before its work starts. An
 * execution leaves a wait exactly once, with the first of these: the function's answer, the token's answer, or the
 * timeout.
 */
import { type Cloud, ServiceError } from "../../service/service.ts";
import type { Interpreter } from "../interpreter/interpreter.ts";
import { timedOut } from "../language/failure.ts";
import type { Machines } from "../machines.ts";
import { closing } from "./closing.ts";
import type { Ending, Running } from "./execution.ts";
import type { ExecutionStore } from "./execution-store.ts";
import { executionTimers } from "./execution-timers.ts";
import type { Histories } from "./history.ts";
import { type Advance, waits } from "./waits.ts";

export type Transitions = {
  /** Whether the execution is still in this wait. */
  readonly waitsAt: (arn: string, running: Running) => boolean;
  /** Starts the work of this wait. */
  readonly begin: (arn: string, running: Running) => void;
  /** Resolves when the next wait is in the journal. Does nothing if the execution has left this one. */
  readonly proceed: (arn: string, from: Running, advance: Advance) => Promise<void>;
  readonly close: (arn: string, running: Running, ending: Ending) => void;
  /** Announces the end of a closed execution. After a restart, it is announced again until the bus has accepted it. */
  readonly announceEnd: (arn: string) => Promise<void>;
  /** Throws after `halt`. */
  readonly checkRunning: () => void;
  /** Resolves when the running transitions have reached their next wait. After that, none starts. */
  readonly halt: () => Promise<void>;
};

type TransitionPorts = {
  readonly cloud: Cloud;
  readonly machines: Machines;
  readonly interpreter: Interpreter;
  readonly store: ExecutionStore;
  readonly history: Histories;
};

export const transitionsOf = (ports: TransitionPorts): Transitions => {
  const { cloud, machines, store, history } = ports;
  const timers = executionTimers(cloud.clock);
  const end = closing({ cloud, store, history });
  /** The waits that executions have left. Each wait is a separate object. */
  const left = new WeakSet<Running>();
  const underWay = new Set<Promise<void>>();
  let halted = false;

  const waitsAt = (arn: string, running: Running) =>
    !halted && store.running(arn) === running && !left.has(running);

  const proceed = (arn: string, from: Running, advance: Advance): Promise<void> => {
    if (!waitsAt(arn, from)) return Promise.resolve();
    left.add(from);
    timers.cancelWait(arn);
    const work = move(arn, from, advance).finally(() => underWay.delete(work));
    underWay.add(work);
    return work;
  };

  const move = async (arn: string, from: Running, advance: Advance) => {
    const log = history.log(arn, from.events);
    const transition = await advance({ arn, ...machines.of(from, store.definitionText), log }, from);
    // StopExecution may have closed the execution meanwhile.
    if (store.running(arn) !== from) return;
    if (transition.kind === "end") return close(arn, { ...from, events: log.count() }, transition.ending);
    store.put(arn, transition.running);
    if (!halted) begin(arn, transition.running);
  };

  const close = (arn: string, running: Running, ending: Ending) => {
    timers.cancelAll(arn);
    end.close(arn, running, ending);
  };

  const expire = (arn: string, running: Running) => close(arn, running, { status: "TIMED_OUT", ...timedOut });

  const begin = waits({ ...ports, timers, waitsAt, proceed, expire });

  return {
    waitsAt,
    begin,
    proceed,
    close,
    announceEnd: end.announceEnd,
    checkRunning: () => {
      if (halted) throw new ServiceError("ServiceUnavailable", "Step Functions has been stopped", 503);
    },
    halt: async () => {
      halted = true;
      timers.stop();
      await Promise.all(underWay);
    },
  };
};
