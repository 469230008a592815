/**
 * Step Functions as the engine of sagas. A standard execution lives as long as a saga may. A name can be used once
 * in 90 days, so starting the same execution again has no effect.
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

/** A name that Step Functions does not allow is replaced by its hash. */
const legalName = (name: string): string =>
  /^[A-Za-z0-9_.-]{1,80}$/.test(name) ? name : createHash("sha256").update(name).digest("hex");

const isGone = (error: unknown): boolean =>
  error instanceof TaskTimedOut || error instanceof TaskDoesNotExist || error instanceof InvalidToken;

/** `machineOf` returns the ARN of a saga's state machine. It is not called to complete a task. */
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
