/**
 * Step Functions as the engine of sagas: its standard executions live as long as a saga may, and a name is taken
 * once in 90 days, so that starting again starts nothing.
 */
import { createHash } from "node:crypto";
import {
  ExecutionAlreadyExists,
  InvalidToken,
  SendTaskFailureCommand,
  SendTaskSuccessCommand,
  type SFNClient,
  StartExecutionCommand,
  TaskDoesNotExist,
  TaskTimedOut,
} from "@aws-sdk/client-sfn";
import type { SagaEngine, TaskOutcome } from "../../ports/saga-engine.ts";
import { permanently } from "./errors.ts";

const causeLengthMax = 32768;

/** What Step Functions does not take as a name is named by its hash. */
const legalName = (name: string): string =>
  /^[A-Za-z0-9_.-]{1,80}$/.test(name) ? name : createHash("sha256").update(name).digest("hex");

const isGone = (error: unknown): boolean =>
  error instanceof TaskTimedOut || error instanceof TaskDoesNotExist || error instanceof InvalidToken;

/** `machineOf` answers the ARN of a saga's state machine; whoever only completes tasks is never asked. */
export const stepFunctionsEngine = (
  client: SFNClient,
  { machineOf }: { readonly machineOf: (saga: string) => string },
): SagaEngine => {
  const answer = (token: string, outcome: TaskOutcome): Promise<unknown> =>
    outcome.kind === "succeeded"
      ? client.send(new SendTaskSuccessCommand({ taskToken: token, output: "{}" }))
      : client.send(
          new SendTaskFailureCommand({
            taskToken: token,
            error: outcome.error,
            cause: outcome.because.slice(0, causeLengthMax),
          }),
        );

  return {
    start: async (saga, name, sagaId, skips = []) => {
      const stateMachineArn = machineOf(saga);
      const input = JSON.stringify({ sagaId, execution: name, ...(skips.length > 0 && { skips }) });
      try {
        const start = new StartExecutionCommand({ stateMachineArn, name: legalName(name), input });
        await permanently(() => client.send(start));
      } catch (error) {
        if (!(error instanceof ExecutionAlreadyExists)) throw error;
      }
    },
    complete: async (token, outcome) => {
      try {
        await permanently(() => answer(token, outcome));
        return "completed";
      } catch (error) {
        if (!isGone(error)) throw error;
        return "gone";
      }
    },
  };
};
