/**
 * The API of Step Functions that functions call: AWSStepFunctions over JSON 1.0, with AWS's errors.
 */
import { uniqueId } from "../machine/random.ts";
import { type Input, type Operation, type Service, ServiceError } from "../service/service.ts";
import { type Execution, executionOfToken, machineArnOf } from "./execution.ts";
import type { Executions } from "./executions.ts";
import { dataBytesMax } from "./language/failure.ts";
import { page } from "./listing.ts";
import type { Machines } from "./machines.ts";

export const statesService = (machines: Machines, executions: Executions): Service => {
  const executionOf = (input: Input): readonly [arn: string, Execution] => {
    const arn = text(input, "executionArn");
    if (!arn.includes(":execution:")) throw new ServiceError("InvalidArn", `Invalid Arn: '${arn}'`);
    const execution = executions.find(arn);
    if (execution) return [arn, execution];
    throw new ServiceError("ExecutionDoesNotExist", `Execution Does Not Exist: '${arn}'`);
  };

  const machineIn = (input: Input) => {
    const arn = text(input, "stateMachineArn");
    const machine = machines.find(arn);
    if (machine) return machine;
    throw new ServiceError("StateMachineDoesNotExist", `State Machine Does Not Exist: '${arn}'`);
  };

  const ofMachine = (action: string) => (input: Input) => [
    { action: `states:${action}`, resource: text(input, "stateMachineArn") },
  ];
  const ofExecution = (action: string) => (input: Input) => [
    { action: `states:${action}`, resource: text(input, "executionArn") },
  ];
  /** AWS asks for the right on the machine whose task it is. */
  const ofToken = (action: string) => (input: Input) => {
    const execution = executionOfToken(text(input, "taskToken"));
    const resource = execution === undefined ? (machines.all[0]?.arn ?? "*") : machineArnOf(execution);
    return [{ action: `states:${action}`, resource }];
  };

  const operations: Record<string, Operation> = {
    StartExecution: {
      requires: ofMachine("StartExecution"),
      run: (input) => {
        const machine = machineIn(input);
        const name = nameIn(input);
        const data = optionalText(input, "input") ?? "{}";
        checkJson(data, "input", "InvalidExecutionInput", "Invalid State Machine Execution Input");
        const [executionArn, { startedAt }] = executions.start(machine, name, data);
        return { executionArn, startDate: startedAt / 1000 };
      },
    },
    DescribeExecution: {
      requires: ofExecution("DescribeExecution"),
      run: (input) => described(...executionOf(input)),
    },
    ListExecutions: {
      requires: ofMachine("ListExecutions"),
      run: (input) => {
        const { arn, type } = machineIn(input);
        if (type === "EXPRESS")
          throw new ServiceError(
            "StateMachineTypeNotSupported",
            "This operation is not supported by this type",
          );
        const status = optionalText(input, "statusFilter");
        const own = executions
          .all()
          .filter(
            ([, execution]) => execution.machineArn === arn && (!status || execution.status === status),
          );
        const newestFirst = own.sort(([, one], [, other]) => other.startedAt - one.startedAt);
        const { items, nextToken } = page(newestFirst, input, ([execution]) => execution);
        return { executions: items.map(([execution, at]) => listed(execution, at)), nextToken };
      },
    },
    StopExecution: {
      requires: ofExecution("StopExecution"),
      run: (input) => {
        const [arn] = executionOf(input);
        executions.abort(arn, { error: optionalText(input, "error"), cause: optionalText(input, "cause") });
        return { stopDate: (executions.find(arn)?.stoppedAt ?? 0) / 1000 };
      },
    },
    GetExecutionHistory: {
      requires: ofExecution("GetExecutionHistory"),
      run: (input) => {
        const [arn] = executionOf(input);
        const events = executions.history(arn);
        const { items, nextToken } = page(
          input.reverseOrder ? [...events].reverse() : events,
          input,
          ({ id }) => `${id}`,
        );
        return { events: items, nextToken };
      },
    },
    SendTaskSuccess: {
      requires: ofToken("SendTaskSuccess"),
      run: async (input) => {
        const output = text(input, "output");
        const result = checkJson(output, "output", "InvalidOutput", "Invalid Output");
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
  return { name: "states", operations };
};

const invalid = (field: string, constraint: string) =>
  new ServiceError(
    "ValidationException",
    `1 validation error detected: Value at '${field}' failed to satisfy constraint: ${constraint}`,
  );

const optionalText = (
  input: Input,
  field: string,
  lengthMax = Number.POSITIVE_INFINITY,
): string | undefined => {
  const value = input[field];
  if (value === undefined || value === null) return undefined;
  if (typeof value !== "string") throw invalid(field, "Member must be a string");
  if (value.length <= lengthMax) return value;
  throw invalid(field, `Member must have length less than or equal to ${lengthMax}`);
};

const text = (input: Input, field: string): string => {
  const value = optionalText(input, field);
  if (value === undefined) throw invalid(field, "Member must not be null");
  return value;
};

const nameIn = (input: Input): string => {
  const name = optionalText(input, "name", 80) ?? uniqueId();
  // biome-ignore lint/suspicious/noControlCharactersInRegex: AWS forbids them by name.
  if (!/[\s<>{}[\]?*"#%\\^|~`$&,;:/\u0000-\u001f\u007f-\u009f]/.test(name) && name !== "") return name;
  throw new ServiceError("InvalidName", `Invalid Name: '${name}'`);
};

const checkJson = (json: string, field: string, code: string, message: string): unknown => {
  if (Buffer.byteLength(json) > dataBytesMax)
    throw invalid(field, `Member must have length less than or equal to ${dataBytesMax}`);
  try {
    return JSON.parse(json);
  } catch (error) {
    throw new ServiceError(code, `${message}: '${error instanceof Error ? error.message : error}'`);
  }
};

const listed = (executionArn: string, execution: Execution) => ({
  executionArn,
  stateMachineArn: execution.machineArn,
  name: execution.name,
  status: execution.status,
  startDate: execution.startedAt / 1000,
  ...(execution.stoppedAt !== undefined && { stopDate: execution.stoppedAt / 1000 }),
});

const described = (executionArn: string, execution: Execution) => ({
  ...listed(executionArn, execution),
  input: execution.input,
  inputDetails: { included: true },
  ...(execution.output !== undefined && { output: execution.output, outputDetails: { included: true } }),
  ...(execution.error !== undefined && { error: execution.error }),
  ...(execution.cause !== undefined && { cause: execution.cause }),
});
