/**
 * The end of an execution. It is stored in the journal and the history, reported in the log, and announced on the
 * default bus.
 */
import type { Cloud } from "../../service/service.ts";
import type { Ending, Running } from "./execution.ts";
import { isExpress } from "./execution-arn.ts";
import type { ExecutionStore } from "./execution-store.ts";
import type { Histories } from "./history.ts";
import { announce } from "./status-change.ts";

type ClosingPorts = {
  readonly cloud: Cloud;
  readonly store: ExecutionStore;
  readonly history: Histories;
};

const endEvents = {
  SUCCEEDED: "ExecutionSucceeded",
  FAILED: "ExecutionFailed",
  TIMED_OUT: "ExecutionTimedOut",
  ABORTED: "ExecutionAborted",
};

export const closing = ({ cloud, store, history }: ClosingPorts) => {
  const announceEnd = async (arn: string) => {
    const execution = store.find(arn);
    if (execution && (await announce(cloud, execution))) store.announced(arn);
  };

  const close = (arn: string, running: Running, ending: Ending) => {
    const { machineArn, name, input, startedAt } = running;
    // AWS keeps no record of an Express execution and does not announce its end.
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

  return { close, announceEnd };
};
