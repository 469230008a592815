/**
 * For one release: the definition that a saga without waits had on Express, made from its standard definition. It cannot wait:
 * each task is retried for half a minute, and an execution that parks ends. See `constructs/former-express.ts`.
 */
import { machineErrors } from "../../model/sagas/machine-task.ts";
import type { Definition, TaskState } from "./task-state.ts";

const { parked } = machineErrors;
const brief = { IntervalSeconds: 1, BackoffRate: 1.5, MaxAttempts: 8, MaxDelaySeconds: 5 };
const execution = "{% $states.context.Execution.Input.execution %}";

/** An undo has one catcher, which caught only the error of a parked saga. */
const catchersOf = ({ Catch = [] }: TaskState) =>
  Catch.map((each) =>
    Catch.length === 1 && /^Park /.test(each.Next) ? { ...each, ErrorEquals: [parked] } : each,
  );

const parking = ({ TimeoutSeconds: _, ...state }: TaskState): object => {
  const { FunctionName, Payload } = state.Arguments;
  const { token: _token, ...payload } = Payload;
  return {
    ...state,
    Resource: state.Resource.replace(".waitForTaskToken", ""),
    Arguments: { FunctionName, Payload: { ...payload, execution } },
    Next: parked,
  };
};

const formerTask = (state: TaskState): object => {
  const Retry = state.Retry.map((each) => (each.MaxAttempts > 0 ? { ...each, ...brief } : each));
  const former = { ...state, Retry, ...(state.Catch && { Catch: catchersOf(state) }) };
  return state.Arguments.Payload.act === "park" ? parking(former) : former;
};

/** The definition on Express. No step of the saga may wait. */
export const toFormerExpress = ({ States, ...definition }: Definition): object => ({
  ...definition,
  States: {
    ...Object.fromEntries(
      Object.entries(States).map(([name, state]) => [
        name,
        state.Type === "Task" ? formerTask(state) : state,
      ]),
    ),
    [parked]: { Type: "Fail", Error: parked, Cause: "An operator decides how the saga goes on" },
  },
});
