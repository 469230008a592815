/** The work of a wait: enter the state, invoke the function, or wait for the time of a retry. */
import type { Cloud } from "../../service/service.ts";
import type { Interpreter } from "../interpreter/interpreter.ts";
import type { ExecutionContext, Transition } from "../interpreter/transition.ts";
import { type Failure, timedOut } from "../language/failure.ts";
import type { Machines } from "../machines.ts";
import type { Running } from "./execution.ts";
import type { ExecutionStore } from "./execution-store.ts";
import type { ExecutionTimers } from "./execution-timers.ts";
import type { Histories } from "./history.ts";
import { invoke } from "./lambda-task.ts";

/** Ends a wait. */
export type Advance = (context: ExecutionContext, running: Running) => Promise<Transition>;

type WaitPorts = {
  readonly cloud: Cloud;
  readonly machines: Machines;
  readonly interpreter: Interpreter;
  readonly store: ExecutionStore;
  readonly history: Histories;
  readonly timers: ExecutionTimers;
  readonly waitsAt: (arn: string, running: Running) => boolean;
  readonly proceed: (arn: string, from: Running, advance: Advance) => Promise<void>;
  readonly expire: (arn: string, running: Running) => void;
};

/** Returns a function that starts the work of a wait. */
export const waits = (ports: WaitPorts): ((arn: string, running: Running) => void) => {
  const { cloud, machines, interpreter, store, history, timers, waitsAt, proceed, expire } = ports;

  /** The execution may have left the wait when its timer runs. */
  const later = (arn: string, run: (current: Running) => void) => () => {
    const current = store.running(arn);
    if (current) run(current);
  };

  const failing =
    (failure: Failure): Advance =>
    (context, running) =>
      interpreter.fail(context, running, failure);

  const perform = async (arn: string, running: Running) => {
    const { rest } = running;
    if (rest.kind !== "task") return;
    const { machine } = machines.of(running, store.definitionText);
    const outcome = await invoke(cloud, machine.roleArn, rest);
    if (outcome.kind === "failure") return proceed(arn, running, failing(outcome.failure));
    if (rest.token !== undefined) return submitted(arn, running);
    return proceed(arn, running, (context, at) => interpreter.succeed(context, at, outcome.result));
  };

  /** The function has taken the token. From now on, only an answer with the token or the timeout can end the wait. */
  const submitted = (arn: string, running: Running) => {
    const { rest } = running;
    if (!waitsAt(arn, running) || rest.kind !== "task") return;
    const log = history.log(arn, running.events);
    log.recordAlways("TaskSubmitted", { resourceType: "lambda", resource: "invoke.waitForTaskToken" });
    store.put(arn, { ...running, events: log.count(), rest: { ...rest, submitted: true } });
  };

  return (arn, running) => {
    const { rest } = running;
    const proceedLater = (advance: Advance) => later(arn, (current) => void proceed(arn, current, advance));
    timers.limitLifetime(
      arn,
      running,
      later(arn, (current) => expire(arn, current)),
    );
    if (rest.kind === "entering") void proceed(arn, running, interpreter.enter);
    if (rest.kind === "retrying") timers.wait(arn, rest.until, proceedLater(interpreter.retry));
    if (rest.kind !== "task") return;
    if (rest.deadline) timers.wait(arn, rest.deadline, proceedLater(failing(timedOut)));
    if (!rest.submitted) void perform(arn, running);
  };
};
