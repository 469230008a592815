/**
 * A diagram of a state machine, made from the definition that is deployed. An arrow without a label is the normal
 * transition; a label names the errors that are caught.
 */
import type { Definition, TaskState } from "../machine/task-state.ts";

type State = Definition["States"][string];
type Way = { readonly to: string; readonly text?: string };

const idOf = (name: string): string => name.replaceAll(/\W/g, "_");

const wordOf = (errors: readonly string[]): string =>
  errors.map((error) => (error === "States.ALL" ? "any error" : error)).join(", ");

const waitOf = ({ Resource, TimeoutSeconds }: TaskState): string => {
  if (!Resource.endsWith(".waitForTaskToken")) return "";
  return TimeoutSeconds === undefined ? ": waits" : `: waits ${TimeoutSeconds} s`;
};

const waysOf = (state: State): readonly Way[] => {
  if (state.Type === "Task")
    return [
      { to: state.Next },
      ...(state.Catch ?? []).map(({ ErrorEquals, Next }) => ({ to: Next, text: wordOf(ErrorEquals) })),
    ];
  if (state.Type === "Choice")
    return [{ to: state.Default }, ...state.Choices.map(({ Next }) => ({ to: Next, text: "skipped" }))];
  return [];
};

const declared = (name: string, state: State): string => {
  if (state.Type === "Choice") return `state ${idOf(name)} <<choice>>`;
  const more = state.Type === "Task" ? waitOf(state) : "";
  return `state "${name}${more}" as ${idOf(name)}`;
};

const arrow = (from: string, { to, text }: Way): string =>
  `${idOf(from)} --> ${idOf(to)}${text === undefined ? "" : `: ${text}`}`;

export const toMachineDiagram = ({ StartAt, States }: Definition): string => {
  const states = Object.entries(States);
  const ends = states.filter(([, { Type }]) => Type === "Succeed");
  return [
    "stateDiagram-v2",
    ...[
      ...states.map(([name, state]) => declared(name, state)),
      `[*] --> ${idOf(StartAt)}`,
      ...states.flatMap(([name, state]) => waysOf(state).map((way) => arrow(name, way))),
      ...ends.map(([name]) => `${idOf(name)} --> [*]`),
    ].map((line) => `  ${line}`),
  ].join("\n");
};
