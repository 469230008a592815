/** The real system: its clock, its randomness, and its standard output as the log. */
import { randomUUID } from "node:crypto";
import { setTimeout } from "node:timers/promises";
import type { Clock, NewId, Random, Sleep } from "../../ports/clock.ts";
import type { Log } from "../../ports/log.ts";
import { currentInvocation } from "./invocation.ts";
import { jsonLog, levelNamed, type Origin } from "./log.ts";
import { logLevel, namespace, serviceName, traceId } from "./settings.ts";

type System = {
  readonly clock: Clock;
  readonly sleep: Sleep;
  readonly random: Random;
  readonly newId: NewId;
  readonly log: Log;
};

const clock: Clock = () => new Date();

const origin = (): Origin => {
  const { requestId, isCold } = currentInvocation();
  return {
    service: serviceName(),
    function_request_id: requestId,
    cold_start: isCold,
    xray_trace_id: traceId(),
  };
};

/** The clock, timers, randomness and log of this process. */
export const system: System = {
  clock,
  sleep: (milliseconds, signal) => setTimeout(milliseconds, undefined, { signal }),
  random: Math.random,
  newId: randomUUID,
  // Writes to standard output, because the console would add a prefix, and the line would not be JSON.
  log: jsonLog({
    clock,
    namespace,
    origin,
    level: () => levelNamed(logLevel()),
    writeLine: (line) => void process.stdout.write(`${line}\n`),
  }),
};
