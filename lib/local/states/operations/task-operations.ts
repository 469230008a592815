/** The operations with the token of a task: success, failure and heartbeat. */
import type { Input, Operation } from "../../service/service.ts";
import { executionOfToken, machineArnOf } from "../executions/execution-arn.ts";
import type { Executions } from "../executions/executions.ts";
import type { Machines } from "../machines.ts";
import { optionalText, parsedIn, text } from "./input.ts";

export const taskOperations = (
  machines: Machines,
  executions: Executions,
): Readonly<Record<string, Operation>> => {
  /** AWS checks the right for the machine that the task belongs to. */
  const ofToken = (action: string) => (input: Input) => {
    const execution = executionOfToken(text(input, "taskToken"));
    const resource = execution === undefined ? (machines.all[0]?.arn ?? "*") : machineArnOf(execution);
    return [{ action: `states:${action}`, resource }];
  };

  return {
    SendTaskSuccess: {
      requires: ofToken("SendTaskSuccess"),
      run: async (input) => {
        const output = text(input, "output");
        const result = parsedIn(output, "output", { code: "InvalidOutput", message: "Invalid Output" });
        await executions.succeed(text(input, "taskToken"), result);
        return {};
      },
    },
    SendTaskFailure: {
      requires: ofToken("SendTaskFailure"),
      run: async (input) => {
        const error = optionalText(input, "error", 256) ?? "States.TaskFailed";
        const cause = optionalText(input, "cause", 32_768) ?? "";
        await executions.fail(text(input, "taskToken"), { error, cause });
        return {};
      },
    },
    SendTaskHeartbeat: {
      requires: ofToken("SendTaskHeartbeat"),
      run: (input) => {
        executions.heartbeat(text(input, "taskToken"));
        return {};
      },
    },
  };
};
