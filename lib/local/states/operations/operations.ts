/** The API of Step Functions that functions call: AWSStepFunctions over JSON 1.0, with AWS's errors. */
import type { Service } from "../../service/service.ts";
import type { Executions } from "../executions/executions.ts";
import type { Machines } from "../machines.ts";
import { executionOperations } from "./execution-operations.ts";
import { taskOperations } from "./task-operations.ts";

export const statesService = (machines: Machines, executions: Executions): Service => ({
  name: "states",
  operations: { ...executionOperations(machines, executions), ...taskOperations(machines, executions) },
});
