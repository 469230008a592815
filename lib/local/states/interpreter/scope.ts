/** The values that the expressions of a state see. */
import type { Scope } from "../language/jsonata.ts";
import type { Position } from "./transition.ts";

/** `$states.context`. */
const contextOf = ({ arn, running, machine }: Position, token: string | undefined) => ({
  Execution: {
    Id: arn,
    get Input() {
      return JSON.parse(running.input);
    },
    Name: running.name,
    RoleArn: machine.roleArn,
    StartTime: new Date(running.startedAt).toISOString(),
    RedriveCount: 0,
  },
  StateMachine: { Id: machine.arn, Name: machine.name },
  State: {
    Name: running.state,
    EnteredTime: new Date(running.enteredAt).toISOString(),
    RetryCount: running.retries.reduce((sum, count) => sum + count, 0),
  },
  ...(token && { Task: { Token: token } }),
});

/** `states` are the members of `$states` besides the input and the context. */
export const scopeOf = (position: Position, states: Scope["states"], token?: string): Scope => ({
  states: { input: position.running.stateInput, context: contextOf(position, token), ...states },
  variables: position.running.variables,
});
