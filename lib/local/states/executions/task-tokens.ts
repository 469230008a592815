/** The answers to tasks with a token. */
import { type Cloud, ServiceError } from "../../service/service.ts";
import type { Interpreter } from "../interpreter/interpreter.ts";
import type { Failure } from "../language/failure.ts";
import type { Running } from "./execution.ts";
import { executionOfToken } from "./execution-arn.ts";
import type { ExecutionStore } from "./execution-store.ts";
import type { Transitions } from "./transitions.ts";
import type { Advance } from "./waits.ts";

export type TaskTokens = {
  /** Resolves when the result is in the journal. Throws if the task of the token has ended. */
  readonly succeed: (token: string, result: unknown) => Promise<void>;
  readonly fail: (token: string, failure: Failure) => Promise<void>;
  readonly heartbeat: (token: string) => void;
};

type TaskTokenPorts = {
  readonly cloud: Cloud;
  readonly interpreter: Interpreter;
  readonly store: ExecutionStore;
  readonly transitions: Transitions;
};

export const taskTokens = ({ cloud, interpreter, store, transitions }: TaskTokenPorts): TaskTokens => {
  /** The wait that this token ends. */
  const waitOf = (token: string): readonly [arn: string, Running] => {
    transitions.checkRunning();
    const arn = executionOfToken(token);
    if (arn === undefined) throw new ServiceError("InvalidToken", "Invalid Token: 'Invalid token'");
    if (!store.find(arn))
      throw new ServiceError("TaskDoesNotExist", "Task Does Not Exist: 'Provided task does not exist'");
    const running = store.running(arn);
    if (running && transitions.waitsAt(arn, running) && isOpen(running, token, cloud.clock.now()))
      return [arn, running];
    throw new ServiceError("TaskTimedOut", "Task Timed Out: 'Provided task does not exist anymore'");
  };

  const answer = async (token: string, advance: Advance) => {
    const [arn, running] = waitOf(token);
    await transitions.proceed(arn, running, advance);
  };

  return {
    succeed: (token, result) => answer(token, (context, at) => interpreter.succeed(context, at, result)),
    fail: (token, failure) => answer(token, (context, at) => interpreter.fail(context, at, failure)),
    heartbeat: (token) => void waitOf(token),
  };
};

/** A task is over at its deadline, even if its timer has not run yet. */
const isOpen = ({ rest }: Running, token: string, now: number): boolean =>
  rest.kind === "task" && rest.token === token && (rest.deadline === undefined || rest.deadline > now);
