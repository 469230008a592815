/** Checks the paths through a definition: every state is reachable, and at least one state ends an execution. */
import type { Definition, State } from "../definition.ts";

/** The names of the states that can follow. */
export const targetsOf = (state: State): readonly string[] => {
  if (state.type === "Fail") return [];
  if (state.type === "Choice") return [...state.choices.map(({ next }) => next), state.otherwise];
  const exits = state.type === "Task" ? [state, ...state.catch] : [state];
  return exits.flatMap(({ next }) => (next === undefined ? [] : [next]));
};

const isTerminal = (state: State): boolean =>
  state.type === "Succeed" || state.type === "Fail" || (state.type !== "Choice" && state.next === undefined);

/** The names of the states that are reachable from StartAt. */
const reachable = ({ startAt, states }: Definition): ReadonlySet<string> => {
  const found = new Set([startAt]);
  for (const name of found) {
    const state = states.get(name);
    for (const next of state ? targetsOf(state) : []) found.add(next);
  }
  return found;
};

/**
 * AWS refuses both when it creates the machine, with MISSING_END_STATE and MISSING_TRANSITION_TARGET. Public reports
 * quote its answers: localstack/localstack#11978, aws-cloudformation/cfn-lint#4073, floci-io/floci#2735.
 */
export const refuseDeadEnds = (definition: Definition, place: string): void => {
  const { states } = definition;
  if (![...states.values()].some(isTerminal))
    throw new Error(`${place}: no state ends an execution: expected End, Succeed or Fail`);
  const found = reachable(definition);
  for (const name of states.keys())
    if (!found.has(name))
      throw new Error(
        `${place}, state ${name}: the state is not reachable from StartAt: add a transition to it or remove it`,
      );
};
