/** The operations on executions: start, describe, list, stop, and get the history. */
import { type Input, type Operation, type Requirement, ServiceError } from "../../service/service.ts";
import type { Execution } from "../executions/execution.ts";
import type { Executions } from "../executions/executions.ts";
import type { Machines } from "../machines.ts";
import { nameIn, optionalText, parsedIn, text } from "./input.ts";
import { page } from "./listing.ts";

const ofMachine =
  (action: string) =>
  (input: Input): readonly Requirement[] => [
    { action: `states:${action}`, resource: text(input, "stateMachineArn") },
  ];

const ofExecution =
  (action: string) =>
  (input: Input): readonly Requirement[] => [
    { action: `states:${action}`, resource: text(input, "executionArn") },
  ];

export const executionOperations = (
  machines: Machines,
  executions: Executions,
): Readonly<Record<string, Operation>> => ({
  StartExecution: {
    requires: ofMachine("StartExecution"),
    run: (input) => {
      const machine = machineIn(machines, input);
      const name = nameIn(input);
      const data = optionalText(input, "input") ?? "{}";
      parsedIn(data, "input", {
        code: "InvalidExecutionInput",
        message: "Invalid State Machine Execution Input",
      });
      const [executionArn, { startedAt }] = executions.start(machine, name, data);
      return { executionArn, startDate: startedAt / 1000 };
    },
  },
  DescribeExecution: {
    requires: ofExecution("DescribeExecution"),
    run: (input) => described(...executionIn(executions, input)),
  },
  ListExecutions: {
    requires: ofMachine("ListExecutions"),
    run: (input) => list(machines, executions, input),
  },
  StopExecution: {
    requires: ofExecution("StopExecution"),
    run: (input) => {
      const [arn] = executionIn(executions, input);
      executions.abort(arn, { error: optionalText(input, "error"), cause: optionalText(input, "cause") });
      return { stopDate: (executions.find(arn)?.stoppedAt ?? 0) / 1000 };
    },
  },
  GetExecutionHistory: {
    requires: ofExecution("GetExecutionHistory"),
    run: (input) => {
      const [arn] = executionIn(executions, input);
      const events = executions.history(arn);
      const inOrder = input.reverseOrder ? [...events].reverse() : events;
      const { items, nextToken } = page(inOrder, input, ({ id }) => `${id}`);
      return { events: items, nextToken };
    },
  },
});

const executionIn = (executions: Executions, input: Input): readonly [arn: string, Execution] => {
  const arn = text(input, "executionArn");
  if (!arn.includes(":execution:")) throw new ServiceError("InvalidArn", `Invalid Arn: '${arn}'`);
  const execution = executions.find(arn);
  if (execution) return [arn, execution];
  throw new ServiceError("ExecutionDoesNotExist", `Execution Does Not Exist: '${arn}'`);
};

const machineIn = (machines: Machines, input: Input) => {
  const arn = text(input, "stateMachineArn");
  const machine = machines.find(arn);
  if (machine) return machine;
  throw new ServiceError("StateMachineDoesNotExist", `State Machine Does Not Exist: '${arn}'`);
};

const list = (machines: Machines, executions: Executions, input: Input) => {
  const { arn, type } = machineIn(machines, input);
  if (type === "EXPRESS")
    throw new ServiceError("StateMachineTypeNotSupported", "This operation is not supported by this type");
  const status = optionalText(input, "statusFilter");
  const own = executions
    .all()
    .filter(([, execution]) => execution.machineArn === arn && (!status || execution.status === status));
  const newestFirst = own.sort(([, one], [, other]) => other.startedAt - one.startedAt);
  const { items, nextToken } = page(newestFirst, input, ([execution]) => execution);
  return { executions: items.map(([execution, at]) => listed(execution, at)), nextToken };
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
