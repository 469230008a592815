/** The event "Step Functions Execution Status Change", as AWS puts it on the default bus. */
import type { Cloud } from "../../service/service.ts";
import type { Execution } from "./execution.ts";
import { executionArn } from "./execution-arn.ts";

/** AWS leaves out input and output if they do not fit into an event. */
const dataBytesMax = 248 * 1024;

/**
 * Returns whether the bus has accepted the event, and reports the reason if not. Without a rule for it, the event is
 * not sent.
 */
export const announce = async (cloud: Cloud, execution: Execution): Promise<boolean> => {
  if (!cloud.resources.some(({ type }) => type === "AWS::Events::Rule")) return true;
  const arn = executionArn(execution.machineArn, execution.name);
  try {
    await put(cloud, arn, execution);
    return true;
  } catch (error) {
    const message = `the status ${execution.status} of ${arn} was not announced: ${error}`;
    cloud.report({ source: "states", level: "problem", message });
    return false;
  }
};

const put = async (cloud: Cloud, arn: string, execution: Execution) => {
  const entry = {
    EventBusName: "default",
    Source: "aws.states",
    DetailType: "Step Functions Execution Status Change",
    Time: (execution.stoppedAt ?? execution.startedAt) / 1000,
    Resources: [arn],
    Detail: JSON.stringify(detailOf(arn, execution)),
  };
  const caller = {
    kind: "service",
    principal: "states.amazonaws.com",
    sourceArn: execution.machineArn,
  } as const;
  const answer = await cloud.call(caller, {
    service: "events",
    operation: "PutEvents",
    input: { Entries: [entry] },
  });
  const failed =
    typeof answer === "object" && answer !== null && "FailedEntryCount" in answer && answer.FailedEntryCount;
  if (failed) throw new Error(`the bus has refused the event: ${JSON.stringify(answer)}`);
};

const detailOf = (arn: string, execution: Execution) => {
  const { input, output } = execution;
  const hasOutput = output !== undefined && escapedBytes(output) <= dataBytesMax;
  const hasInput = escapedBytes(input) + (hasOutput ? escapedBytes(output) : 0) <= dataBytesMax;
  return {
    executionArn: arn,
    stateMachineArn: execution.machineArn,
    name: execution.name,
    status: execution.status,
    startDate: execution.startedAt,
    stopDate: execution.stoppedAt ?? null,
    input: hasInput ? input : null,
    output: hasOutput ? output : null,
    inputDetails: { included: hasInput },
    outputDetails: output === undefined ? null : { included: hasOutput },
    error: execution.error ?? null,
    cause: execution.cause ?? null,
  };
};

const escapedBytes = (text: string): number => Buffer.byteLength(JSON.stringify(text));
