/** Makes the environments of a function, with its bundle, its variables and its log. */
import { credentialsOf } from "../../gateway/credentials.ts";
import { uniqueId } from "../../machine/random.ts";
import type { Caller, Cloud } from "../../service/service.ts";
import type { FunctionSettings } from "../settings.ts";
import { environment } from "./environment.ts";
import { output } from "./output.ts";
import { type Pool, pool } from "./pool.ts";
import type { CallApi } from "./thread.ts";
import { variablesOf } from "./variables.ts";

type FunctionPoolOptions = {
  /** The URL of the gateway. */
  readonly endpoint: string;
  readonly callApi: CallApi;
  /**
   * How far the local clock is ahead of the machine's clock, in milliseconds. The memory is shared with the threads.
   */
  readonly ahead: Float64Array;
};

export const roleCallerOf = ({ name, roleArn }: Pick<FunctionSettings, "name" | "roleArn">): Caller => ({
  kind: "role",
  arn: roleArn,
  functionName: name,
});

/** The environments of a function. Each has its own log stream. */
export const functionPool = (
  cloud: Cloud,
  settings: FunctionSettings,
  { endpoint, callApi, ahead }: FunctionPoolOptions,
): Pool =>
  pool(settings.environmentsMax, (ended) => {
    const logStream = `${new Date(cloud.clock.now()).toISOString().slice(0, 10).replaceAll("-", "/")}/[$LATEST]${uniqueId().replaceAll("-", "")}`;
    const log = output(cloud, settings, roleCallerOf(settings));
    const variables = variablesOf(settings, {
      region: cloud.region,
      endpoint,
      logStream,
      credentials: credentialsOf(settings.arn),
    });
    const made = environment({ settings, callApi, variables, ahead, logStream, wrote: log.write, ended });
    return {
      ...made,
      run: (task) => {
        log.nextInvocation();
        return made.run(task);
      },
    };
  });
