/** The timers of executions: one for the current wait, and one for the lifetime of an Express execution. */
import type { Clock, Timer } from "../../machine/clock.ts";
import type { Running } from "./execution.ts";
import { expressMilliseconds, isExpress } from "./execution-arn.ts";

export type ExecutionTimers = {
  readonly wait: (arn: string, until: number, run: () => void) => void;
  readonly cancelWait: (arn: string) => void;
  /**
   * Calls `end` when the maximum lifetime of an Express execution is over. Only the first call for an execution counts.
   */
  readonly limitLifetime: (arn: string, running: Running, end: () => void) => void;
  readonly cancelAll: (arn: string) => void;
  readonly stop: () => void;
};

export const executionTimers = (clock: Clock): ExecutionTimers => {
  const waits = new Map<string, Timer>();
  const lifetimes = new Map<string, Timer>();

  const cancel = (timers: Map<string, Timer>, arn: string) => {
    timers.get(arn)?.cancel();
    timers.delete(arn);
  };

  return {
    wait: (arn, until, run) => void waits.set(arn, clock.at(until, run)),
    cancelWait: (arn) => cancel(waits, arn),
    limitLifetime: (arn, { startedAt }, end) => {
      if (!isExpress(arn) || lifetimes.has(arn)) return;
      lifetimes.set(arn, clock.at(startedAt + expressMilliseconds, end));
    },
    cancelAll: (arn) => {
      cancel(waits, arn);
      cancel(lifetimes, arn);
    },
    stop: () => {
      for (const timers of [waits, lifetimes]) for (const arn of [...timers.keys()]) cancel(timers, arn);
    },
  };
};
